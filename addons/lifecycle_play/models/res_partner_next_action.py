"""What to do next for a customer: what plays will do, and what the stage asks for."""

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS

# What the gate says that a salesperson has to know before they write.
_TOLD = ("blacklisted", "no_profiling", "opted_out", "open_complaint")


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_next_action = fields.Text(
        string="Next Best Action",
        compute="_compute_lifecycle_next_action",
        groups=LIFECYCLE_GROUPS,
        help="What the running plays do next by themselves, what the stage of the "
        "customer asks for, and whether the customer may be written to.",
    )

    @api.depends_context("allowed_company_ids", "lang", "uid")
    def _compute_lifecycle_next_action(self):
        company = self.env.company
        plays = self._read_lifecycle_plays(company)
        reasons = self.env["lifecycle.gate"]._check(self._origin, company, "mail")
        for partner in self:
            lines = plays.get(partner.commercial_partner_id.id, [])
            lines = [*lines, *partner._get_lifecycle_advice()]
            reason = reasons.get(partner._origin.id)
            if reason in _TOLD and partner.lifecycle_profile_id:
                labels = dict(self.env["lifecycle.gate"]._get_reason_labels())
                lines.append(self.env._("Do not write: %s.", labels[reason].lower()))
            partner.lifecycle_next_action = "\n".join(lines) or False

    def _read_lifecycle_plays(self, company):
        """What running plays do next: ``{customer id: texts}``."""
        ways = self.env["lifecycle.play.enrollment"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", company.id),
                ("state", "=", "running"),
                ("arm", "=", "treated"),
                ("play_id.state", "=", "running"),
                ("step_id", "!=", False),
            ],
            order="next_date, id",
        )
        texts = {}
        for way in ways:
            texts.setdefault(way.partner_id.id, []).append(
                self.env._(
                    "%(day)s, by itself: %(step)s (play “%(play)s”)",
                    day=format_date(self.env, way.next_date),
                    step=way.step_id.name,
                    play=way.play_id.name,
                )
            )
        return texts

    def _get_lifecycle_advice(self):
        """What the rules ask for, the most urgent first: texts. Addons add theirs."""
        self.ensure_one()
        advice = self.lifecycle_profile_id.stage_id.next_action
        return [advice] if advice else []
