"""The months of the dashboard, from the tables that hold one row per month."""

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from .lifecycle_kpi import RATES

# Months of the small curves and of the chart.
_TREND = 24
# Cohorts, and months of each, in the heat map.
_COHORTS = 12
# What is shown of a period: name, and whether more of it is good (1), bad (-1).
_FIGURES = {
    "retention_rate": 1,
    "churn_rate": -1,
    "repeat_purchase_rate": 1,
    "win_back_rate": 1,
    "active_count": 1,
    "new_count": 1,
    "revenue": 1,
    "average_order_value": 1,
}
_AMOUNTS = ("revenue", "average_order_value")
_SUMMED = {
    "active_start_count",
    "customer_count",
    "lapsed_count",
    "new_count",
    "order_count",
    "repeat_customer_count",
    "retained_count",
    "revenue",
    "revenue_new",
    "revenue_returning",
    "won_back_count",
}


class LifecycleDashboard(models.AbstractModel):
    _inherit = "lifecycle.dashboard"

    @api.model
    def _get_months(self, scope):
        """What the monthly tables say: ``{part: value}``, False for who may not read.

        They are of the whole company, whatever team was chosen.
        """
        if not self.env["lifecycle.kpi"].has_access("read"):
            return {"figures": False, "trend": [], "movements": {}, "cohorts": []}
        months = self._read_months(scope)
        return {
            "figures": self._get_figures(months, scope),
            "trend": self._get_trend(months),
            "movements": {
                kind: self._get_movements(kind, scope) for kind in ("stage", "segment")
            },
            "cohorts": self._get_cohorts(scope),
        }

    @api.model
    def _read_months(self, scope):
        """The rows of the curve and of the two periods, oldest first."""
        count = max(_TREND, 2 * scope["months"])
        since = scope["last"] - relativedelta(months=count)
        return self.env["lifecycle.kpi"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("month", ">", since),
                ("month", "<=", scope["last"]),
            ],
            order="month",
        )

    @api.model
    def _get_values(self, kpis):
        """Figures of some months together; None where there is no denominator."""
        if not kpis:
            return dict.fromkeys(_FIGURES)
        sums = {name: sum(kpis.mapped(name)) for name in _SUMMED}
        # who could have been won back: customers who were not active at the start
        sums["lapsed_start_count"] = sum(
            kpi.customer_count - kpi.new_count - kpi.active_start_count for kpi in kpis
        )
        rates = {**RATES, "win_back_rate": ("won_back_count", "lapsed_start_count")}
        values = {
            name: sums[numerator] / sums[denominator] if sums[denominator] > 0 else None
            for name, (numerator, denominator) in rates.items()
        }
        return {
            **values,
            "active_count": kpis[-1].active_count,
            "new_count": sums["new_count"],
            "revenue": sums["revenue"],
        }

    @api.model
    def _get_figures(self, months, scope):
        """The figures of the period beside those of the period before."""
        now = months.filtered(lambda kpi: kpi.month >= scope["first"])
        earlier = scope["first"] - relativedelta(months=scope["months"])
        before = months.filtered(lambda kpi: earlier <= kpi.month < scope["first"])
        # as much as the period itself, or it would be compared with less
        if len(before) < scope["months"]:
            before = before.browse()
        values, earlier_values = self._get_values(now), self._get_values(before)
        curve = [self._get_values(kpi) for kpi in months[-_TREND:]]
        described = self.env["lifecycle.kpi"].fields_get(
            list(_FIGURES), ["string", "help"]
        )
        described["win_back_rate"] = {
            "string": self.env._("Win-Back Rate"),
            "help": self.env._(
                "Customers won back divided by the customers who had lapsed when the "
                "month began. Over several months: weighted by customers."
            ),
        }
        return [
            {
                "name": name,
                "label": described[name]["string"],
                "help": described[name]["help"],
                "kind": "money"
                if name in _AMOUNTS
                else ("percent" if name.endswith("_rate") else "count"),
                "good": good,
                "value": values[name],
                "before": earlier_values[name],
                "curve": [point[name] for point in curve],
            }
            for name, good in _FIGURES.items()
        ]

    @api.model
    def _get_trend(self, months):
        """Who came, went and came back, and what they brought, month by month."""
        return [
            {
                "month": kpi.month.isoformat(),
                "new": kpi.new_count,
                "won_back": kpi.won_back_count,
                "lapsed": kpi.lapsed_count,
                "active": kpi.active_count,
                "revenue_new": kpi.revenue_new,
                "revenue_returning": kpi.revenue_returning,
            }
            for kpi in months[-_TREND:]
        ]

    @api.model
    def _get_movements(self, kind, scope):
        """Who went from where to where in the months of the period, added up.

        :return: list of ``{from, to (ids or False), count, value}``
        """
        rows = self.env["lifecycle.movement"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                ("kind", "=", kind),
                ("month", ">=", scope["first"]),
                ("month", "<=", scope["last"]),
            ],
            [f"from_{kind}_id", f"to_{kind}_id"],
            ["customer_count:sum", "revenue_total:sum"],
            order="customer_count:sum desc",
        )
        return [
            {
                "from": source.id,
                "from_name": source.display_name or "",
                "to": target.id,
                "to_name": target.display_name or "",
                "count": count,
                "value": float(value or 0),
            }
            for source, target, count, value in rows
        ]

    @api.model
    def _get_cohorts(self, scope):
        """Months of the first order, and what share still buys or is active.

        :return: list, newest first, of ``{cohort, count, ages: [{age, buyers,
            active}]}``; shares are between 0 and 1
        """
        first = scope["last"] - relativedelta(months=_COHORTS)
        rows = self.env["lifecycle.cohort"].search_read(
            [
                ("company_id", "=", self.env.company.id),
                ("cohort", ">", first),
                ("month", "<=", scope["last"]),
            ],
            ["cohort", "month", "age", "customer_count", "buyer_rate", "active_rate"],
            order="cohort desc, age",
        )
        cohorts = {}
        for row in rows:
            cohort = cohorts.setdefault(
                row["cohort"],
                {"cohort": row["cohort"].isoformat(), "count": 0, "ages": []},
            )
            cohort["count"] = row["customer_count"]
            cohort["ages"].append(
                {
                    "age": row["age"],
                    "buyers": row["buyer_rate"],
                    "active": row["active_rate"],
                }
            )
        return list(cohorts.values())

    @api.model
    def _read_stages_before(self, scope):
        """Customers by stage at the month end before the period; None if unknown."""
        snapshots = self.env["lifecycle.snapshot"]
        if not snapshots.has_access("read"):
            return None
        at_end = [
            ("company_id", "=", self.env.company.id),
            ("month", "=", scope["before"]),
        ]
        gone = self._get_archived_domain()
        if scope["owned"].is_true():
            # the movements of that month have it added up already
            rows = self.env["lifecycle.movement"]._read_group(
                [*at_end, ("kind", "=", "stage"), ("to_stage_id", "!=", False)],
                ["to_stage_id"],
                ["customer_count:sum"],
                order="customer_count:sum desc",
            )
            # also those whose contact was archived since, whom nobody sees any more
            less = snapshots._read_group(
                Domain(at_end) & gone, ["stage_id"], ["__count"], order="__count desc"
            )
        else:
            rows = snapshots._read_group(
                Domain(at_end) & scope["owned"] & ~gone,
                ["stage_id"],
                ["__count"],
                order="__count desc",
            )
            less = []
        archived = {stage.id: count for stage, count in less}
        return {
            stage.id: count - archived.get(stage.id, 0) for stage, count in rows
        } or None
