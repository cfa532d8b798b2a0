"""Keep what is said each month, and judge what can be judged."""

import math
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

# What chance does not explain, and what may still be a season that no model knew.
_ALLOWANCE = 0.05
_Z_95 = 1.96
# Judgements of a company in one call, each of which reads its purchases: in a month
# two can be judged.
_AT_ONCE = 4


class ChurnJudgement(models.Model):
    _inherit = "churn.judgement"

    @api.model
    def _cron_judge(self):
        """Once a month keep what is said; judge what can be judged.  Called daily."""
        # pylint: disable-next=no-search-all
        companies = self.env["res.company"].search([])
        companies._lifecycle_do_each(self._keep, "Keeping the predictions")
        companies._lifecycle_do_each(self._judge_due, "Judging the predictions")

    @api.model
    def _judge_due(self, company):
        """What can be judged of a company; after a long pause the oldest of it."""
        for kind, day, until in self._find_due(company)[company.id][:_AT_ONCE]:
            self._judge(company, kind, day, until)

    @api.model
    def _keep(self, company):
        model = self.env["churn.model"]._get_active(company)
        run = self.env["lifecycle.run"]._get_last_done(company)
        # of a model whose scores are not there yet nothing can be kept: until the run
        # after it the profiles say what the model before it said, of its horizon
        trained = model.alive or model.write_date
        if model.rung not in (False, "0") and run.start and run.start >= trained:
            self.env["churn.prediction"]._keep(company, model, run.as_of)

    @api.model
    def _find_due(self, companies):
        """What can be judged, by company: lists of (kind, day it was said, last day).

        As many queries for some companies as for one.
        """
        said = self.env.execute_query(
            SQL(
                """WITH RECURSIVE days (company_id, date) AS (
                    SELECT c.id, (SELECT MIN(p.date) FROM churn_prediction p
                        WHERE p.company_id = c.id)
                    FROM unnest(%s::int[]) c (id)
                    UNION ALL
                    SELECT days.company_id, (SELECT MIN(p.date) FROM churn_prediction p
                        WHERE p.company_id = days.company_id AND p.date > days.date)
                    FROM days WHERE days.date IS NOT NULL
                )
                SELECT days.company_id, days.date, p.horizon_days, p.clv_months
                FROM days CROSS JOIN LATERAL (
                    SELECT horizon_days, clv_months FROM churn_prediction p
                    WHERE p.company_id = days.company_id AND p.date = days.date
                    LIMIT 1) p
                WHERE days.date IS NOT NULL ORDER BY 1, 2""",
                companies.ids,
            )
        )
        done = {
            (judged.company_id.id, judged.kind, judged.date)
            for judged in self.search([("company_id", "in", companies.ids)])
        }
        today = {company.id: company._get_lifecycle_today() for company in companies}
        due = {company.id: [] for company in companies}
        for company_id, day, horizon, months in said:
            for kind, until in (
                ("churn", day + timedelta(days=horizon)),
                ("value", day + relativedelta(months=months)),
            ):
                # the last day must be over
                over = until < today[company_id]
                if over and (company_id, kind, day) not in done:
                    due[company_id].append((kind, day, until))
        return due

    @api.model
    def _judge(self, company, kind, day, until):
        """Judge what was said on a day by what happened up to another."""
        said = self._read_said(company, day)
        purchases = self._read_window(company, day, until)
        values = {
            "company_id": company.id,
            "kind": kind,
            "date": day,
            "until": until,
            **said.pop("about"),
            "customer_count": len(said["partner_id"]),
        }
        figures = self._judge_churn if kind == "churn" else self._judge_value
        values.update(figures(company, said, purchases))
        judged = self.create(values)
        if judged.drift:
            judged._alert()
        return judged

    @api.model
    def _read_said(self, company, day):
        """What was said on a day, as arrays by customer, and ``about``."""
        rows = self.env["lifecycle.engine"]._copy_out(
            self.env.cr,
            SQL(
                """SELECT partner_id, probability::float8, COALESCE(clv, 0)::float8
                FROM churn_prediction WHERE company_id = %s AND date = %s
                ORDER BY partner_id""",
                company.id,
                day,
            ),
            {"partner_id": "int4", "probability": "float8", "clv": "float8"},
        )
        [[horizon, model_id]] = self.env.execute_query(
            SQL(
                """SELECT horizon_days, model_id FROM churn_prediction
                WHERE company_id = %s AND date = %s LIMIT 1""",
                company.id,
                day,
            )
        )
        model = self.env["churn.model"].browse(model_id).exists()
        return {**rows, "about": {"horizon_days": horizon, "model_id": model.id}}

    @api.model
    def _read_window(self, company, day, until):
        """Purchases after a day and up to another, as they are known now."""
        from odoo.addons.lifecycle_crm.scoring.days import day_number

        engine = self.env["lifecycle.engine"].with_company(company)
        purchases = engine._read_from(
            company, lambda cr: engine._read_purchases(company, until, cr=cr)
        )
        return purchases.take(purchases.day > day_number(day))

    @api.model
    def _judge_churn(self, company, said, purchases):
        import numpy as np

        from ..scoring.metrics import auc_delong, brier

        probability = said["probability"]
        left = ~np.isin(said["partner_id"], purchases.customer[purchases.is_order])
        auc, low, high = auc_delong(left, probability)
        predicted, observed = float(probability.mean()), float(left.mean())
        spread = math.sqrt(float((probability * (1 - probability)).sum()))
        margin = _Z_95 * spread / len(left) + _ALLOWANCE
        return {
            "predicted_share": predicted,
            "observed_share": observed,
            "share_low": max(predicted - margin, 0),
            "share_high": min(predicted + margin, 1),
            "drift": abs(observed - predicted) > margin,
            "brier": brier(left, probability),
            # nothing to rank where all left or all stayed
            **{
                name: False if math.isnan(value) else value
                for name, value in (("auc", auc), ("auc_low", low), ("auc_high", high))
            },
        }

    @api.model
    def _judge_value(self, company, said, purchases):
        import numpy as np

        ids = said["partner_id"]
        place = np.minimum(np.searchsorted(ids, purchases.customer), len(ids) - 1)
        known = ids[place] == purchases.customer
        unit = 10**company.currency_id.decimal_places
        came = np.bincount(
            place[known], purchases.amount[known] / unit, minlength=len(ids)
        )
        return {
            "value_predicted": float(said["clv"].sum()),
            "value_observed": float(came.sum()),
            "value_mae": float(np.abs(came - said["clv"]).mean()),
        }

    def _alert(self):
        """An activity for each lifecycle manager of the company, on the model."""
        self.ensure_one()
        model = self.env["churn.model"]._get_active(self.company_id) or self.model_id
        if not model:
            return
        group = self.env.ref("lifecycle_crm.group_lifecycle_manager")
        for user in group.all_user_ids:
            if not user.share and self.company_id in user.company_ids:
                model.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=self.env._("The churn model is off"),
                    note=self.env._(
                        "%(verdict)s. That is outside of what may happen where the "
                        "model is right (%(low)s to %(high)s %%). Look at the model, "
                        "train it anew, and ask yourself what changed.",
                        verdict=self.verdict,
                        low=round(100 * self.share_low),
                        high=round(100 * self.share_high),
                    ),
                )
