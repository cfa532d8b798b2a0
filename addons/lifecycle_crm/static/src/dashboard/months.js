import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { formatCount, formatMoney, formatMonth, formatShare, isDark, shade } from "./dashboard_format";
import { dashboardParts, partProps } from "./dashboard_registry";

const COLORS = {
    new: "#017E84",
    won_back: "#714B67",
    lapsed: "#D0655B",
    active: "#8F8F8F",
    revenue_new: "#017E84",
    revenue_returning: "#714B67",
};

/** Who came, went and came back, month by month; or what they brought. */
export class DashboardTrend extends Component {
    static template = "lifecycle_crm.DashboardTrend";
    static props = partProps;

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ kind: "customers" });
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.state.kind, JSON.stringify(this.props.data.trend)]
        );
    }

    get trend() {
        return this.props.data.trend;
    }

    /** What the chart shows, for who cannot see it. */
    get description() {
        return this.trend
            .map((month) =>
                _t("%(month)s: %(new)s new, %(back)s won back, %(lapsed)s lapsed", {
                    month: formatMonth(month.month),
                    new: month.new,
                    back: month.won_back,
                    lapsed: month.lapsed,
                })
            )
            .join("; ");
    }

    getConfig() {
        const bar = (label, name, sign = 1) => ({
            label,
            data: this.trend.map((month) => sign * month[name]),
            backgroundColor: COLORS[name],
            stack: "months",
        });
        const money = this.state.kind === "revenue";
        const datasets = money
            ? [
                  bar(_t("From returning"), "revenue_returning"),
                  bar(_t("From new"), "revenue_new"),
              ]
            : [
                  bar(_t("New"), "new"),
                  bar(_t("Won back"), "won_back"),
                  bar(_t("Lapsed"), "lapsed", -1),
              ];
        const rtl = localization.direction === "rtl";
        const format = (value) =>
            money
                ? formatMoney(value, this.props.data.currency_id)
                : formatCount(Math.abs(value));
        return {
            type: "bar",
            data: {
                labels: this.trend.map((month) => formatMonth(month.month, "LLL yy")),
                datasets,
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                onClick: (_ev, elements) => {
                    if (elements.length) {
                        this.openMonth(this.trend[elements[0].index]);
                    }
                },
                scales: {
                    x: { stacked: true, reverse: rtl, grid: { display: false } },
                    y: {
                        stacked: true,
                        position: rtl ? "right" : "left",
                        ticks: { callback: format, precision: 0 },
                    },
                },
                plugins: {
                    legend: { rtl, position: "bottom" },
                    tooltip: {
                        rtl,
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${format(raw)}`,
                        },
                    },
                },
            },
        };
    }

    openMonth({ month }) {
        return this.props.open("lifecycle_crm.action_lifecycle_snapshot", {
            name: formatMonth(month),
            view: "list",
            domain: [["month", "=", month]],
        });
    }
}

dashboardParts.add(
    "trend",
    { Component: DashboardTrend, isShown: (data) => data.trend.length > 0 },
    { sequence: 40 }
);

/** From where to where customers went in the period, as a matrix. */
export class DashboardMovements extends Component {
    static template = "lifecycle_crm.DashboardMovements";
    static props = partProps;

    setup() {
        this.state = useState({ kind: "stage", amount: "count" });
    }

    get moves() {
        return this.props.data.movements[this.state.kind] || [];
    }

    /** Rows and columns in the order of the rules; unknown ends come first. */
    get ends() {
        const { stages, segments } = this.props.data;
        const order = (this.state.kind === "stage" ? stages : segments).map((end) => end.id);
        const names = {};
        for (const move of this.moves) {
            names[move.from || 0] = move.from_name;
            names[move.to || 0] = move.to_name;
        }
        const rank = (id) => (id ? order.indexOf(id) + 1 || order.length + 1 : 0);
        return Object.keys(names)
            .map(Number)
            .sort((a, b) => rank(a) - rank(b))
            .map((id) => ({ id, name: names[id] || _t("Not yet") }));
    }

    get rows() {
        const ends = this.ends;
        const cells = {};
        let largest = 1;
        for (const move of this.moves) {
            cells[`${move.from || 0}.${move.to || 0}`] = move;
            if (move.from !== move.to) {
                largest = Math.max(largest, Math.abs(move[this.state.amount]));
            }
        }
        return ends.map((from) => ({
            ...from,
            cells: ends.map((to) => {
                const move = cells[`${from.id}.${to.id}`];
                const stays = from.id === to.id;
                const share = move && !stays ? Math.abs(move[this.state.amount]) / largest : 0;
                return {
                    key: to.id,
                    move,
                    stays,
                    style: move && !stays ? shade(Math.sqrt(share)) : "",
                    dark: !stays && isDark(Math.sqrt(share)),
                    text: move ? this.format(move) : "",
                    title:
                        move &&
                        _t("%(from)s → %(to)s: %(count)s customers, %(value)s", {
                            from: from.name,
                            to: to.name,
                            count: formatCount(move.count),
                            value: formatMoney(move.value, this.props.data.currency_id),
                        }),
                };
            }),
        }));
    }

    format(move) {
        return this.state.amount === "count"
            ? formatCount(move.count)
            : formatMoney(move.value, this.props.data.currency_id);
    }

    /** The largest moves, without who stayed and who came. */
    get flows() {
        return this.moves
            .filter((move) => move.from && move.to && move.from !== move.to)
            .sort((a, b) => Math.abs(b[this.state.amount]) - Math.abs(a[this.state.amount]))
            .slice(0, 5)
            .map((move) => ({
                ...move,
                key: `${move.from}.${move.to}`,
                text: _t("%(from)s → %(to)s", { from: move.from_name, to: move.to_name }),
                count: formatCount(move.count),
                money: formatMoney(move.value, this.props.data.currency_id),
            }));
    }

    openMove(move) {
        const { first, last } = this.props.data.filters;
        const { kind } = this.state;
        const title = _t("%(from)s → %(to)s", {
            from: move.from_name || _t("Not yet"),
            to: move.to_name || _t("Not yet"),
        });
        const months = [
            ["month", ">=", first],
            ["month", "<=", last],
        ];
        if (!move.to || !move.from) {
            // who came or went has no row on both ends
            return this.props.open("lifecycle_crm.action_lifecycle_movement", {
                name: title,
                view: "list",
                domain: [
                    ...months,
                    ["kind", "=", kind],
                    [`from_${kind}_id`, "=", move.from],
                    [`to_${kind}_id`, "=", move.to],
                ],
            });
        }
        return this.props.open("lifecycle_crm.action_lifecycle_snapshot", {
            name: title,
            view: "list",
            domain: [
                ...months,
                [`${kind}_before_id`, "=", move.from],
                [`${kind}_id`, "=", move.to],
            ],
        });
    }
}

dashboardParts.add(
    "movements",
    {
        Component: DashboardMovements,
        isShown: (data) => Boolean(data.movements.stage?.length),
    },
    { sequence: 50 }
);

/** What share of the customers of a month still buys, or is active, later on. */
export class DashboardCohorts extends Component {
    static template = "lifecycle_crm.DashboardCohorts";
    static props = partProps;

    setup() {
        this.state = useState({ share: "active" });
    }

    get ages() {
        const ages = this.props.data.cohorts.flatMap(({ ages }) => ages.map(({ age }) => age));
        return [...Array(Math.max(...ages) + 1).keys()];
    }

    get cohorts() {
        return this.props.data.cohorts.map((cohort) => {
            const shares = Object.fromEntries(
                cohort.ages.map((age) => [age.age, age[this.state.share]])
            );
            return {
                ...cohort,
                name: formatMonth(cohort.cohort),
                size: formatCount(cohort.count),
                cells: this.ages.map((age) => ({
                    age,
                    known: age in shares,
                    text: age in shares ? formatShare(shares[age], 0) : "",
                    style: age in shares ? shade(shares[age]) : "",
                    dark: isDark(shares[age]),
                })),
            };
        });
    }

    openCohort({ cohort, name }) {
        const end = luxon.DateTime.fromISO(cohort).endOf("month").toISODate();
        return this.props.open("lifecycle_crm.action_lifecycle_profile", {
            name: _t("First order in %s", name),
            domain: [
                ["first_order_date", ">=", cohort],
                ["first_order_date", "<=", end],
            ],
        });
    }
}

dashboardParts.add(
    "cohorts",
    { Component: DashboardCohorts, isShown: (data) => data.cohorts.length > 0 },
    { sequence: 60 }
);
