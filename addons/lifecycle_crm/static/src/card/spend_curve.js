import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatMoney, formatMonth } from "../dashboard/dashboard_format";

const WIDTH = 240;
const HEIGHT = 48;
const GAP = 1.5;

/** What a customer spent by month, as small bars; months of returns go down. */
export class SpendCurve extends Component {
    static template = "lifecycle_crm.SpendCurve";
    static props = { points: Array, currencyId: { type: [Number, Boolean], optional: true } };

    get bars() {
        const { points } = this.props;
        const amounts = points.map((point) => point.amount);
        const top = Math.max(0, ...amounts);
        const range = top - Math.min(0, ...amounts) || 1;
        const scale = (HEIGHT - 2) / range;
        const width = WIDTH / points.length;
        return points.map(({ month, amount }, index) => ({
            key: month,
            x: (index * width + GAP / 2).toFixed(2),
            width: (width - GAP).toFixed(2),
            y: (1 + (top - Math.max(amount, 0)) * scale).toFixed(2),
            // a month without any purchase is a line on the ground
            height: Math.max(Math.abs(amount) * scale, 0.75).toFixed(2),
            className: amount < 0 ? "o_lifecycle_spend_back" : "o_lifecycle_spend_bar",
            title: `${formatMonth(month)}: ${this.money(amount)}`,
        }));
    }

    money(amount) {
        return formatMoney(amount, this.props.currencyId || undefined);
    }

    get last() {
        const { points } = this.props;
        return points.length ? formatMonth(points[points.length - 1].month) : "";
    }

    get first() {
        const { points } = this.props;
        return points.length ? formatMonth(points[0].month) : "";
    }

    /** What the bars show, for who cannot see them. */
    get description() {
        const { points } = this.props;
        const total = points.reduce((sum, point) => sum + point.amount, 0);
        return _t("%(total)s in %(months)s months", {
            total: this.money(total),
            months: points.length,
        });
    }
}

export class SpendCurveField extends Component {
    static template = "lifecycle_crm.SpendCurveField";
    static components = { SpendCurve };
    static props = { ...standardFieldProps, currencyField: { type: String, optional: true } };

    get points() {
        return this.props.record.data[this.props.name] || [];
    }

    get currencyId() {
        const value = this.props.record.data[this.props.currencyField];
        return (value && value.id) || false;
    }
}

export const spendCurveField = {
    component: SpendCurveField,
    displayName: _t("Spend by month"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ currencyField: options.currency_field }),
};

registry.category("fields").add("lifecycle_spend", spendCurveField);
