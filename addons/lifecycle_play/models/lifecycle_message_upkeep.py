from odoo import api, fields, models
from odoo.tools import SQL

# Days that the limit of messages per week looks back.
_WEEK = 7


class LifecycleMessage(models.Model):
    """The end of life of the log."""

    _inherit = "lifecycle.message"

    @api.autovacuum
    def _gc_messages(self):
        """What is older than its company keeps it; 0: nothing.

        The gate asks whether the same was sent lately: as long it is kept.
        """
        names = ["lifecycle_message_months", "lifecycle_duplicate_days"]
        self.env["res.company"].flush_model(names)
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_message m USING res_company c
                WHERE c.id = m.company_id AND c.lifecycle_message_months > 0
                  AND m.date < LEAST(
                    %(now)s::timestamp
                        - make_interval(months => c.lifecycle_message_months),
                    %(now)s::timestamp - make_interval(
                        days => GREATEST(c.lifecycle_duplicate_days, %(week)s)))""",
                now=fields.Datetime.now(),
                week=_WEEK,
            )
        )
        self.env.invalidate_all(flush=False)
