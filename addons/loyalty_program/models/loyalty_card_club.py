"""What members are told of their points."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..scoring.returns import EPSILON


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    ledger_ids = fields.One2many(
        "loyalty.ledger", "card_id", string="Points History", readonly=True
    )
    points_reminded_on = fields.Date(
        string="Reminded On",
        readonly=True,
        copy=False,
        help="Day of the last reminder that points are about to expire.",
    )

    def _mark_reminded(self, day):
        if self:
            self.env.cr.execute(
                SQL(
                    """UPDATE loyalty_card SET points_reminded_on = %s
                    WHERE id = ANY(%s)""",
                    day,
                    self.ids,
                )
            )
            self.invalidate_recordset(["points_reminded_on"])

    def _send_member_mail(self, template):
        """Mails to the owners of cards; the only way by which this addon writes them.

        They pass the gate, under the token of the play or the action that sends, and
        go into the mail queue.  The gate leaves out who may not be written to, and
        logs why.
        """
        if not self:
            return
        gate = self.env["lifecycle.gate"]
        token = gate._get_token() or gate._open(source="automation")
        template.with_context(lifecycle_gate=token).send_mail_batch(
            self.ids,
            force_send=False,
            email_layout_xmlid="mail.mail_notification_light",
        )

    def action_send_points_reminder(self):
        """Remind owners of points that expire soon; for server actions and plays.

        Cards without such points are left out, and those reminded today already.
        """
        self.env["lifecycle.gate"]._check_may_write_to_members()
        for program in self.program_id:
            template = (
                program.point_reminder_template_id or program._get_reminder_template()
            )
            today = program._get_points_today()
            cards = self.filtered(
                lambda card, program=program, today=today: (
                    card.program_id == program
                    and card.points_reminded_on != today
                    and card._get_expiring_points()
                )
            )
            if template and cards:
                cards._mark_reminded(today)
                cards._send_member_mail(template)

    # -- points by expiry ----------------------------------------------------------

    def _get_points_by_expiry(self):
        """Points left by their last day, soonest first, those that stay last.

        :return: pairs of date (False: no end) and points
        """
        self.ensure_one()
        # whoever may see the card may see until when its points are good
        groups = (
            self.env["loyalty.lot"]
            .sudo()
            ._read_group(
                [("card_id", "=", self.id), ("remaining", ">", EPSILON)],
                ["expire_on:day"],
                ["remaining:sum"],
            )
        )
        pairs = [(day or False, points) for day, points in groups]
        return sorted(pairs, key=lambda pair: (not pair[0], str(pair[0])))

    def _get_expiring_points(self):
        """The same as texts, of points that expire within the time of the reminder."""
        self.ensure_one()
        program = self.program_id.sudo()  # its settings, not its customers
        until = program._get_points_today() + timedelta(
            days=program.point_reminder_days or 30
        )
        return [
            (format_date(self.env, day), self._format_points(points))
            for day, points in self._get_points_by_expiry()
            if day and day <= until
        ]

    @api.model
    def _get_club_domain(self, partner):
        """Cards that a contact may see: its own, and the shared one of its company."""
        return [
            ("program_id.active", "=", True),
            ("program_id.program_type", "in", ("loyalty", "ewallet")),
            "|",
            ("partner_id", "=", partner.id),
            "&",
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("program_id.card_per_company", "=", True),
        ]
