import { Component } from "@odoo/owl";
import { deserializeDate, toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// A part of the logit that nobody would see.
const NOTHING = 0.005;

/**
 * Why a customer has its churn score: bars to both sides, each said in words, and what
 * happened to the customer, with links.
 */
export class ChurnWhyField extends Component {
    static template = "churn_scoring.ChurnWhyField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get why() {
        return this.props.record.data[this.props.name] || false;
    }

    get reasons() {
        const reasons = this.why.reasons.filter(
            (reason) => Math.abs(reason.contribution) >= NOTHING
        );
        const largest = Math.max(...reasons.map((r) => Math.abs(r.contribution)));
        return reasons.map((reason) => ({
            ...reason,
            raises: reason.contribution > 0,
            width: `${((100 * Math.abs(reason.contribution)) / largest).toFixed(1)}%`,
        }));
    }

    /** The sum in words: from the typical customer to this one. */
    get total() {
        const { state, typical, probability } = this.why;
        if (state !== "score") {
            return false;
        }
        return _t("Together: from %(typical)s % of a typical customer to %(own)s %.", {
            typical: Math.round(100 * typical),
            own: Math.round(100 * probability),
        });
    }

    get more() {
        return _t("And %s more", this.why.more);
    }

    formatDate(text) {
        return toLocaleDateString(deserializeDate(text));
    }

    async openDocument(line) {
        const action = await this.orm.call("churn.evidence", "action_open_document", [
            [line.id],
        ]);
        return this.action.doAction(action);
    }

    async openAll() {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_view_churn_evidence", [
            [resId],
        ]);
        return this.action.doAction(action);
    }
}

export const churnWhyField = {
    component: ChurnWhyField,
    displayName: _t("Why: reasons of the churn score"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("churn_why", churnWhyField);
