from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .result_common import ResultCase


@tagged("post_install", "-at_install")
class TestPlayOutcomes(ResultCase):
    def setUp(self):
        super().setUp()
        self.day = self.today - timedelta(days=40)

    def _after(self, days):
        return self.day + timedelta(days=days)

    def test_what_counts_is_bought_after_the_day_of_entry_until_the_last_day(self):
        days = {-1: 1, 0: 2, 1: 4, 30: 8, 31: 16}
        for arm in ("treated", "control"):
            partner = self._partner(arm)
            [way] = self._enroll(partner, arm, self.day)
            for after, amount in days.items():
                self._order(partner, self._after(after), amount)
            self._refresh_results()
            outcome = self._outcome_of(way)
            self.assertEqual(outcome.revenue, 12, arm)
            self.assertEqual((outcome.order_count, outcome.buyer_count), (2, 1))
            self.assertEqual(outcome.until_day, self._after(30))
            self.assertTrue(outcome.complete)
            self.assertFalse(outcome.final)

    def test_orders_of_contacts_count_for_their_customer(self):
        company = self._partner("Firm", is_company=True)
        contact = self._partner("Ann", parent_id=company.id)
        [way] = self._enroll(company, "treated", self.day)
        self._order(contact, self._after(3), 70)
        self._refresh_results()
        self.assertEqual(self._outcome_of(way).revenue, 70)

    def test_returns_take_back_what_they_take_back(self):
        partner = self._partner()
        [way] = self._enroll(partner, "treated", self.day)
        order = self._order(partner, self._after(2), 100)
        invoice = self._invoice_order(order)
        self._refresh_results()
        self.assertEqual(self._outcome_of(way).revenue, 100)
        self._refund(invoice, self._after(5))
        self._refresh_results()
        outcome = self._outcome_of(way)
        self.assertEqual((outcome.revenue, outcome.buyer_count), (0, 0))

    def test_who_enters_again_is_not_counted_twice(self):
        partner = self._partner()
        [first] = self._enroll(partner, "treated", self.day)
        [second] = self._enroll(partner, "treated", self._after(10))
        self._order(partner, self._after(9), 1)
        self._order(partner, self._after(10), 2)
        self._order(partner, self._after(11), 4)
        self._refresh_results()
        self.assertEqual(self._outcome_of(first).until_day, self._after(10))
        self.assertEqual(self._outcome_of(first).revenue, 3)
        self.assertEqual(self._outcome_of(second).revenue, 4)

    def test_time_that_is_not_over_is_not_complete(self):
        [way] = self._enroll(
            self._partner(), "treated", self.today - timedelta(days=30)
        )
        self._refresh_results()
        self.assertFalse(self._outcome_of(way).complete)
        self.assertEqual(self._result().waiting_count, 1)
        self.assertFalse(self._result().treated_count)
        with self.at(self.today + timedelta(days=1)):
            self._refresh_results()
        self.assertTrue(self._outcome_of(way).complete)

    def test_what_is_final_is_left_alone(self):
        day = self.today - timedelta(days=100)
        partner = self._partner()
        [way] = self._enroll(partner, "treated", day)
        self._refresh_results()
        self.assertTrue(self._outcome_of(way).final)
        self._order(partner, day + timedelta(days=1), 5)
        self._refresh_results()
        self.assertFalse(self._outcome_of(way).revenue)
        # a change of the time that counts computes anew
        self.play.outcome_days = 20
        self._refresh_results()
        self.assertEqual(self._outcome_of(way).revenue, 5)

    def test_discounts_are_told_in_the_currency_of_the_company(self):
        euro = self._currency("EUR")
        self._rate(euro, self._after(-10), 0.5)
        partner = self._partner()
        [way] = self._enroll(partner, "treated", self.day)
        order = self._order(partner, self._after(1), 100, currency=euro)
        order.order_line.discount = 20
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "name": "Reward",
                    "price_unit": -10,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self._refresh_results()
        outcome = self._outcome_of(way)
        self.assertEqual(outcome.revenue, 140)
        self.assertEqual(outcome.discount, 60)

    def test_discounts_of_invoices(self):
        self.company.lifecycle_source = "invoice"
        partner = self._partner()
        [way] = self._enroll(partner, "treated", self.day)
        invoice = self._invoice(partner, self._after(1), 200, post=False)
        invoice.invoice_line_ids.discount = 25
        invoice.action_post()
        self._refresh_results()
        outcome = self._outcome_of(way)
        self.assertEqual((outcome.revenue, outcome.discount), (150, 50))

    def test_messages_and_what_they_cost(self):
        self.play.cost_per_contact = 0.5
        treated, held = self._partners(2)
        [way] = self._enroll(treated, "treated", self.day)
        [other] = self._enroll(held, "control", self.day)
        self._execute(way, self.day)
        self._execute(other, self.day)
        self._refresh_results()
        self.assertEqual(self._outcome_of(way).message_count, 1)
        self.assertEqual(self._outcome_of(way).cost, 0.5)
        self.assertEqual(self._outcome_of(way, self.step).cost, 0.5)
        self.assertFalse(self._outcome_of(other).cost)

    def test_what_the_gate_held_costs_nothing(self):
        self.play.cost_per_contact = 0.5
        [way] = self._enroll(self._partner(), "treated", self.day)
        self._execute(way, self.day, state="skipped", reason="blacklisted")
        self._refresh_results()
        self.assertFalse(self._outcome_of(way).cost)
        # but the customer was to get it, as the ones held out were
        self.assertTrue(self._outcome_of(way, self.step))

    def test_a_step_whose_condition_is_not_met_has_no_outcome(self):
        ways = self._enroll(self._partners(1), "treated", self.day)
        ways |= self._enroll(self._partners(1), "control", self.day)
        self._execute(ways, self.day, state="skipped", reason="condition")
        self._refresh_results()
        for way in ways:
            self.assertFalse(self._outcome_of(way, self.step))
            self.assertTrue(self._outcome_of(way))

    def test_a_step_counts_whoever_has_no_profile_in_both_arms(self):
        ways = self._enroll(self._partners(1), "treated", self.day)
        self._execute(ways, self.day, state="skipped", reason="no_profile")
        held_out = self._enroll(self._partners(1), "control", self.day)
        self._execute(held_out, self.day)
        self._refresh_results()
        for way in ways | held_out:
            self.assertTrue(self._outcome_of(way, self.step), way.arm)

    def test_a_step_counts_from_its_day(self):
        partner = self._partner()
        [way] = self._enroll(partner, "control", self.day)
        self._execute(way, self._after(5))
        self._order(partner, self._after(3), 10)
        self._order(partner, self._after(6), 20)
        self._order(partner, self._after(33), 40)
        self._refresh_results()
        self.assertEqual(self._outcome_of(way).revenue, 30)
        self.assertEqual(self._outcome_of(way, self.step).revenue, 60)

    def test_other_companies_buy_for_themselves(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        partner = self._partner()
        play = self._create_play("Theirs", company=other)
        [mine] = self._enroll(partner, "treated", self.day)
        [theirs] = self._enroll(partner, "treated", self.day, play)
        self._order(partner, self._after(1), 10)
        self._order(partner, self._after(1), 20, company=other)
        self._refresh_results()
        self._refresh_results(other)
        outcomes = self.outcomes.with_context(
            allowed_company_ids=(self.company | other).ids
        ).search([("step_id", "=", False)])
        revenue = {o.enrollment_id: o.revenue for o in outcomes}
        self.assertEqual((revenue[mine], revenue[theirs]), (10, 20))

    def test_as_many_queries_for_many_customers(self):
        counts = []
        self._enroll(self._partner(), "treated", self.day)
        self.outcomes._refresh(self.company)  # what is asked only once is known
        for number in (2, 60):
            partners = self._partners(number)
            self._enroll(partners, "treated", self.day)
            self._bought(partners, self._after(4), 30)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.outcomes._refresh(self.company)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertEqual(sum(self.outcomes.search([]).mapped("revenue")), 62 * 30)

    def test_what_did_not_change_is_not_written(self):
        partner = self._partner()
        self._enroll(partner, "treated", self.day)
        self._order(partner, self._after(1), 10)
        self.assertEqual(self.outcomes._refresh(self.company), 1)
        self.assertEqual(self.outcomes._refresh(self.company), 0)
