import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatCount, formatMoney, isDark, shade } from "./dashboard_format";
import { dashboardParts, partProps } from "./dashboard_registry";

const PROFILES = "lifecycle_crm.action_lifecycle_profile";

/** Customers by stage, in the order of the stages, with what changed. */
export class DashboardStages extends Component {
    static template = "lifecycle_crm.DashboardStages";
    static props = partProps;

    get stages() {
        const { currency_id, stages } = this.props.data;
        const largest = Math.max(1, ...stages.map((stage) => stage.count));
        return stages.map((stage) => ({
            ...stage,
            text: formatCount(stage.count),
            money: formatMoney(stage.value, currency_id),
            width: `width: ${((100 * stage.count) / largest).toFixed(2)}%`,
            flow: this.getFlow(stage.change),
        }));
    }

    getFlow(change) {
        if (change === null) {
            return "";
        }
        return change ? `${change > 0 ? "+" : "−"}${formatCount(Math.abs(change))}` : "±0";
    }

    openStage({ id, name }) {
        return this.props.open(PROFILES, {
            owned: true,
            name,
            domain: [["stage_id", "=", id]],
        });
    }
}

dashboardParts.add(
    "stages",
    { Component: DashboardStages, isShown: (data) => data.stages.length > 0 },
    { sequence: 20 }
);

/** Recency by frequency, five by five; colour is value, a click opens customers. */
export class DashboardRfm extends Component {
    static template = "lifecycle_crm.DashboardRfm";
    static props = partProps;

    setup() {
        this.frequencies = [5, 4, 3, 2, 1];
        this.recencies = [1, 2, 3, 4, 5];
    }

    get cells() {
        const { currency_id, rfm } = this.props.data;
        const largest = Math.max(1, ...rfm.map((cell) => cell.value));
        const cells = {};
        for (const cell of rfm) {
            // a root: else one large customer leaves all others white
            const share = Math.sqrt(Math.max(0, cell.value) / largest);
            cells[`${cell.recency}${cell.frequency}`] = {
                ...cell,
                text: formatCount(cell.count),
                style: shade(share),
                dark: isDark(share),
                title: _t("R %(recency)s, F %(frequency)s: %(count)s customers, %(value)s", {
                    recency: cell.recency,
                    frequency: cell.frequency,
                    count: formatCount(cell.count),
                    value: formatMoney(cell.value, currency_id),
                }),
            };
        }
        return cells;
    }

    get segments() {
        const { currency_id, segments } = this.props.data;
        return segments.map((segment) => ({
            ...segment,
            text: formatCount(segment.count),
            money: formatMoney(segment.value, currency_id),
        }));
    }

    openCell({ recency, frequency }) {
        return this.props.open(PROFILES, {
            owned: true,
            name: _t("R %(recency)s, F %(frequency)s", { recency, frequency }),
            domain: [
                ["rfm_recency", "=", recency],
                ["rfm_frequency", "=", frequency],
            ],
        });
    }

    openSegment({ id, name }) {
        return this.props.open(PROFILES, {
            owned: true,
            name,
            domain: [["segment_id", "=", id]],
        });
    }
}

dashboardParts.add(
    "rfm",
    { Component: DashboardRfm, isShown: (data) => data.rfm.length > 0 },
    { sequence: 30 }
);
