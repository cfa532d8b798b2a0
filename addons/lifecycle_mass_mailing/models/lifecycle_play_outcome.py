from odoo import api, models
from odoo.tools import SQL


class LifecyclePlayOutcome(models.Model):
    _inherit = "lifecycle.play.outcome"

    @api.model
    def _select_sent(self, company):
        """One more message for who got a mailing."""
        return SQL(
            """%s UNION ALL
            SELECT way.id, NULL::int
            FROM lifecycle_play_enrollment way
            JOIN lifecycle_play own ON own.id = way.play_id
                AND own.mailing_id IS NOT NULL
            WHERE way.company_id = %s AND way.arm = 'treated'""",
            super()._select_sent(company),
            company.id,
        )
