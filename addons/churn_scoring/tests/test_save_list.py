from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .save_common import MONDAY, SaveCase


@tagged("post_install", "-at_install")
class TestSaveList(SaveCase):
    def test_best_first_up_to_capacity(self):
        for risk in (10, 50, 30, 40, 20):
            self._at_risk(f"C{risk}", risk)
        self.assertEqual(self._make(), 3)
        self.assertEqual(self._listed(), ["C50", "C40", "C30"])
        first = self._items(self.seller)[0]
        self.assertEqual(
            (first.rank, first.state, first.week, first.list_date),
            (1, "todo", MONDAY, self.today),
        )
        self.assertAlmostEqual(first.expected_saved, 50 * 0.2)
        self.assertEqual(first.save_rate, 0.2)
        self.assertFalse(first.save_rate_measured)

    def test_monday_of_the_company(self):
        self._at_risk("Sunday")
        self.company.lifecycle_tz = "Pacific/Kiritimati"  # 14 hours ahead
        with self.at("2026-06-21 12:00:00"):
            self._make()
        self.assertEqual(self._items(self.seller).week, date(2026, 6, 22))

    def test_ties_by_probability_value_and_id(self):
        self.seller.churn_capacity = 4
        self._at_risk("Late", 100)
        self._at_risk("Later", 100)
        self._at_risk("Rich", 100, clv_historic=5000)
        self._at_risk("Likely", 100, churn_probability=0.6)
        self._make()
        self.assertEqual(self._listed(), ["Likely", "Rich", "Late", "Later"])

    def test_twice_in_a_row_adds_nothing(self):
        for number in range(5):
            self._at_risk(f"C{number}", 10 + number)
        self.assertEqual(self._make(), 3)
        before = self._items().read()
        self.assertEqual(self._make(), 0)
        self.assertEqual(self._items().read(), before)

    def test_capacity_borders(self):
        for number in range(4):
            self._at_risk(f"C{number}", 10 + number)
        self.seller.churn_capacity = 0
        self.assertEqual(self._make(), 0)
        self.seller.churn_capacity = 1
        self.assertEqual(self._make(), 1)
        self.seller.churn_capacity = 200
        self.assertEqual(self._make(), 3)
        self.assertEqual(self._items().mapped("rank"), [1, 2, 3, 4])
        for wrong in (-1, 201):
            with self.assertRaisesRegex(ValidationError, "from 0"):
                self.seller.churn_capacity = wrong

    def test_own_capacity_in_the_preferences(self):
        user = self.seller.with_user(self.seller)
        user.write({"churn_capacity": 7})
        self.assertEqual(self.seller.churn_capacity, 7)
        with self.assertRaises(AccessError):
            self.colleague.with_user(self.seller).write({"churn_capacity": 7})

    def test_left_out(self):
        today = self.today
        self.seller.churn_capacity = 50
        self._at_risk("Kept")
        self._at_risk("Lapsed", lapse_date=today)
        self._at_risk("Archived").active = False
        self._at_risk("Low", churn_risk="low")
        self._at_risk("Early", churn_confidence="too_early")
        self._at_risk("Nothing At Risk", risk=0)
        self._at_risk("Never Bought", order_count=0)
        self.env["crm.lead"].create(
            {
                "name": "Working on it",
                "type": "opportunity",
                "partner_id": self._partner(
                    "Kid", parent_id=self._at_risk("Open Opportunity").id
                ).id,
                "company_id": self.company.id,
                "tag_ids": self.env.ref("churn_scoring.tag_win_back").ids,
            }
        )
        called = self._profile(self._at_risk("Call Planned"))
        called._schedule_calls()
        lost = self._profile(self._at_risk("Given Up"))
        self.env["churn.loss"]._record(lost, self.env.ref("churn_scoring.reason_price"))
        self._make()
        self.assertEqual(self._listed(), ["Kept"])

    def test_last_day_before_the_lapse_counts(self):
        self._at_risk("Tomorrow", lapse_date=self.today + timedelta(days=1))
        self._make()
        self.assertEqual(self._listed(), ["Tomorrow"])

    def test_by_the_plain_rule_without_a_model(self):
        none = {
            "churn_probability": False,
            "churn_risk": False,
            "revenue_at_risk": False,
            "churn_method": "rule",
        }
        for name, values in {
            "Poor": {"clv_historic": 10},
            "Rich": {"clv_historic": 900},
            "Not Due": {"at_risk_date": self.today + timedelta(days=1)},
        }.items():
            partner = self._at_risk(name, **values)
            self._profile(partner).write(none)
            self.env.flush_all()
            # what nobody computed is empty, not 0
            self.env.cr.execute(
                """UPDATE lifecycle_profile SET churn_probability = NULL,
                revenue_at_risk = NULL WHERE partner_id = %s""",
                [partner.id],
            )
        self._make()
        self.assertEqual(self._listed(), ["Rich", "Poor"])
        self.assertFalse(self._items()[0].expected_saved)

    def test_salesperson_of_the_last_order_where_there_is_none(self):
        nobody = self.env["res.users"]
        partner = self._at_risk("Ordered", user=nobody)
        self._order(partner, "2026-01-01", 10, user_id=self.seller.id)
        self._order(partner, "2026-02-01", 10, user_id=self.colleague.id)
        former = self._user("save_former", "sales_team.group_sale_salesman")
        left = self._at_risk("Left Behind", user=former)
        self._order(left, "2026-02-01", 10, user_id=self.colleague.id)
        former.active = False
        self._at_risk("Nobody's", user=nobody)
        self._make()
        self.assertEqual(self._listed(), [])
        self.assertEqual(
            sorted(self._listed(self.colleague)), ["Left Behind", "Ordered"]
        )
        self.assertEqual(self._listed(nobody), ["Nobody's"])

    def test_nobody_without_the_right_to_see_gets_a_list(self):
        plain = self._user("save_plain", "base.group_user")
        self._at_risk("Of Plain", user=plain)
        self._make()
        self.assertFalse(self._items(plain))
        self.assertEqual(self._items().partner_id.name, "Of Plain")

    def test_two_companies(self):
        other = self._create_company("Second Company", currency="EUR")
        both = self._user(
            "save_both",
            "sales_team.group_sale_salesman",
            companies=self.company | other,
        )
        both.churn_capacity = 1
        shared = self._at_risk("Shared", 10, user=both)
        self._at_risk("Shared", 70, partner=shared, company=other)
        self._at_risk("Here", 20, user=both)
        self._at_risk("There", 5, user=both, company=other)
        self._at_risk("Foreign Seller", 90, user=self.seller, company=other)
        self.assertEqual(self._make(), 1)
        self.assertEqual(self._make(other), 2)
        self.assertEqual(self._listed(both, company_id=self.company.id), ["Here"])
        there = self._items(both, company=other)
        self.assertEqual(there.partner_id, shared)
        self.assertEqual(there.currency_id.name, "EUR")
        # its salesperson does not work there
        self.assertFalse(self._items(self.seller, company=other))

    def test_skipped_makes_room_and_rests(self):
        for risk in (50, 40, 30, 20):
            self._at_risk(f"C{risk}", risk)
        self._make()
        self._as(self.seller, self._items(self.seller)[0]).action_skip()
        self.assertEqual(self._make(), 1)
        self.assertEqual(self._listed(state="todo"), ["C40", "C30", "C20"])
        self.assertEqual(self._items(self.seller, state="todo").mapped("rank")[-1], 4)
        # three weeks later it still rests, after four it does not
        with self.at("2026-07-06"):
            self._make()
            self.assertNotIn("C50", self._listed(week=date(2026, 7, 6)))
        with self.at("2026-07-13"):
            self._make()
            self.assertEqual(self._listed(week=date(2026, 7, 13))[0], "C50")

    def test_next_week(self):
        todo, called, talked = (
            self._at_risk(name, risk)
            for name, risk in (("Todo", 30), ("Call", 20), ("Talked", 10))
        )
        self._make()
        items = {item.partner_id: item for item in self._items(self.seller)}
        self._as(self.seller, items[called]).action_schedule_call()
        self._as(self.seller, items[talked]).action_contacted()
        with self.at("2026-06-22"):
            self.assertEqual(self._make(), 1)
        self.assertEqual(
            [items[p].state for p in (todo, called, talked)],
            ["skipped", "todo", "contacted"],
        )
        new = self._items(self.seller, week=date(2026, 6, 22))
        self.assertEqual(new.partner_id, todo)

    def test_refresh_my_list(self):
        self._at_risk("Mine")
        self._at_risk("Of a Colleague", user=self.colleague)
        saves = self._as(self.seller, self.saves)
        answer = saves.action_refresh_my_list()
        self.assertIn("1 customers added", answer["params"]["message"])
        self.assertEqual(self._listed(), ["Mine"])
        self.assertFalse(self._items(self.colleague))
        answer = saves.action_refresh_my_list()
        self.assertIn("Nobody to add", answer["params"]["message"])
        self.seller.churn_capacity = 0
        with self.assertRaisesRegex(UserError, "is 0 in your preferences"):
            saves.action_refresh_my_list()
        with self.assertRaises(AccessError):
            saves.action_refresh_all_lists()
        self._as(self.manager, self.saves).action_refresh_all_lists()
        self.assertEqual(self._listed(self.colleague), ["Of a Colleague"])

    def test_one_query_whatever_the_number(self):
        for number in range(3):
            self._at_risk(f"Few {number}")
        self._make()
        self._items().unlink()
        self.env.invalidate_all()

        def count():
            before = self.env.cr.sql_log_count
            self._make()
            return self.env.cr.sql_log_count - before

        few = count()
        self._items().unlink()
        self.seller.churn_capacity = 100
        for number in range(40):
            self._at_risk(f"Many {number}")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertLessEqual(count(), few + 1)
        self.assertEqual(len(self._items(self.seller)), 43)
