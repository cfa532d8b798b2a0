from odoo import api, fields, models
from odoo.tools import SQL

_MOST_MONTHS = 120


class ChurnRetention(models.Model):
    """The retention curve of a company's subscriptions, one row per month of age."""

    _name = "churn.retention"
    _description = "Retention of Subscriptions"
    _order = "company_id, month"
    _rec_name = "month"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    month = fields.Integer(
        string="Months Since the Start",
        readonly=True,
        aggregator=None,
        help="Age of the subscription in months.",
    )
    at_risk = fields.Integer(
        string="Subscribed So Long",
        readonly=True,
        help="Subscriptions that were seen to last at least so long.",
    )
    ended = fields.Integer(
        readonly=True, help="Of them, those that ended in the month before."
    )
    retention = fields.Float(
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Share still subscribed at this age (Kaplan and Meier): also those who "
        "are still there and may yet leave count rightly.",
    )
    retention_low = fields.Float(
        string="At Least",
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Lower end of the 95 % interval.",
    )
    retention_high = fields.Float(
        string="At Most",
        readonly=True,
        digits=(5, 4),
        aggregator="avg",
        help="Upper end of the 95 % interval.",
    )

    @api.model
    def _store(self, company, curve, found):
        """Keep a curve by whole months, up to the longest subscription seen.

        :param curve: :class:`..scoring.kaplan_meier.RetentionCurve` over months
        """
        import numpy as np

        months = np.arange(min(int(curve.longest), _MOST_MONTHS) + 1)
        age, ended = found["age_months"], found["ended"]
        # the last step of the curve at or before each month
        step = np.searchsorted(curve.time, months, side="right")
        low, high = np.append(1.0, curve.low), np.append(1.0, curve.high)
        # an end at a whole month belongs to the month before it
        gone = np.searchsorted(np.sort(age[ended]), months, side="right")
        counts = np.diff(np.append(0, gone))
        self.env.cr.execute(
            SQL(
                """INSERT INTO churn_retention (company_id, month, at_risk, ended,
                    retention, retention_low, retention_high)
                SELECT %s, * FROM unnest(%s::int[], %s::int[], %s::int[],
                    %s::float8[], %s::float8[], %s::float8[])""",
                company.id,
                months.tolist(),
                [int(np.sum(age >= month)) for month in months],
                counts.tolist(),
                curve.at(months).tolist(),
                low[step].tolist(),
                high[step].tolist(),
            )
        )
