import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCount, formatFigure, formatMoney, formatShare } from "./dashboard_format";
import { dashboardParts, partProps } from "./dashboard_registry";

const WIDTH = 120;
const HEIGHT = 28;

/** The points of a small curve, as an SVG path; gaps where there is no value. */
export function sparkline(values, width = WIDTH, height = HEIGHT) {
    const known = values.filter((value) => value !== null && value !== undefined);
    if (known.length < 2) {
        return "";
    }
    const low = Math.min(...known);
    const range = Math.max(...known) - low || 1;
    let pen = "M";
    const path = [];
    values.forEach((value, index) => {
        if (value === null || value === undefined) {
            pen = "M";
            return;
        }
        const x = (index / (values.length - 1)) * width;
        const y = height - 2 - ((value - low) / range) * (height - 4);
        path.push(`${pen}${x.toFixed(1)},${y.toFixed(1)}`);
        pen = "L";
    });
    return path.join(" ");
}

/** Rates and sums of the period, beside the period before. */
export class DashboardFigures extends Component {
    static template = "lifecycle_crm.DashboardFigures";
    static props = partProps;

    get figures() {
        const { currency_id, figures } = this.props.data;
        return figures.map((figure) => ({
            ...figure,
            text: formatFigure(figure.value, figure.kind, currency_id),
            change: this.getChange(figure),
            path: sparkline(figure.curve),
        }));
    }

    getChange({ value, before, kind, good }) {
        const { currency_id } = this.props.data;
        if (value === null || before === null) {
            return false;
        }
        if (kind !== "percent" && !before) {
            // there is no share of nothing
            const text = _t("before: %s", formatFigure(before, kind, currency_id));
            return { text, icon: "", className: "o_lifecycle_muted", title: text };
        }
        const difference = kind === "percent" ? value - before : value / before - 1;
        const flat = Math.abs(difference) < 0.0005;
        const text =
            kind === "percent"
                ? _t("%s points", this.sign(difference) + formatShare(Math.abs(difference)).replace("%", ""))
                : this.sign(difference) + formatShare(Math.abs(difference));
        const better = difference * good > 0;
        return {
            text: flat ? _t("as before") : text,
            icon: flat ? "fa-minus" : difference > 0 ? "fa-arrow-up" : "fa-arrow-down",
            className: flat ? "o_lifecycle_muted" : better ? "o_lifecycle_good" : "o_lifecycle_bad",
            title: _t("Before: %s", formatFigure(before, kind, currency_id)),
        };
    }

    sign(difference) {
        return difference > 0 ? "+" : "−";
    }

    openFigure({ label }) {
        const { first, last } = this.props.data.filters;
        return this.props.open("lifecycle_crm.action_lifecycle_kpi", {
            name: label,
            domain: [
                ["month", ">=", first],
                ["month", "<=", last],
            ],
        });
    }
}

dashboardParts.add(
    "figures",
    { Component: DashboardFigures, isShown: (data) => Boolean(data.figures) },
    { sequence: 10 }
);

/** Sums over all customers: value, and what other addons add. */
export class DashboardTotals extends Component {
    static template = "lifecycle_crm.DashboardTotals";
    static props = partProps;

    get totals() {
        const { currency_id, totals } = this.props.data;
        return totals.sums.map((sum) => ({
            ...sum,
            text: formatMoney(sum.value, currency_id),
        }));
    }

    get customers() {
        return formatCount(this.props.data.totals.scored);
    }

    openSum(sum) {
        return this.props.open("lifecycle_crm.action_lifecycle_profile", {
            owned: true,
            name: sum.string,
            domain: [[sum.name, "!=", false]],
        });
    }

    openCustomers() {
        return this.props.open("lifecycle_crm.action_lifecycle_profile", {
            owned: true,
            domain: [["order_count", ">", 0]],
        });
    }
}

dashboardParts.add(
    "totals",
    { Component: DashboardTotals, isShown: (data) => data.totals.contacts > 0 },
    { sequence: 5 }
);
