import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { formatCount, formatMoney } from "@lifecycle_crm/dashboard/dashboard_format";
import { dashboardParts, partProps } from "@lifecycle_crm/dashboard/dashboard_registry";

/** Who is about to leave, and how far the model that says so can be trusted. */
export class DashboardChurn extends Component {
    static template = "churn_scoring.DashboardChurn";
    static props = partProps;

    setup() {
        this.action = useService("action");
    }

    get churn() {
        return this.props.data.churn;
    }

    get risks() {
        const { currency_id, churn } = this.props.data;
        const total = churn.risks.reduce((sum, risk) => sum + risk.count, 0) || 1;
        return churn.risks.map((risk) => ({
            ...risk,
            text: formatCount(risk.count),
            money: formatMoney(risk.value, currency_id),
            width: `width: ${((100 * risk.count) / total).toFixed(2)}%`,
        }));
    }

    openRisk({ risk, name }) {
        return this.props.open("lifecycle_crm.action_lifecycle_profile", {
            owned: true,
            name,
            domain: [["churn_risk", "=", risk]],
        });
    }

    openSaveList() {
        return this.action.doAction("churn_scoring.action_churn_save");
    }

    openModel() {
        return this.action.doAction("churn_scoring.action_churn_model_card");
    }
}

dashboardParts.add(
    "churn",
    {
        Component: DashboardChurn,
        isShown: ({ churn }) => Boolean(churn && (churn.risks.length || churn.model)),
    },
    { sequence: 25 }
);
