"""What a company decides about its model, and who may ask for one."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .churn_common import ChurnCase


@tagged("post_install", "-at_install")
class TestChurnSettings(ChurnCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = cls.env["churn.model"]
        cls.partners = cls._buy()

    def test_settings_ask_for_it(self):
        self._set_up_scores()
        self.company.churn_discount_rate = 10
        training = self.models.search([("state", "=", "pending")])
        self.assertEqual(training.reason, "settings")
        self.company.churn_clv_months = "24"
        self.assertEqual(self.models.search([("state", "=", "pending")]), training)
        with self._no_commit():
            self.models._process_pending()
        self.assertEqual(training.clv_months, 24)
        self.assertEqual(training.discount_rate, 10)

    def test_bands_of_the_settings(self):
        self._set_up_scores()
        self.company.write(
            {"churn_bands_auto": False, "churn_cut_medium": 30, "churn_cut_high": 60}
        )
        self._process_pending()
        there = self._profiles([("churn_risk", "!=", False)])
        self.assertTrue(there)
        for profile in there:
            share = 100 * profile.churn_probability
            band = "high" if share >= 60 else "medium" if share >= 30 else "low"
            if min(abs(share - 30), abs(share - 60)) > 1:
                self.assertEqual(profile.churn_risk, band, share)
        self.assertIn("30 %", self.models._get_active(self.company).bands_text)

    def test_bad_settings(self):
        for values, text in (
            ({"churn_horizon_days": 0}, "Churn Horizon (days) is 0"),
            ({"churn_horizon_days": 366}, "from 1 to 365"),
            ({"churn_discount_rate": -1}, "Discount Rate (% a year) is -1"),
            ({"churn_discount_rate": 101}, "from 0 to 100"),
            ({"churn_cut_high": 100}, "High Risk From (%) is 100"),
            ({"churn_cut_medium": 0}, "Medium Risk From (%) is 0"),
            ({"churn_cut_medium": 80}, "become high later"),
            ({"churn_cut_medium": 50, "churn_cut_high": 40}, "become high later"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError) as caught,
                self.env.cr.savepoint(),
            ):
                self.company.write(values)
            self.assertIn(text, str(caught.exception))
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self.company.churn_clv_months = "13"

    def test_only_a_manager_asks(self):
        user = self.env["res.users"].create(
            {
                "name": "Seller",
                "login": "churn-seller",
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [
                    (6, 0, self.env.ref("sales_team.group_sale_salesman").ids)
                ],
            }
        )
        with self.assertRaises(UserError):
            self.models.with_user(user).action_train()
