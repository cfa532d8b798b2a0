"""Columns of churn and expected value, and what of them is kept from night to night."""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.lifecycle_crm.models.lifecycle_engine_columns import Column
from odoo.addons.lifecycle_crm.scoring.days import day_number

from .lifecycle_profile import CONFIDENCES, METHODS, RISKS

YEAR_MONTHS = 12
# What a screen shows: whole percents.
_PERCENT = 0.01
# The expected value of who does nothing falls by about a thousandth a day.  Written
# anew at a fiftieth, as what the trees make of it, that is one customer in twenty each
# night; its interval is tens of percent wide.
_SHARE = 0.02


@dataclass(frozen=True)
class ChurnRequest:
    """In the context: train on what was known on the day that is asked for.

    An object, so no client can say it.

    :param horizon_days: of the probability and of the value; None: as in the settings
    """

    horizon_days: int | None = None


def _get_keys(selection):
    return tuple(key for key, _label in selection)


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_fact_columns(self):
        return {
            **super()._get_fact_columns(),
            "revenue_year": Column("money"),
            "churn_offset": Column("float", tolerance=0.05),
            "value_factor": Column("float", relative=0.02),
        }

    @api.model
    def _get_score_columns(self):
        def money(**options):
            return Column("money", tolerance=_PERCENT, relative=_SHARE, **options)

        return {
            **super()._get_score_columns(),
            "churn_probability": Column("float", tolerance=_PERCENT),
            "churn_risk": Column("choice", values=_get_keys(RISKS)),
            "expected_orders": Column(
                "float", tolerance=_PERCENT, relative=_SHARE, follows=True
            ),
            "clv_expected": money(),
            "clv_low": money(follows=True),
            "clv_high": money(follows=True),
            "revenue_at_risk": money(follows=True),
            "churn_method": Column("choice", values=_get_keys(METHODS)),
            "churn_confidence": Column("choice", values=_get_keys(CONFIDENCES)),
        }

    @api.model
    def _get_windows(self, company):
        return super()._get_windows(company) | {YEAR_MONTHS}

    @api.model
    def _get_scorers(self):
        # the lapse dates come first, segments do not matter
        return [*super()._get_scorers(), self._score_churn]

    # -- which model -------------------------------------------------------------

    @api.model
    def _get_churn_request(self):
        request = self.env.context.get("churn_request")
        return request if isinstance(request, ChurnRequest) else None

    @api.model
    def _create_context(self, company, as_of, learned=None):
        context = super()._create_context(company, as_of, learned)
        if not self._get_churn_request() and as_of == company._get_lifecycle_today():
            # it is no secret to the engine
            active = self.env["churn.model"].sudo()._get_active(company)
            if active:
                context.extras["churn"] = active._get_scoring()
        return context

    # -- facts -------------------------------------------------------------------

    @api.model
    def _build_facts(self, purchases, customers, days, context):
        facts = super()._build_facts(purchases, customers, days, context)
        request = self._get_churn_request()
        if request:
            context.extras["churn"] = self.env["churn.model"]._learn_for(
                context.company, purchases, context.as_of, request.horizon_days
            )
        self._add_churn_facts(facts, purchases, context)
        return facts

    @api.model
    def _add_churn_facts(self, facts, purchases, context):
        """Add what the scores need beside the facts there are.

        Of a month of the past, whose scores stay empty, nothing is computed.
        """
        import numpy as np

        nothing = np.full(len(facts), np.nan)
        for name in ("revenue_year", "churn_offset", "value_factor"):
            facts[name] = nothing
        scoring = context.extras.get("churn")
        today = context.company._get_lifecycle_today()
        if not scoring and context.as_of < today:
            return
        facts["revenue_year"] = self._sum_year(facts, purchases, context)
        if scoring and scoring.model.needs_features:
            self._add_churn_offsets(facts, purchases, context, scoring)

    @api.model
    def _sum_year(self, facts, purchases, context):
        """Revenue of the last 12 months of each row; NaN for who never bought."""
        import numpy as np

        company, as_of = context.company, context.as_of
        begin = day_number(as_of - relativedelta(months=YEAR_MONTHS))
        rows = np.flatnonzero(purchases.day > begin)
        ids = facts["partner_id"].to_numpy()
        place = np.searchsorted(ids, purchases.customer[rows])
        digits = company.currency_id.decimal_places
        amount = purchases.amount[rows] / 10**digits
        year = np.bincount(place, weights=amount, minlength=len(ids))
        bought = facts["order_count"].to_numpy() > 0
        return np.where(bought, year.round(digits), np.nan)
