"""What a mailing earned, reported like a play."""

from odoo import api, fields, models

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS
from odoo.addons.lifecycle_play.models.lifecycle_play_result import VERDICTS


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    lifecycle_verdict = fields.Selection(
        VERDICTS,
        string="Verdict",
        compute="_compute_lifecycle_verdict",
        groups=LIFECYCLE_GROUPS,
        help="Said when it is surer than a 95 % interval: asked every night, a mailing "
        "without effect is called earned with a chance of at most 2.5 %.",
    )
    lifecycle_verdict_text = fields.Char(
        string="What It Earned",
        compute="_compute_lifecycle_result",
        groups=LIFECYCLE_GROUPS,
        help="Customers who got the mailing beside those held out, after their time "
        "was over.",
    )
    lifecycle_result_ids = fields.Many2many(
        "lifecycle.play.result",
        string="Results",
        compute="_compute_lifecycle_result",
        groups=LIFECYCLE_GROUPS,
    )

    @api.depends("lifecycle_control_share", "state")
    def _compute_lifecycle_verdict(self):
        """In one query: the form of a mailing asks for it each time."""
        asked = self.filtered(
            lambda mailing: mailing.state != "draft" and mailing.lifecycle_control_share
        )
        groups = asked and self.env["lifecycle.play.result"]._read_group(
            [("play_id.mailing_id", "in", asked.ids), ("step_id", "=", False)],
            ["play_id.mailing_id", "verdict"],
        )
        verdicts = {mailing.id: verdict for mailing, verdict in groups}
        for mailing in self:
            mailing.lifecycle_verdict = verdicts.get(mailing._origin.id)

    @api.depends("lifecycle_play_ids.result_ids", "lifecycle_control_share", "state")
    def _compute_lifecycle_result(self):
        for mailing in self:
            play = self.env["lifecycle.play"]
            if mailing.state != "draft" and mailing.lifecycle_control_share:
                play = mailing.lifecycle_play_id
            mailing.lifecycle_result_ids = play.result_ids
            if play:
                text = play.verdict_text
            elif mailing.state == "done":
                text = self.env._(
                    "Not known: nobody was held out, so there is nobody to compare "
                    "with."
                )
            elif not mailing.lifecycle_control_share:
                text = self.env._(
                    "Hold out a share of the customers to learn what the mailing earns."
                )
            else:
                text = False
            mailing.lifecycle_verdict_text = text

    def action_view_lifecycle_result(self):
        """Figures with their intervals, as those of plays."""
        self.ensure_one()
        return self.lifecycle_play_id.action_view_results()

    def action_refresh_lifecycle_result(self):
        """Compute the results now; they are refreshed every night."""
        self.check_access("write")
        self.env["lifecycle.play.result"].check_access("read")
        for company in self.lifecycle_company_id:
            # figures of the company, for who may read them
            self.env["lifecycle.play.result"]._refresh(company)
        return True
