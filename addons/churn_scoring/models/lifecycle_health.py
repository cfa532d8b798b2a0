from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

# Days that a scheduled action may be late before it is told.
_LATE_DAYS = 2


class LifecycleHealth(models.Model):
    _inherit = "lifecycle.health"

    churn_model_id = fields.Many2one(
        "churn.model",
        string="Model",
        compute="_compute_churn_model",
        help="The model by which the customers of the company are scored.",
    )
    churn_state = fields.Char(
        string="State of the Churn Model",
        compute="_compute_churn_model",
        help="When the model was trained, and how far it is proven.",
    )

    churn_ended_id = fields.Many2one(
        "churn.model",
        string="Last Churn Training",
        compute="_compute_churn_ended",
        help="The last training that came to an end, good or bad.",
    )
    churn_judgement_id = fields.Many2one(
        "churn.judgement",
        string="Last Churn Judgement",
        compute="_compute_churn_ended",
        help="The latest predictions that were compared with what happened.",
    )

    @api.depends("company_id")
    def _compute_churn_model(self):
        active = self.env["churn.model"]._get_last_of(
            self.company_id, [("state", "=", "active")]
        )
        for health in self:
            model = active[health.company_id].with_prefetch(
                [training.id for training in active.values() if training]
            )
            health.churn_model_id = model
            health.churn_state = model.summary

    churn_evidence_run_id = fields.Many2one(
        "churn.evidence.run",
        string="Last Look for Evidence",
        compute="_compute_churn_evidence_run_id",
        help="How far the evidence of the company is.",
    )

    @api.depends("company_id")
    def _compute_churn_evidence_run_id(self):
        runs = self.env["churn.evidence.run"].search(
            [("company_id", "in", self.company_id.ids)]
        )
        by_company = {run.company_id: run.id for run in runs}
        for health in self:
            health.churn_evidence_run_id = by_company.get(health.company_id, False)

    @api.depends("company_id")
    def _compute_churn_ended(self):
        trainings = self.env["churn.model"]._get_last_of(
            self.company_id, [("state", "not in", ("pending", "running"))]
        )
        judgements = self.env["churn.judgement"]
        last = dict(
            judgements._read_group(
                [("company_id", "in", self.company_id.ids), ("kind", "=", "churn")],
                ["company_id"],
                ["id:max"],
            )
        )
        for health in self:
            health.churn_ended_id = trainings[health.company_id]
            health.churn_judgement_id = last.get(health.company_id, False)

    @api.model
    def _get_scheduled_actions(self):
        return {
            **super()._get_scheduled_actions(),
            "churn_scoring.ir_cron_train": self.env._("Churn training"),
            "churn_scoring.ir_cron_judge": self.env._("Churn predictions judged"),
            "churn_scoring.ir_cron_save_lists": self.env._("Save lists"),
        }

    def _compute_schedule(self):
        # dates only, of companies of whoever looks; asked once for all of them
        companies = self.company_id.sudo()
        due = self.env["churn.judgement"].sudo()._find_due(companies)
        return super(
            LifecycleHealth, self.with_context(churn_judgements_due=due)
        )._compute_schedule()

    def _get_run_attention(self):
        yield from super()._get_run_attention()
        yield from self._get_churn_attention()

    def _get_churn_attention(self):
        """What is wrong with the churn model of one company, a sentence each."""
        self.ensure_one()
        last = self.churn_ended_id
        if last.state == "failed":
            yield self.env._(
                "The churn training of %(day)s failed: %(error)s The last good model "
                "goes on. Mend the cause, then press “Train Now” under Lifecycle › "
                "Configuration.",
                day=format_date(self.env, last.as_of),
                error=last.error or "",
            )
        elif last.state == "vetoed":
            yield self.env._(
                "The churn model trained on %(day)s is not used: %(reason)s The last "
                "good model goes on.",
                day=format_date(self.env, last.as_of),
                reason=last.veto_text or "",
            )
        if self.churn_evidence_run_id.state == "failed":
            yield self.env._(
                "Some evidence of churn could not be looked for: %(error)s The lines "
                "there are stay; it is tried again after the next run.",
                error=self.churn_evidence_run_id.error or "",
            )
        yield from self._get_late_attention()
        judged = self.churn_judgement_id
        if judged.drift:
            yield self.env._(
                "The churn model is off: %(verdict)s, where %(low)s to %(high)s %% "
                "could be expected.",
                verdict=judged.verdict,
                low=round(100 * judged.share_low),
                high=round(100 * judged.share_high),
            )

    def _get_late_attention(self):
        """Predictions that should have been judged by now; the log says why not."""
        today = self.company_id.sudo()._get_lifecycle_today()
        due = self.env.context["churn_judgements_due"][self.company_id.id]
        late = [row for row in due if row[2] < today - timedelta(days=_LATE_DAYS)]
        if late:
            _kind, said, until = late[0]
            yield self.env._(
                "What was said of the customers on %(day)s could be judged since "
                "%(until)s, and was not: look for “Judging the predictions” in the "
                "log of the server.",
                day=format_date(self.env, said),
                until=format_date(self.env, until),
            )
