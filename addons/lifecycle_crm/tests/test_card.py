"""A customer in one look: what the card says, to whom, and what the form costs."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import LifecycleCase

# What the contact form may cost more than without the addons.
MORE_QUERIES = 3


@tagged("post_install", "-at_install")
class TestCard(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "card_seller",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.customer = cls._partner("Card Customer")
        # every 30 days, the last 45 days ago
        cls.last = cls.today - timedelta(days=45)
        for index in range(6):
            cls._order(cls.customer, cls.last - timedelta(30 * index), 100 + index)

    def _card(self, partner=None, user=None):
        partner = (partner or self.customer).with_user(user or self.seller)
        return partner.with_company(self.company).get_lifecycle_card()

    def _timeline(self, partner=None, **options):
        partner = (partner or self.customer).with_user(self.seller)
        return partner.with_company(self.company).get_lifecycle_timeline(**options)

    # -- what it says -----------------------------------------------------------

    def test_rhythm(self):
        self._recompute()
        rhythm = self._card()["rhythm"]
        self.assertEqual(rhythm["text"], "Every 30 days; last 45 days ago")
        expected = self.last + timedelta(30)
        self.assertEqual(rhythm["next"], expected.isoformat())
        self.assertEqual((rhythm["days"], rhythm["gap"]), (45, 30))

    def test_rhythm_of_few_purchases(self):
        once, never = self._partner("Once"), self._partner("Never")
        self._order(once, self.today - timedelta(days=1), 10)
        self._order(never, self.today, 10, state="draft")
        self._recompute()
        self.assertEqual(
            self._card(once)["rhythm"]["text"], "One day of purchase; yesterday"
        )
        self.assertEqual(self._card(never)["rhythm"]["text"], "No purchase yet")
        self.assertIn("Has not bought yet", self._card(never)["steps"][0]["text"])

    def test_value_and_its_parts(self):
        self._recompute()
        parts = {part["name"]: part["value"] for part in self._card()["value"]}
        self.assertEqual(parts["clv_historic"], 615)
        self.assertEqual(parts["order_count"], 6)
        self.assertEqual(parts["average_order_value"], 102.5)
        first = self.last - timedelta(150)
        self.assertEqual(parts["first_order_date"], first.isoformat())

    def test_spend_is_by_month_and_of_24_months(self):
        self._order(self.customer, date(2024, 6, 30), 999)  # the month before
        self._order(self.customer, date(2024, 7, 1), 7)
        self._recompute()
        curve = self._card()["spend"]
        self.assertEqual(len(curve), 24)
        self.assertEqual(curve[0], {"month": "2024-07-01", "amount": 7})
        self.assertEqual(curve[-1], {"month": "2026-06-01", "amount": 0})
        self.assertEqual(sum(point["amount"] for point in curve), 7 + 615)
        may = next(point for point in curve if point["month"] == "2026-05-01")
        self.assertEqual(may["amount"], 100)  # 1 May

    def test_spend_takes_one_query_for_many(self):
        others = [self._partner(f"Other {n}") for n in range(3)]
        for other in others:
            self._order(other, self.today, 10)
        self._recompute()
        profiles = self.env["lifecycle.profile"].search(
            [("company_id", "=", self.company.id)]
        )
        profiles._read_spend(self.company)  # settings of the company are read once
        before = self.env.cr.sql_log_count
        curves = profiles._read_spend(self.company)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(len(curves), 4)

    def test_next_step_follows_the_rhythm(self):
        self._recompute()
        for days, words, tone in (
            (0, "Overdue since", "warning"),  # 45 days: one and a half gaps
            (-16, "Nothing is due", "success"),
            (-10, "a good moment to call", "info"),
            (1000, "Counts as lapsed", "danger"),
        ):
            with self.at(self.today + timedelta(days=days)):
                self.env.invalidate_all()
                # other addons say more
                steps = self._card()["steps"]
                [step] = [step for step in steps if words in step["text"]]
                self.assertEqual(step["tone"], tone)
                self.assertIn(step["text"], self.customer.lifecycle_next_step)

    def test_button_is_for_who_may_quote(self):
        self._recompute()
        viewer = new_test_user(
            self.env,
            "card_viewer",
            "lifecycle_crm.group_lifecycle_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        methods = {
            user: [
                button["method"]
                for step in self._card(user=user)["steps"]
                for button in step["buttons"]
            ]
            for user in (viewer, self.seller)
        }
        self.assertNotIn("action_lifecycle_quotation", methods[viewer])
        self.assertIn("action_lifecycle_quotation", methods[self.seller])
        action = self.customer.with_user(self.seller).action_lifecycle_quotation()
        self.assertEqual(action["context"], {"default_partner_id": self.customer.id})

    def test_contacts_show_their_company(self):
        contact = self._partner("At the Desk", parent_id=self.customer.id)
        self._recompute()
        self.assertEqual(self._card(contact)["value"], self._card()["value"])
        self.assertEqual(self._timeline(contact), self._timeline())

    # -- what happened ------------------------------------------------------------

    def test_timeline_is_newest_first_and_goes_on(self):
        day = self.last
        while day <= self.today + timedelta(days=400):
            self._recompute(day=day, reason="nightly")
            day += timedelta(days=60)
        whole = self._timeline(limit=100)
        self.assertGreaterEqual(len(whole["lines"]), 2)
        self.assertFalse(whole["more"])
        dates = [line["date"] for line in whole["lines"]]
        self.assertEqual(dates, sorted(dates, reverse=True))
        pieces = [self._timeline(offset=n, limit=1) for n in range(len(dates))]
        self.assertEqual([p["lines"][0] for p in pieces], whole["lines"])
        self.assertEqual(
            [p["more"] for p in pieces], [True] * (len(dates) - 1) + [False]
        )
        self.assertIn("→", whole["lines"][0]["title"])

    def test_timeline_of_bad_input(self):
        with self.assertRaisesRegex(UserError, "whole numbers"):
            self._timeline(offset="x")
        self.assertEqual(self._timeline(offset=-5, limit=-5)["lines"], [])

    # -- who sees it --------------------------------------------------------------

    def test_not_for_everybody(self):
        self._recompute()
        clerk = new_test_user(
            self.env,
            "card_clerk",
            "base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        portal = new_test_user(self.env, "card_portal", "base.group_portal")
        for user in (clerk, portal):
            partner = self.customer.with_user(user)
            for method in ("get_lifecycle_card", "get_lifecycle_timeline"):
                with self.assertRaises(AccessError):
                    getattr(partner, method)()

    def test_other_companies_do_not_show(self):
        self._recompute()
        other = self._create_company("Card Elsewhere")
        self.seller.company_ids |= other
        elsewhere = self.customer.with_user(self.seller).with_company(other)
        self.assertFalse(elsewhere.get_lifecycle_card())
        self.assertEqual(elsewhere.get_lifecycle_timeline()["lines"], [])

    # -- what it costs ------------------------------------------------------------

    def test_form_costs_few_queries_more(self):
        self._recompute()
        user = self.seller
        partner = self.customer.with_user(user).with_company(self.company)
        spec = Form(partner)._view["fields_spec"]
        base = self.env["ir.module.module"].search([("name", "=", "lifecycle_crm")])
        addons = {"lifecycle_crm", *base.downstream_dependencies().mapped("name")}
        wanted, costs = {}, {}
        for name, value in spec.items():
            if not addons.intersection(partner._fields[name]._modules):
                wanted[name] = value
        self.assertGreater(len(wanted), 20)

        def count():
            partner.web_read(wanted)  # rules and the like are asked for once
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partner.web_read(wanted)
            return self.env.cr.sql_log_count - before

        former = count()
        for addon in sorted(addons, key=lambda a: (a != "lifecycle_crm", a)):
            fields = {
                name: value
                for name, value in spec.items()
                if addon in partner._fields[name]._modules and name not in wanted
            }
            if fields:
                wanted.update(fields)
                cost = count()
                costs[addon], former = cost - former, cost
        self.assertIn("lifecycle_crm", costs)
        self.assertLessEqual(max(costs.values()), MORE_QUERIES, costs)
