"""The scorer of churn and expected value.

It works on facts, so that a night without news need not read the purchases.  What only
the purchases tell (the average of four) is kept as a fact.
"""

from odoo import api, models

from odoo.addons.lifecycle_crm.scoring.days import day_number
from odoo.addons.lifecycle_crm.scoring.rhythm import NO_DAY

from .lifecycle_profile import METHODS, RISKS

_FLOATS = (
    "churn_probability",
    "expected_orders",
    "clv_expected",
    "clv_low",
    "clv_high",
    "revenue_at_risk",
)
# What of them, and for them, the kernel finds.
_SCORED = (
    "churn_probability",
    "expected_orders",
    "clv_expected",
    "clv_low",
    "clv_high",
    "value_if_alive",
    "confidence",
)
_CHOICES = ("churn_risk", "churn_method", "churn_confidence")
_NONE = -1
_LOW, _MEDIUM, _HIGH = range(len(RISKS))
_DAYS_PER_YEAR = 365
_DAYS_PER_MONTH = _DAYS_PER_YEAR / 12
# What is kept from the last time that the purchases were read.
_KEPT = ("churn_offset", "value_factor")
# Customers whose purchases are looked at together.
_BLOCK = 50_000
# Of up to so many customers the stored values are looked up one by one.
_FEW = 100_000


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _add_churn_offsets(self, facts, purchases, context, scoring):
        """What the models that look at every purchase add; for who bought.

        Some customers at a time: all sixteen of a million would not fit.
        """
        import numpy as np

        from ..scoring.customers import Customers, split_customers
        from ..scoring.features import find_scale
        from ..scoring.parallel import calm_blas, map_parts

        scale = scoring.value_scale
        if not scale:
            day = day_number(context.as_of)
            worth = self._get_value_facts(facts, context)
            scale = find_scale(Customers.from_facts(worth, day)[0].value)
        columns = {name: facts[name].to_numpy().copy() for name in _KEPT}
        everybody = facts["partner_id"].to_numpy()

        def find(some):
            return self._find_churn_offsets(some, context, scoring.model, scale)

        with calm_blas():
            for ids, *found in map_parts(find, split_customers(purchases, _BLOCK)):
                place = np.searchsorted(everybody, ids)
                for column, values in zip(columns.values(), found, strict=True):
                    column[place] = values
        for name, column in columns.items():
            facts[name] = column
        if not self._get_churn_request():
            self._keep_churn_offsets(facts, context)

    @api.model
    def _find_churn_offsets(self, purchases, context, model, scale):
        """Ids of who bought, what is added to the log odds, and the value's factor."""
        from ..scoring.customers import Customers
        from ..scoring.features import features16
        from ..scoring.score import find_logits, find_value_factor

        customers = Customers.from_purchases(
            purchases, day_number(context.as_of), model.digits
        )
        features = features16(purchases, customers, model.digits, scale)
        _base, added = find_logits(model, customers, model.horizon, features)
        factor = find_value_factor(model, customers, model.horizon, features)
        return customers.ids, added, factor

    @api.model
    def _keep_churn_offsets(self, facts, context):
        """Go by what is stored where it moved by less than is written.

        Else one run would score by what it just found and the next one by what is
        stored, and customers between two bands would go to and fro.
        """
        import numpy as np

        fact_columns = self._get_fact_columns()
        columns = {name: fact_columns[name] for name in _KEPT}
        ids = facts["partner_id"].to_numpy()
        few = ids.tolist() if len(ids) <= _FEW else None
        old = self._read_profiles(context.company, columns, few)
        stored = old["partner_id"].to_numpy()
        if not len(stored) or not len(ids):
            return
        place = np.minimum(np.searchsorted(stored, ids), len(stored) - 1)
        known = stored[place] == ids
        for name, column in columns.items():
            before, now = old[name].to_numpy()[place], facts[name].to_numpy()
            allowed = np.maximum(column.tolerance, column.relative * np.abs(before))
            # false where either is NaN
            near = known & (np.abs(now - before) <= allowed)
            facts[name] = np.where(near, before, now)

    @api.model
    def _score_churn(self, facts, context):
        """Add the columns of churn and value; empty for who never bought.

        They are empty for all where no model is known for the day: before the first
        training, and in the months of the past.
        """
        import numpy as np

        for name in _FLOATS:
            facts[name] = np.full(len(facts), np.nan)
        for name in _CHOICES:
            facts[name] = np.full(len(facts), _NONE)
        scoring = context.extras.get("churn")
        if not scoring or facts.empty:
            return
        from ..scoring.customers import Customers

        worth = self._get_value_facts(facts, context)
        customers, bought = Customers.from_facts(worth, day_number(context.as_of))
        lapse = facts["lapse_date"].to_numpy()[bought]
        lapsed = (lapse != NO_DAY) & (lapse <= customers.as_of)
        if scoring.model.rung:
            found = self._score_by_model(facts, bought, customers, scoring, lapsed)
        else:
            found = self._score_by_rule(facts, bought, context)
        found["churn_risk"] = np.where(lapsed, _NONE, found["churn_risk"])
        found["revenue_at_risk"] = np.where(lapsed, np.nan, found["revenue_at_risk"])
        keys = [key for key, _label in METHODS]
        found["churn_method"] = keys.index(scoring.method)
        digits = context.company.currency_id.decimal_places
        for name in (*_FLOATS, *_CHOICES):
            if name not in found:
                continue
            values = found.pop(name)
            if name.startswith(("clv_", "revenue_")):
                values = np.round(values, digits)
            column = facts[name].to_numpy().copy()
            column[bought] = values
            facts[name] = column

    @api.model
    def _score_by_model(self, facts, bought, customers, scoring, lapsed):
        """Columns of customers, as arrays by name.

        :param bought: mask of the rows of ``facts`` that are customers
        """
        import numpy as np

        from ..scoring.bands import find_band, find_cuts
        from ..scoring.score import score_in_parts

        model = scoring.model
        scores = score_in_parts(
            model,
            customers,
            offset=facts["churn_offset"].to_numpy()[bought],
            factor=facts["value_factor"].to_numpy()[bought],
            clv_days=scoring.value_days,
            names=_SCORED,
        )
        probability = scores["churn_probability"]
        cuts = scoring.cuts or find_cuts(probability[~lapsed])
        # what would come in a year from who stays
        days = scoring.value_days or model.clv_months * _DAYS_PER_MONTH
        stays = scores["value_if_alive"] * (_DAYS_PER_YEAR / days)
        return {
            **{name: scores[name] for name in _SCORED if name in _FLOATS},
            "churn_risk": find_band(probability, cuts).astype(np.int64),
            "revenue_at_risk": probability * stays,
            # who is scored by a rule has none
            "churn_confidence": scores["confidence"].astype(np.int64) - 1,
        }

    @api.model
    def _score_by_rule(self, facts, bought, context):
        """The same where there is too little history for probabilities."""
        import numpy as np

        day = day_number(context.as_of)
        rows = facts[bought]
        last = rows["last_order_date"].to_numpy()
        gap = np.nan_to_num(rows["gap_days"].to_numpy(), nan=context.rhythm.gap_days)
        overdue = day - last > 2 * np.maximum(gap, 1)
        late = rows["at_risk_date"].to_numpy() <= day
        year = rows["revenue_year"].to_numpy()
        return {
            "churn_risk": np.where(overdue, _HIGH, np.where(late, _MEDIUM, _LOW)),
            "clv_expected": year,
            "revenue_at_risk": np.where(overdue, np.maximum(year, 0), 0.0),
        }
