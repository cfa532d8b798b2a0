import { Component } from "@odoo/owl";
import { formatCount, formatMoney } from "@lifecycle_crm/dashboard/dashboard_format";
import { dashboardParts, partProps } from "@lifecycle_crm/dashboard/dashboard_registry";

/** Contracts that end soon, by month, and the way to their customers. */
export class DashboardContracts extends Component {
    static template = "lifecycle_example_contract.DashboardContracts";
    static props = partProps;

    get lines() {
        const { contracts, currency_id } = this.props.data;
        return contracts.map((line) => ({
            ...line,
            text: formatCount(line.count),
            money: formatMoney(line.value, currency_id),
        }));
    }

    openLine({ name, domain }) {
        return this.props.open("lifecycle_crm.action_lifecycle_profile", {
            owned: true,
            name,
            domain,
        });
    }
}

dashboardParts.add(
    "contracts",
    {
        Component: DashboardContracts,
        isShown: ({ contracts }) => Boolean(contracts && contracts.length),
    },
    { sequence: 37 }
);
