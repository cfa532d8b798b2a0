"""What a training measures on all customers, to be used for each of them."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_transaction_scope import is_drawn
from odoo.addons.lifecycle_crm.scoring.days import day_number

# A cut that no probability reaches: there are only two bands.
NEVER = 2.0
# So many customers tell the cut points to a tenth of a percent.
_SAMPLE = 100_000


class ChurnModel(models.Model):
    _inherit = "churn.model"

    @api.model
    def _find_scales(self, company, model, purchases, as_of, share=None):
        """What is measured on all customers and used for each of them.

        Where medium and high risk begin, from those who have not lapsed, and the mean
        value of an order day.

        :param share: of the customers, whose purchases these are
        """
        import numpy as np

        from ..scoring.bands import find_cuts
        from ..scoring.customers import Customers
        from ..scoring.features import features16, find_scale
        from ..scoring.score import find_churn

        if not model.rung:
            return {"cut_medium": 0, "cut_high": 0, "value_scale": 0}
        day = day_number(as_of)
        customers = Customers.from_purchases(purchases, day, model.digits)
        there = self.env["lifecycle.engine"]._copy_out(
            self.env.cr,
            SQL(
                """SELECT partner_id FROM lifecycle_profile
                WHERE company_id = %s AND lapse_date > %s AND %s""",
                company.id,
                as_of,
                is_drawn(SQL("partner_id"), share),
            ),
            {"partner_id": "int4"},
        )["partner_id"]
        kept = np.flatnonzero(np.isin(customers.ids, there))
        kept = customers.take(kept[:: len(kept) // _SAMPLE + 1])
        features = None
        scale = find_scale(customers.value)
        if model.needs_features:
            features = features16(purchases, kept, model.digits, scale)
        cuts = find_cuts(find_churn(model, kept, features))
        medium, high = cuts or (0, 0)
        return {
            "cut_medium": medium,
            "cut_high": min(high, NEVER),
            "value_scale": scale,
        }
