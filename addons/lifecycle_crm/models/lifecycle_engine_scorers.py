"""Scorers: they take the facts of a company and add columns to them.

numpy and pandas are imported when a run needs them, not when the addon loads.
"""

from datetime import timedelta

from odoo import api, models

from ..scoring.bands import parse_bands
from ..scoring.days import day_number
from .lifecycle_engine import ScoringContext

# What a run learned for longer than its own day.
_LASTING = {"rhythm"}


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_scorers(self):
        """Methods that take (facts DataFrame, context) and add columns to it."""
        return [
            self._score_value,
            self._score_rhythm,
            self._score_rfm,
            self._score_segments,
        ]

    @api.model
    def _create_context(self, company, as_of, learned=None):
        """The context of a run.

        :param learned: what an earlier run learned and this one is to go by
        """
        from ..scoring.rhythm import RhythmRules

        context = ScoringContext(company, as_of, dict(learned or {}))
        if "rhythm" in context.learned:
            context.rhythm = RhythmRules(**context.learned["rhythm"])
        return context

    @api.model
    def _get_lasting(self, run):
        """What a run learned that still holds on the days after it."""
        learned = run.learned or {}
        return {key: learned[key] for key in _LASTING if key in learned}

    @api.model
    def _learn_rhythm(self, purchases, context):
        """The company's rhythm, from its purchases up to the end of last month.

        It moves when a month begins and not daily: each of its moves changes the
        dates of nearly every customer.
        """
        from dataclasses import asdict

        from ..scoring.rhythm import learn_rhythm

        company = context.company
        month_end = context.as_of.replace(day=1) - timedelta(days=1)
        auto = company.lifecycle_lapse_auto
        context.rhythm = learn_rhythm(
            purchases.get_gaps(until=day_number(month_end)),
            None if auto else company.lifecycle_lapse_days,
        )
        context.learned["rhythm"] = asdict(context.rhythm)

    @api.model
    def _get_value_facts(self, facts, context):
        """The facts with what purchases are worth in place of the revenue.

        The same, unless an addon lets the company count otherwise; see
        ``res.company._get_value_basis``.
        """
        return facts

    @api.model
    def _score_value(self, facts, context):
        orders = facts["order_count"].where(facts["order_count"] > 0)
        digits = context.company.currency_id.decimal_places
        facts["average_order_value"] = (facts["revenue_total"] / orders).round(digits)

    @api.model
    def _score_rhythm(self, facts, context):
        from ..scoring.rhythm import score_rhythm

        dates = score_rhythm(
            facts["first_order_date"].to_numpy(),
            facts["last_order_date"].to_numpy(),
            facts["order_days"].to_numpy(),
            context.rhythm,
        )
        facts["gap_days"] = dates["gap_days"].round(1)
        for name in ("next_order", "at_risk", "lapse"):
            facts[f"{name}_date"] = dates[f"{name}_day"]

    @api.model
    def _score_rfm(self, facts, context):
        import numpy as np

        from ..scoring.rfm import score_by_scale

        bought = facts["order_count"].to_numpy() > 0
        current = bought & (facts["rfm_order_count"].to_numpy() > 0)
        value = self._get_value_facts(facts, context)["rfm_revenue"]
        values = (
            day_number(context.as_of) - facts["last_order_date"].to_numpy()[current],
            facts["rfm_order_count"].to_numpy()[current],
            value.to_numpy()[current],
        )
        ranked = score_by_scale(*values, self._get_rfm_scale(values, context))
        # bought, but not in the window: 1-1-1; never bought: no score
        scores = []
        for name, found in zip(
            ("rfm_recency", "rfm_frequency", "rfm_monetary"), ranked, strict=True
        ):
            score = np.where(bought, 1, -1)
            score[current] = found
            facts[name] = score
            scores.append(score)
        facts["rfm_value"] = np.where(bought, (scores[1] + scores[2]) / 2, np.nan)

    @api.model
    def _get_rfm_scale(self, values, context):
        """The scale of the run that learned one, else one learned from all."""
        from dataclasses import asdict

        from ..scoring.rfm import RfmScale, learn_scale

        if "rfm" not in context.learned:
            scale = learn_scale(*values, self._get_rfm_rules(context.company))
            # JSON has no infinity
            context.learned["rfm"] = {
                name: [None if edge == float("inf") else edge for edge in edges]
                for name, edges in asdict(scale).items()
            }
        return RfmScale(
            **{
                name: tuple(float("inf") if edge is None else edge for edge in edges)
                for name, edges in context.learned["rfm"].items()
            }
        )

    @api.model
    def _score_segments(self, facts, context):
        import numpy as np

        from ..scoring.segments import SegmentRule, assign_segments

        # a run sorts by the rules of the company, whoever asked for it
        segments = self.env["lifecycle.segment"].sudo()
        segments = segments._get_for_company(context.company)
        rules = [
            SegmentRule(s.id, (0, 0), (0, 0))
            if s.for_prospects
            else SegmentRule(
                s.id, (s.recency_min, s.recency_max), (s.value_min, s.value_max)
            )
            for s in segments
        ]
        bought = facts["order_count"].to_numpy() > 0
        keys = assign_segments(
            np.where(bought, facts["rfm_recency"], 0),
            np.where(bought, facts["rfm_value"], 0.0),
            rules,
        )
        facts["segment_id"] = np.where(keys > 0, keys, -1)

    @api.model
    def _get_rfm_rules(self, company):
        from ..scoring.rfm import RfmRules, ScaleRule

        def rule(name):
            method = company[f"lifecycle_rfm_{name}_method"]
            bands = company[f"lifecycle_rfm_{name}_bands"]
            return ScaleRule(method, parse_bands(bands) if method == "bands" else ())

        return RfmRules(rule("recency"), rule("frequency"), rule("monetary"))
