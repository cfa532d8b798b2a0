"""The first steps on the dashboard: who sees them, what they propose, when they go."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .history_common import HistoryCase


class OnboardingCase(HistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("first_manager", "sales_team.group_sale_manager")
        cls.seller = cls._user("first_seller", "sales_team.group_sale_salesman")

    @classmethod
    def _user(cls, login, *groups):
        return new_test_user(
            cls.env,
            login,
            ",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _steps(self, user=None):
        steps = self.env["lifecycle.onboarding"].with_user(user or self.manager)
        return steps.with_company(self.company)

    def _trade_monthly(self, customers=3, orders=10, gap=30):
        for number in range(customers):
            partner = self._partner(f"Regular {number}")
            for index in range(orders):
                self._order(partner, date(2025, 6, 2) + timedelta(gap * index), 100)


@tagged("post_install", "-at_install")
class TestOnboarding(OnboardingCase):
    def test_only_managers(self):
        self.assertTrue(self._steps().get_data())
        self.assertFalse(self._steps(self.seller).get_data())
        for method, args in (("confirm", ("invoice", True, 0)), ("close", ())):
            with self.assertRaises(AccessError):
                getattr(self._steps(self.seller), method)(*args)
        self.assertEqual(self.company.lifecycle_onboarding, "open")

    def test_empty_company(self):
        data = self._steps().get_data()
        self.assertTrue(data["empty"])
        self.assertFalse(data["rhythm"])
        self.assertFalse(data["scored"])
        self._order(self._partner(), self.today, 10)
        self.env.flush_all()
        data = self._steps().get_data()
        self.assertFalse(data["empty"])
        counts = {source["value"]: source["count"] for source in data["sources"]}
        self.assertEqual(counts, {"sale_order": 1, "invoice": 0})

    def test_quotations_and_other_companies_are_no_source(self):
        self._order(self._partner(), self.today, 10, state="draft")
        other = self._create_company("Other First Steps")
        self._order(self._partner(), self.today, 10, company=other)
        self.assertTrue(self._steps().get_data()["empty"])

    def test_proposal_is_from_the_companys_own_purchases(self):
        self._trade_monthly()
        self._recompute()
        rhythm = self._steps().get_data()["rhythm"]
        self.assertEqual(
            rhythm,
            {
                "median": 30,
                "lapse": 90,
                "customers": 3,
                "gaps": 27,
                "enough": True,
                "shortest": True,
            },
        )

    def test_too_few_to_learn_from(self):
        self._trade_monthly(customers=1, orders=3)
        self._recompute()
        rhythm = self._steps().get_data()["rhythm"]
        self.assertEqual((rhythm["gaps"], rhythm["enough"]), (2, False))
        self.assertEqual(rhythm["lapse"], 365)

    def test_confirmed_is_kept_and_computed(self):
        self._trade_monthly()
        self._recompute()
        self._rebuild(24)
        data = self._steps().confirm("sale_order", False, 45)
        # another rule: the panel stays until the customers are computed by it
        self.assertTrue(data["confirmed"])
        self.assertTrue(data["busy"])
        self.assertFalse(self.company.lifecycle_lapse_auto)
        self.assertEqual(self.company.lifecycle_lapse_days, 45)
        self._process_pending()
        run = self.env["lifecycle.run"]._get_last_done(self.company)
        self.assertEqual(run.lapse_days, 45)
        self.env["lifecycle.rebuild"].search([]).write({"state": "done"})
        self.assertFalse(self._steps().get_data())

    def test_bad_values_say_what_to_mend(self):
        steps = self._steps()
        with self.assertRaisesRegex(ValidationError, "Purchases are counted from"):
            steps.confirm("bazaar", True, 0)
        with self.assertRaisesRegex(ValidationError, "whole number"):
            steps.confirm("invoice", False, "soon")
        with self.assertRaisesRegex(ValidationError, "3650"):
            steps.confirm("invoice", False, 99999)

    def test_close(self):
        self._steps().close()
        self.assertFalse(self._steps().get_data())
        dashboard = self.env["lifecycle.dashboard"].with_user(self.manager)
        self.assertFalse(dashboard.with_company(self.company).get_data()["onboarding"])

    def test_sample_can_be_imported_and_undone(self):
        action = self._steps().action_import_sample()
        wizard = self.env["lifecycle.import.wizard"].browse(action["res_id"])
        wizard.action_check()
        self.assertEqual((wizard.refused_count, wizard.good_count), (0, 384))
        done = self.env["lifecycle.import"].browse(wizard.action_import()["res_id"])
        self._recompute()
        data = self._steps().get_data()
        self.assertFalse(data["empty"])
        self.assertTrue(data["rhythm"]["enough"])
        done.action_undo()
        self.assertTrue(self._steps().get_data()["empty"])


@tagged("post_install", "-at_install")
class TestOnboardingTour(OnboardingCase, HttpCase):
    def test_tour(self):
        self._trade_monthly()
        self._recompute()
        self._rebuild(24)
        self.start_tour(
            "/odoo/lifecycle", "lifecycle_onboarding", login="first_manager"
        )
        self.assertEqual(self.company.lifecycle_onboarding, "confirmed")
        self.assertEqual(self.company.lifecycle_lapse_days, 120)
        self.assertFalse(self.company.lifecycle_lapse_auto)
