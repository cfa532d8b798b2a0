"""Members are told before a tier ends, where the programme says with which mail."""

import functools
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    tier_warn_template_id = fields.Many2one(
        "mail.template",
        string="Warning Mail",
        domain=[("model", "=", "loyalty.membership")],
        ondelete="set null",
        help="Mail to members whose tier is about to end and is not earned again. It "
        "passes the gate before every message. Empty: nobody is written to.",
    )


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _evaluate(self, company, as_of, occasion, partner_ids=None, work=None):
        """Nightly, members whose tier ends soon are warned, once in each period."""
        count = super()._evaluate(company, as_of, occasion, partner_ids, work)
        if occasion.reason == "nightly" and not occasion.quiet and partner_ids is None:
            for program in self._get_programs(company):
                warn = self.with_company(company)._warn_members
                step = functools.partial(warn, program, company, as_of)
                (work or _at_once)(step, 0, 0)
        return count

    @api.model
    def _warn_members(self, program, company, as_of):
        """Mail who will lose the tier; the day is kept on the membership."""
        if not program.tier_warn_template_id or not program.tier_warn_days:
            return
        rows = self.env.execute_query(
            SQL(
                """UPDATE loyalty_membership SET warned_date = %(as_of)s
                WHERE program_id = %(program)s AND company_id = %(company)s
                  AND valid_until BETWEEN %(as_of)s AND %(last)s
                  AND keep_missing > 0 AND tier_id = earned_tier_id
                  AND COALESCE(warned_date, '-infinity') < valid_until - %(days)s::int
                RETURNING id""",
                as_of=as_of,
                program=program.id,
                company=company.id,
                last=as_of + timedelta(days=program.tier_warn_days),
                days=program.tier_warn_days,
            )
        )
        members = self.env["loyalty.membership"].browse(row[0] for row in rows)
        members.invalidate_recordset(["warned_date"], flush=False)
        members._send_mail(program.tier_warn_template_id)


def _at_once(function, _done, _total):
    return function()
