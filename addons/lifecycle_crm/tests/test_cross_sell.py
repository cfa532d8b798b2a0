"""What customers bought next: counted again in Python, and offered in a quotation."""

from datetime import date, timedelta
from random import Random

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import LifecycleCase
from .test_loss_report import wilson

FIRST = date(2026, 1, 1)


@tagged("post_install", "-at_install")
class TestCrossSell(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.categories = cls.env["product.category"].create(
            [{"name": name} for name in ("Beans", "Grinders", "Cups")]
        )
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Thing of {category.name}",
                    "categ_id": category.id,
                    "type": "service",
                    "taxes_id": False,
                }
                for category in cls.categories
            ]
        )
        cls.seller = new_test_user(
            cls.env,
            "cross_seller",
            "sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        # {customer: {category number: day}}
        cls.bought = {}
        random = Random(3)
        for number in range(60):
            days = {number % 3: 0}
            # who begins with beans mostly gets a grinder, others seldom
            if random.random() < (0.8 if number % 3 == 0 else 0.1):
                days.setdefault(1, random.randint(1, 90))
            if random.random() < 0.3:
                days.setdefault(2, random.randint(0, 90))
            partner = cls._partner(f"Cross {number}")
            cls.bought[partner] = days
            for category, day in days.items():
                order = cls._order(partner, FIRST + timedelta(days=day), 10)
                order.order_line.product_id = cls.products[category]
        cls.env.flush_all()
        cls.rules = cls.env["lifecycle.cross.sell"]
        cls.rules._refresh(cls.company, cls.today)

    def _row(self, source, target):
        return self.rules.search(
            [
                ("company_id", "=", self.company.id),
                ("from_categ_id", "=", self.categories[source].id),
                ("to_categ_id", "=", self.categories[target].id),
            ]
        )

    def test_shares_are_those_of_the_customers(self):
        row = self._row(0, 1)
        customers = [
            days
            for days in self.bought.values()
            if 0 in days and not (1 in days and days[1] <= days[0])
        ]
        bought = [days for days in customers if 1 in days]
        everybody = [
            days
            for days in self.bought.values()
            if not (1 in days and days[1] == min(days.values()))
        ]
        later = [days for days in everybody if 1 in days]
        self.assertEqual(row.customer_count, len(customers))
        self.assertEqual(row.bought_count, len(bought))
        self.assertAlmostEqual(row.share, len(bought) / len(customers))
        base = len(later) / len(everybody)
        self.assertAlmostEqual(row.base_share, base)
        self.assertAlmostEqual(row.lift, row.share / base, 2)
        self.assertAlmostEqual(row.share_low, wilson(len(bought), len(customers))[0])
        gaps = sorted(days[1] - days[0] for days in bought)
        self.assertEqual(row.gap_days, gaps[(len(gaps) + 1) // 2 - 1])
        self.assertTrue(row.sure)
        self.assertGreater(row.lift, 1.3)

    def test_what_chance_explains_is_not_proposed(self):
        row = self._row(0, 2)
        self.assertTrue(row)
        self.assertFalse(row.sure)
        self.assertNotIn(row, self.rules._propose(self._buyer(0), self.company))

    def _buyer(self, category):
        """A customer who bought of one category and of no other one."""
        return next(p for p, days in self.bought.items() if set(days) == {category})

    def test_proposed_is_what_was_not_bought_yet(self):
        self.assertEqual(
            self.rules._propose(self._buyer(0), self.company), self._row(0, 1)
        )
        has_both = next(p for p, days in self.bought.items() if {0, 1} <= set(days))
        self.assertFalse(self.rules._propose(has_both, self.company))

    def test_too_few_are_no_rule(self):
        few = self.env["product.category"].create({"name": "Rare"})
        product = self.products[0].copy({"categ_id": few.id})
        for partner in list(self.bought)[:3]:
            order = self._order(partner, self.today, 10)
            order.order_line.product_id = product
        self.env.flush_all()
        self.rules._refresh(self.company, self.today)
        self.assertFalse(self.rules.search([("to_categ_id", "=", few.id)]))

    def test_card_offers_it_and_one_click_quotes_it(self):
        self._recompute()
        partner = self._buyer(0)
        as_seller = partner.with_user(self.seller).with_company(self.company)
        [offer] = as_seller.get_lifecycle_card()["cross_sell"]
        self.assertEqual(offer["product"], self.products[1].display_name)
        action = as_seller.action_lifecycle_add_to_quotation(offer["id"])
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.partner_id, partner)
        self.assertEqual(order.user_id, self.seller)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.order_line.product_id, self.products[1])
        # a second time: into the same quotation
        again = as_seller.action_lifecycle_add_to_quotation(offer["id"])
        self.assertEqual(again["res_id"], order.id)
        self.assertEqual(len(order.order_line), 2)

    def test_product_that_cannot_be_sold_is_not_proposed(self):
        self.products[1].sale_ok = False
        self.env.flush_all()
        self.rules._refresh(self.company, self.today)
        self.assertFalse(self.rules._propose(self._buyer(0), self.company))

    def test_proposal_that_is_gone_says_so(self):
        row = self._row(0, 1)
        partner = self._buyer(0).with_user(self.seller).with_company(self.company)
        self.rules._refresh(self.company, self.today)
        with self.assertRaisesRegex(UserError, "computed anew"):
            partner.action_lifecycle_add_to_quotation(row.id)

    def test_other_companies_and_portal(self):
        other = self._create_company("Cross Elsewhere")
        outsider = new_test_user(
            self.env,
            "cross_outsider",
            "sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        rules = self.rules.with_user(outsider).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(rules.search([("id", "in", self._row(0, 1).ids)]))
        portal = new_test_user(self.env, "cross_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.rules.with_user(portal).search([])

    def test_scheduled_action_computes_what_is_a_week_old(self):
        row = self._row(0, 1)
        with self._no_commit():
            self.rules._cron_refresh()
            self.assertEqual(self._row(0, 1), row)
            with self.at(self.today + timedelta(days=7)):
                self.rules._cron_refresh()
        self.assertNotEqual(self._row(0, 1), row)
        self.assertEqual(self._row(0, 1).computed_on, self.today + timedelta(days=7))
