"""What a mailing earned, reported like a play."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS
from odoo.addons.lifecycle_play.models.lifecycle_play_result import VERDICTS


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    lifecycle_verdict = fields.Selection(
        VERDICTS,
        string="Verdict",
        compute="_compute_lifecycle_figures",
        compute_sudo=True,
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

    @api.depends("mailing_trace_ids.failure_type", "lifecycle_control_share", "state")
    @api.depends_context("allowed_company_ids")
    def _compute_lifecycle_figures(self):
        """In one query: the form of a mailing asks for them each time.

        Numbers of recipients, as Odoo counts them, of who may see the mailing; the
        verdict only of companies that are open, as results are seen.
        """
        begun = self.filtered(lambda mailing: mailing.state != "draft")
        figures = {}
        if begun.ids:
            self.env["mailing.trace"].flush_model(["mass_mailing_id", "failure_type"])
            self.env["lifecycle.play"].flush_model(["mailing_id", "company_id"])
            self.env["lifecycle.play.result"].flush_model(
                ["play_id", "step_id", "verdict"]
            )
            rows = self.env.execute_query(
                SQL(
                    """SELECT mailing.id, trace.held, trace.control, (
                        SELECT result.verdict FROM lifecycle_play_result result
                        JOIN lifecycle_play play ON play.id = result.play_id
                        WHERE play.mailing_id = mailing.id AND result.step_id IS NULL
                            AND play.company_id = ANY(%s) LIMIT 1)
                    FROM unnest(%s::int[]) mailing (id), LATERAL (
                        SELECT COUNT(*) FILTER (WHERE failure_type = 'lifecycle_held')
                                AS held,
                            COUNT(*) FILTER (WHERE failure_type = 'lifecycle_control')
                                AS control
                        FROM mailing_trace WHERE mass_mailing_id = mailing.id) trace""",
                    self.env.companies.ids,
                    begun.ids,
                )
            )
            figures = {mailing_id: row for mailing_id, *row in rows}
        for mailing in self:
            held, control, verdict = figures.get(mailing._origin.id, (0, 0, False))
            mailing.lifecycle_held_count = held
            mailing.lifecycle_control_count = control
            # a share that is tried out on the form has no verdict
            shared = mailing.lifecycle_control_share
            mailing.lifecycle_verdict = (shared and verdict) or False

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
