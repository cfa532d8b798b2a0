"""What was said is kept, once a month, as long as it can be judged."""

from datetime import datetime, time, timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .churn_common import PredictionsCase


@tagged("post_install", "-at_install")
class TestChurnPredictions(PredictionsCase):
    def test_kept_once_a_month(self):
        self._judge()
        self.assertFalse(self._kept(), "no model yet")
        model = self._set_up_scores()
        self._judge()
        kept = self._kept()
        self.assertEqual(len(kept), 300)
        self.assertEqual(kept.model_id, model)
        self.assertEqual(set(kept.mapped("date")), {self.today})
        profile = self._profiles([("partner_id", "=", kept[0].partner_id.id)])
        self.assertAlmostEqual(kept[0].probability, profile.churn_probability, 5)
        self.assertEqual(kept[0].clv, profile.clv_expected)
        self._judge(self.today + timedelta(days=5))
        self.assertEqual(len(self._kept()), 300)
        later = self.today + timedelta(days=20)
        self._recompute(day=later)
        self._judge(later)
        self.assertEqual(len(self._kept()), 600)

    def test_nothing_is_kept_under_the_name_of_a_model_that_did_not_say_it(self):
        self._set_up_scores()
        now = datetime.combine(self.today, time(15))
        with self.at(now):
            self.company.churn_horizon_days = 30
            with self._no_commit():
                self.env["churn.model"]._process_pending()
            model = self.env["churn.model"]._get_active(self.company)
            self.assertEqual(model.horizon_days, 30)
            # the profiles still say what was said of 60 days
            self._judge(now)
            self.assertFalse(self._kept())
        with self.at(now + timedelta(hours=1)):
            self._process_pending()
            self._judge(now)
        self.assertEqual(set(self._kept().mapped("horizon_days")), {30})

    def test_contacts_that_go(self):
        self._set_up_scores()
        self._judge()
        first, second, third = self._profiles([("churn_method", "!=", False)])[:3]
        one, two, three = (p.partner_id for p in (first, second, third))
        said = {kept.partner_id: kept.probability for kept in self._kept()}
        self.env["base.partner.merge.automatic.wizard"]._merge([one.id, two.id], two)
        kept = self._kept()
        self.assertEqual(len(kept), 299)
        stays = kept.filtered(lambda row: row.partner_id == two)
        self.assertAlmostEqual(stays.probability, said[two], 5)
        self.env["lifecycle.history"].search([("partner_id", "=", three.id)]).unlink()
        three.unlink()
        self.assertEqual(len(self._kept()), 298)

    def test_a_merge_into_who_is_new_keeps_what_was_said(self):
        self._set_up_scores()
        self._judge()
        one = self._profiles([("churn_method", "!=", False)])[0].partner_id
        new = self._partner("New one")
        self.env["base.partner.merge.automatic.wizard"]._merge([one.id, new.id], new)
        self.assertIn(new, self._kept().partner_id)
        self.assertEqual(len(self._kept()), 300)

    def test_orphans_are_cleared_away(self):
        self._set_up_scores()
        self._judge()
        self.env.cr.execute(
            SQL(
                """INSERT INTO churn_prediction
                (company_id, date, partner_id, horizon_days, clv_months, probability)
                VALUES (%s, '2026-06-01', 999999999, 60, 12, 0.5),
                    (999999, '2026-06-01', %s, 60, 12, 0.5)""",
                self.company.id,
                self.partners[0].id,
            )
        )
        self.predictions._gc_predictions()
        self.env.cr.execute("SELECT COUNT(*) FROM churn_prediction")
        self.assertEqual(self.env.cr.fetchone(), (300,))
