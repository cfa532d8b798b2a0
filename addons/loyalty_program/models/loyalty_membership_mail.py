"""The only way by which memberships write to customers: through the gate."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import split_every

KINDS = ("welcome", "ending", "lost", "invitation")
_BATCH = 500


class LoyaltyMembership(models.Model):
    _inherit = "loyalty.membership"

    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["partner_id"]

    def _send_mail(self, template, source="automation"):
        """Queue a mail to members; the gate leaves out who may not be written to.

        :param source: who sends, of ``GATE_SOURCES`` of the gate
        """
        gate = self.env["lifecycle.gate"]
        for company, members in self.grouped("company_id").items():
            token = gate._get_token() or gate._open(company, source)
            sender = template.with_company(company).with_context(
                lifecycle_gate=token, loyalty_for_member=True
            )
            for ids in split_every(_BATCH, members.ids):
                sender.send_mail_batch(
                    list(ids),
                    force_send=False,
                    email_layout_xmlid="mail.mail_notification_light",
                )

    def action_invite(self):
        """Mail the invitation to members of a tier; for lists and server actions."""
        self.env["lifecycle.gate"]._check_may_write_to_members()
        template = self.env.ref("loyalty_program.mail_template_tier_invitation")
        self.filtered("tier_id")._send_mail(template, source="action")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_mail_direction(self):
        """``ltr`` or ``rtl``, by the language that a contact is written to in."""
        return self.env["res.lang"]._get_data(code=self.lang).direction or "ltr"

    def action_send_tier_mail(self, kind):
        """Mail members about their tier; for server actions, plays and tiers.

        :param kind: ``welcome``, ``ending``, ``lost`` or ``invitation``
        """
        self.env["lifecycle.gate"]._check_may_write_to_members()
        if kind not in KINDS:
            raise UserError(
                self.env._(
                    "Kind of mail: none is called “%(kind)s”. Use one of %(all)s.",
                    kind=kind,
                    all=", ".join(KINDS),
                )
            )
        template = self.env.ref(f"loyalty_program.mail_template_tier_{kind}")
        program = self.env["loyalty.engine"]._get_programs(self.env.company)[:1]
        tier = self.env["loyalty.tier"].browse(self.env.context.get("loyalty_tier_id"))
        members = self.env["loyalty.membership"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("program_id", "=", (tier.sudo().program_id or program).id),
                ("company_id", "=", self.env.company.id),
                ("tier_id", "!=", False),
            ]
        )
        if kind == "ending":
            members = members.filtered(lambda m: m.valid_until and m.keep_missing)
        members._send_mail(template, source="action")
