import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

const SAID = "#714B67";
const HAPPENED = "#017E84";
const BAND = "rgba(1, 126, 132, 0.15)";
const GREY = "#8F8F8F";

function percent(share) {
    return Math.round(100 * share);
}

/**
 * Curves of a churn model, from a Json field: how well its probabilities were
 * calibrated, or how its trainings ranked.
 */
export class ChurnChart extends Component {
    static template = "churn_scoring.ChurnChart";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return;
                }
                const chart = new Chart(this.canvas.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [JSON.stringify(this.value)]
        );
    }

    get value() {
        return this.props.record.data[this.props.name] || {};
    }

    get points() {
        return this.value.groups || this.value.points || [];
    }

    get emptyText() {
        return this.value.kind === "history"
            ? _t("The curve begins with the second training that could be judged.")
            : _t("There is not enough history to judge the model on.");
    }

    get isEmpty() {
        return this.points.length < 2;
    }

    /** What the curve shows, for who cannot see it. */
    get description() {
        if (this.value.kind === "history") {
            return this.points
                .map((point) => `${point.day}: ${percent(point.auc)}`)
                .join("; ");
        }
        return this.points
            .map((group) =>
                _t(
                    "%(count)s customers: %(said)s percent said, %(happened)s percent happened",
                    {
                        count: group.count,
                        said: percent(group.predicted),
                        happened: percent(group.observed),
                    }
                )
            )
            .join("; ");
    }

    getConfig() {
        return this.value.kind === "history"
            ? this.getHistoryConfig()
            : this.getCalibrationConfig();
    }

    getCalibrationConfig() {
        const points = this.points.map((group) => ({
            x: 100 * group.predicted,
            y: 100 * group.observed,
            count: group.count,
        }));
        const axis = (text) => ({
            type: "linear",
            min: 0,
            max: 100,
            title: { display: true, text },
        });
        return {
            type: "scatter",
            data: {
                datasets: [
                    {
                        label: _t("Groups of customers"),
                        data: points,
                        borderColor: HAPPENED,
                        backgroundColor: HAPPENED,
                        showLine: true,
                        pointRadius: 4,
                        clip: false, // a group at the edge is seen whole
                    },
                    {
                        label: _t("As it should be"),
                        data: [
                            { x: 0, y: 0 },
                            { x: 100, y: 100 },
                        ],
                        borderColor: GREY,
                        borderDash: [4, 4],
                        showLine: true,
                        pointRadius: 0,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                scales: {
                    x: axis(_t("said to leave, %")),
                    y: axis(_t("left, %")),
                },
                plugins: {
                    tooltip: {
                        callbacks: {
                            label: ({ raw }) =>
                                _t(
                                    "%(count)s customers: %(said)s percent said, %(happened)s percent happened",
                                    {
                                        count: raw.count ?? "",
                                        said: Math.round(raw.x),
                                        happened: Math.round(raw.y),
                                    }
                                ),
                        },
                    },
                },
            },
        };
    }

    getHistoryConfig() {
        const line = (label, key, options) => ({
            label,
            // unknown ones are left out, not drawn at 0
            data: this.points.map((point) =>
                typeof point[key] === "number" ? 100 * point[key] : null
            ),
            borderColor: SAID,
            backgroundColor: BAND,
            pointRadius: 0,
            borderWidth: 1,
            ...options,
        });
        return {
            type: "line",
            data: {
                labels: this.points.map((point) => point.day),
                datasets: [
                    line(_t("at most"), "high", { borderColor: BAND, fill: "+2" }),
                    line(_t("pairs ranked rightly, of 100"), "auc", {
                        pointRadius: 3,
                        borderWidth: 2,
                        backgroundColor: SAID,
                    }),
                    line(_t("at least"), "low", { borderColor: BAND }),
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                scales: { y: { suggestedMin: 50, max: 100 } },
            },
        };
    }
}

registry.category("fields").add("churn_chart", {
    component: ChurnChart,
    displayName: _t("Curve of a churn model"),
    supportedTypes: ["json"],
});
