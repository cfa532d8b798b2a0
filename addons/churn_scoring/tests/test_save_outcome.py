from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .save_common import SaveCase


@tagged("post_install", "-at_install")
class TestSaveOutcome(SaveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._at_risk("Customer")
        cls.profile = cls.env["lifecycle.profile"].search(
            [("partner_id", "=", cls.partner.id)]
        )
        cls.saves._make_lists(cls.company)
        cls.item = cls.saves.search([("partner_id", "=", cls.partner.id)])
        cls.mine = cls.item.with_user(cls.seller)

    def _settle(self):
        self.saves._settle(self.company)

    def test_nothing_happened(self):
        self._settle()
        self.assertEqual(self.item.state, "todo")

    def test_saved_after_a_contact(self):
        self.mine.action_contacted()
        self.assertEqual(
            (self.item.state, self.item.contact_date), ("contacted", self.today)
        )
        with self.at("2026-06-18"):
            self._buy(self.partner, self.today + timedelta(days=2), 70)
            self._settle()
            self.assertEqual(self.item.state, "saved")
            self.assertEqual(self.item.outcome_date, self.today + timedelta(days=2))
            self.assertEqual(self.item.saved_revenue, 70)
            # and what it orders after that, or sends back
            self._buy(self.partner, self.today + timedelta(days=3), 30)
            self._settle()
            self.assertEqual(self.item.saved_revenue, 100)
            self.profile.revenue_total -= 60
            self._settle()
            self.assertEqual(self.item.saved_revenue, 40)
        # within a year
        with self.at("2027-06-14"):
            self.profile.revenue_total += 5
            self._settle()
            self.assertEqual(self.item.saved_revenue, 45)
        with self.at("2027-06-15"):
            self.profile.revenue_total += 5
            self._settle()
            self.assertEqual(self.item.saved_revenue, 45)

    def test_saved_by_itself_is_no_money_saved(self):
        self._buy(self.partner)
        self._settle()
        self.assertEqual((self.item.state, self.item.saved_revenue), ("saved", 0))

    def test_contact_after_the_order_saved_nothing(self):
        with self.at("2026-06-18"):
            self.mine.action_contacted()
            # an order of the day before comes in late
            self._buy(self.partner, self.today + timedelta(days=1))
            self._settle()
        self.assertEqual((self.item.state, self.item.saved_revenue), ("saved", 0))

    def test_order_of_tomorrow_does_not_count_yet(self):
        self._buy(self.partner, self.today + timedelta(days=1))
        self._settle()
        self.assertEqual(self.item.state, "todo")

    def test_lost_when_it_lapses(self):
        self.profile.lapse_date = self.today + timedelta(days=1)
        self._settle()
        self.assertEqual(self.item.state, "todo")
        self.profile.lapse_date = self.today
        self._settle()
        self.assertEqual(
            (self.item.state, self.item.outcome_date), ("lost", self.today)
        )
        with self.assertRaisesRegex(UserError, "is settled: Lost"):
            self.mine.action_contacted()

    def test_not_lost_while_the_opportunity_is_open(self):
        self.mine.action_win_back()
        self.profile.lapse_date = self.today
        self._settle()
        self.assertEqual(self.item.state, "opportunity")
        self.item.lead_id.action_set_lost()
        self.assertEqual(self.item.state, "lost")

    def test_lost_when_it_is_recorded(self):
        self.env["churn.loss"]._record(
            self.profile, self.env.ref("churn_scoring.reason_price")
        )
        self.assertEqual(self.item.state, "lost")

    def test_skipped_stays_skipped(self):
        self.mine.action_skip()
        self._buy(self.partner)
        self._settle()
        self.assertEqual(self.item.state, "skipped")

    def test_reopen(self):
        self.mine.action_contacted()
        self.mine.action_reopen()
        self.assertEqual((self.item.state, self.item.contact_date), ("todo", False))
        self.mine.action_skip()
        self.mine.action_reopen()
        self.assertEqual((self.item.state, self.item.rest_until), ("todo", False))
        self._buy(self.partner)
        self._settle()
        with self.assertRaisesRegex(UserError, "Saved"):
            self.mine.action_reopen()

    def test_only_who_is_asked_for(self):
        other = self._at_risk("Other", user=self.colleague)
        self._make()
        self._buy(other)
        self._buy(self.partner)
        self.saves._settle(self.company, other.ids)
        self.assertEqual(self.item.state, "todo")
        self.assertEqual(self._items(self.colleague).state, "saved")

    def test_other_company_settles_nothing_here(self):
        company = self._create_company("Second Company")
        self._at_risk(
            "Customer", partner=self.partner, company=company, lapse_date=self.today
        )
        self.saves._settle(company)
        self.assertEqual(self.item.state, "todo")

    def test_opportunity_of_somebody_and_its_loss(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "By hand",
                "type": "opportunity",
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "tag_ids": self.env.ref("churn_scoring.tag_win_back").ids,
            }
        )
        self._settle()
        self.assertEqual((self.item.state, self.item.lead_id), ("opportunity", lead))
        lead.action_set_lost()
        self.assertEqual(self.item.state, "contacted")

    # -- the save rate -----------------------------------------------------------

    def _outcomes(self, saved, lost, probability=0.5, contacted=True, days=10):
        day = self.today - timedelta(days=days)
        for number in range(saved + lost):
            self.saves.create(
                {
                    "partner_id": self._partner(f"Outcome {number}").id,
                    "company_id": self.company.id,
                    "week": day,
                    "list_date": day,
                    "state": "saved" if number < saved else "lost",
                    "contact_date": day if contacted else False,
                    "outcome_date": day,
                    "churn_probability": probability,
                }
            )

    def test_rate_is_assumed_until_there_are_enough(self):
        self._outcomes(19, 10)
        self._outcomes(5, 0, contacted=False)
        self._outcomes(5, 0, days=365)
        self.assertEqual(self.company._get_churn_save_rate(), (0.2, False))
        # 30 outcomes: 15 would have left, 10 did
        self._outcomes(1, 0)
        rate, measured = self.company._get_churn_save_rate()
        self.assertTrue(measured)
        self.assertAlmostEqual(rate, 1 - 10 / 15)

    def test_rate_is_within_bounds(self):
        self._outcomes(0, 30)
        self.assertEqual(self.company._get_churn_save_rate(), (0.0, True))

    def test_measured_rate_is_kept_with_the_list(self):
        self._outcomes(25, 5, 0.5)
        self._at_risk("New", 90)
        self._make()
        item = self._items(self.seller)[-1]
        self.assertTrue(item.save_rate_measured)
        self.assertAlmostEqual(item.expected_saved, 60)

    def test_bad_rate(self):
        for wrong in (0, -0.1, 1.01):
            with self.assertRaisesRegex(ValidationError, "Save Rate"):
                self.company.churn_save_rate = wrong
        self.company.churn_save_rate = 1
