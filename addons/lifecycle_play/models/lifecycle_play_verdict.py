"""What a play earned, said on the play; one that loses proposes to pause."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, formatLang

from .lifecycle_play_result import VERDICTS


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    outcome_days = fields.Integer(
        string="Time That Counts",
        default=60,
        required=True,
        help="Days: what customers buy within so many days after they entered is "
        "compared between those treated and those held out.",
    )
    result_ids = fields.One2many("lifecycle.play.result", "play_id", string="Results")
    result_id = fields.Many2one("lifecycle.play.result", compute="_compute_result_id")
    verdict = fields.Selection(VERDICTS, compute="_compute_result_id")
    verdict_text = fields.Char(
        string="What It Earned",
        compute="_compute_result_id",
        help="Customers treated beside those held out, after their time was over.",
    )
    loss_told = fields.Boolean(
        copy=False, help="The owner was told that the play loses money."
    )

    @api.constrains("outcome_days")
    def _check_outcome_days(self):
        for play in self:
            if not 1 <= play.outcome_days <= 365:
                raise ValidationError(
                    self.env._(
                        "Time That Counts: choose 1 to 365 days, not %s.",
                        play.outcome_days,
                    )
                )

    @api.depends(
        "result_ids.verdict",
        "result_ids.net",
        "result_ids.net_low",
        "result_ids.net_high",
        "result_ids.weeks",
        "result_ids.date",
        "control_share",
        "outcome_days",
    )
    @api.depends_context("lang")
    def _compute_result_id(self):
        for play in self:
            result = play.result_ids.filtered(lambda result: not result.step_id)[:1]
            play.result_id = result
            play.verdict = result.verdict
            play.verdict_text = play._get_verdict_text(result)

    def _get_verdict_text(self, result):
        """The verdict in words."""
        self.ensure_one()
        if not result:
            return self.env._("Nobody has entered yet.")
        if not result.treated_count and not result.control_count:
            return self._get_early_text(result)
        if not result.control_count and self.control_share:
            return self.env._(
                "Cannot tell yet: by chance none of these customers was held out. "
                "More customers will tell."
            )
        if not result.control_count:
            return self.env._(
                "Cannot tell: nobody was held out. Hold out a share of the customers "
                "to learn what the play earns."
            )
        sums = {
            name: formatLang(
                self.env,
                result[field],
                currency_obj=result.currency_id,
            )
            for name, field in (
                ("low", "net_low"),
                ("high", "net_high"),
                ("net", "net"),
            )
        }
        if result.verdict == "earned":
            return self.env._(
                "Earned %(net)s, between %(low)s and %(high)s, after costs.", **sums
            )
        if result.verdict == "lost":
            return self.env._(
                "Lost: %(net)s, between %(low)s and %(high)s, after costs.", **sums
            )
        if not result.has_interval:
            return self.env._("Cannot tell yet: none of these customers has bought.")
        if result.weeks:
            return self.env._(
                "Cannot tell yet: between %(low)s and %(high)s so far. Needs about "
                "%(weeks)s more weeks.",
                weeks=result.weeks,
                **sums,
            )
        return self.env._(
            "Cannot tell yet: between %(low)s and %(high)s so far, and not within two "
            "years as it goes on. More customers, or a larger share held out, would "
            "tell.",
            **sums,
        )

    def _get_early_text(self, result):
        first = self.env["lifecycle.play.outcome"].search(
            [("play_id", "=", self.id), ("step_id", "=", False)],
            order="until_day",
            limit=1,
        )
        return self.env._(
            "Cannot tell yet: the time that counts is over for the first of "
            "%(count)s customers after %(day)s.",
            count=result.entered_count,
            day=format_date(self.env, first.until_day),
        )

    def _tell_losses(self):
        """Ask the owners of running plays that lose money, once, to pause them."""
        for play in self.filtered("result_id"):
            if play.verdict != "lost":
                if play.loss_told:
                    play.loss_told = False
                continue
            if play.loss_told or play.state != "running":
                continue
            play.loss_told = True
            owner = play.user_id if play.user_id.active else self.env.user
            said = play.with_context(lang=owner.lang or self.env.lang)
            # of a type of its own: other questions about the play do not replace it
            play.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=said.env._("This play loses money. Pause it?"),
                note=said.verdict_text,
                user_id=owner.id,
            )

    def action_refresh_result(self):
        """Compute the results now; they are refreshed every night."""
        self.check_access("write")
        for company in self.company_id:
            self.env["lifecycle.play.result"]._refresh(company)
        return True

    def action_view_results(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_play.action_lifecycle_play_result"
        )
        return {
            **action,
            "display_name": self.env._("What “%s” Earned", self.name),
            "domain": [("play_id", "=", self.id)],
            "context": {},
        }
