"""Scorers: they take the facts of a company and add columns to them.

numpy and pandas are imported when a run needs them, not when the addon loads.
"""

from datetime import date

from odoo import api, models

from ..scoring.bands import parse_bands


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_score_columns(self):
        """Columns of the profile that the scorers fill: ``{column: kind}``.

        Kinds: ``int``, ``float``, ``text`` and ``day`` (days since 1970-01-01,
        ``NO_DAY`` for none).  Ints below 0 and NaN mean "no value".
        """
        return {
            "average_order_value": "float",
            "gap_days": "float",
            "next_order_date": "day",
            "at_risk_date": "day",
            "lapse_date": "day",
            "rfm_recency": "int",
            "rfm_frequency": "int",
            "rfm_monetary": "int",
            "rfm_code": "text",
            "rfm_value": "float",
            "segment_id": "int",
        }

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
    def _score_value(self, facts, context):
        orders = facts["order_count"].where(facts["order_count"] > 0)
        digits = context.company.currency_id.decimal_places
        facts["average_order_value"] = (facts["revenue_total"] / orders).round(digits)

    @api.model
    def _score_rhythm(self, facts, context):
        from ..scoring.rhythm import score_rhythm

        dates = score_rhythm(
            facts["first_order_day"].to_numpy(),
            facts["last_order_day"].to_numpy(),
            facts["order_days"].to_numpy(),
            context.rhythm,
        )
        facts["gap_days"] = dates["gap_days"].round(1)
        for name in ("next_order", "at_risk", "lapse"):
            facts[f"{name}_date"] = dates[f"{name}_day"]

    @api.model
    def _score_rfm(self, facts, context):
        import numpy as np

        from ..scoring.rfm import score_rfm

        bought = facts["order_count"].to_numpy() > 0
        current = bought & (facts["rfm_order_count"].to_numpy() > 0)
        as_of_day = (context.as_of - date(1970, 1, 1)).days
        ranked = score_rfm(
            as_of_day - facts["last_order_day"].to_numpy()[current],
            facts["rfm_order_count"].to_numpy()[current],
            facts["rfm_revenue"].to_numpy()[current],
            self._get_rfm_rules(context.company),
        )
        # bought, but not in the window: 1-1-1; never bought: no score
        scores = []
        for name, values in zip(
            ("rfm_recency", "rfm_frequency", "rfm_monetary"), ranked, strict=True
        ):
            score = np.where(bought, 1, -1)
            score[current] = values
            facts[name] = score
            scores.append(score)
        recency, frequency, monetary = scores
        codes = recency * 100 + frequency * 10 + monetary
        facts["rfm_code"] = np.where(bought, codes.astype(str), None)
        facts["rfm_value"] = np.where(bought, (frequency + monetary) / 2, np.nan)

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
