from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .common import PosCase


@tagged("post_install", "-at_install")
class TestPosChanges(PosCase):
    """What is sold shows on the profile at once."""

    def setUp(self):
        super().setUp()
        self._recompute(reason="install", quiet=True)
        self._dirty()

    def test_marked_when_paid(self):
        order = self._sell(self.buyer, TODAY, 100, pay=False)
        self.assertFalse(self._dirty())
        self._pay(order)
        self.assertEqual(self._dirty(), {(self.buyer.id, self.company.id)})

    def test_nobody_to_mark(self):
        self._sell(None, TODAY, 100)
        self.assertFalse(self._dirty())

    def test_a_return_marks_who_had_bought(self):
        order = self._sell(self.buyer, TODAY, 100)
        self._dirty()
        refund = self._take_back(order, TODAY)
        other = self._partner("Other")
        self.assertEqual(self._dirty(), {(self.buyer.id, self.company.id)})
        refund.partner_id = other
        pairs = {(partner.id, self.company.id) for partner in (self.buyer, other)}
        self.assertEqual(self._dirty(), pairs)

    def test_a_customer_set_later_marks_both(self):
        order = self._sell(self.buyer, TODAY, 100)
        other = self._partner("Other")
        self._dirty()
        order.partner_id = other
        pairs = {(partner.id, self.company.id) for partner in (self.buyer, other)}
        self.assertEqual(self._dirty(), pairs)

    def test_refreshed_at_once_and_the_same_at_night(self):
        order = self._sell(self.buyer, TODAY, 100)
        self._refresh()
        names = ("order_count", "revenue_total", "last_order_date")
        self.assertEqual(self._facts(self.buyer, *names), (1, 100, TODAY))
        self._take_back(order, TODAY)
        self._refresh()
        self.assertEqual(self._facts(self.buyer, *names), (0, 0, False))
        at_once = self._facts(self.buyer, *names, "rfm_code", "stage_id")
        self._recompute()
        self.assertEqual(
            self._facts(self.buyer, *names, "rfm_code", "stage_id"), at_once
        )

    def test_the_night_after_reads_only_news(self):
        self._recompute()
        order = self._sell(self.buyer, "2026-06-10", 100)
        self._refresh()
        self._take_back(order, "2026-06-11")
        with self.at("2026-06-16"):
            run = self.env["lifecycle.run"]._request(
                self.company, "nightly", full=False
            )
            self._process_pending()
        self.assertTrue(run.partial)
        self.assertEqual(
            self._facts(self.buyer, "revenue_total", "order_count"), (0, 0)
        )

    def test_a_session_closed_later_changes_nothing(self):
        order = self._sell(self.buyer, "2026-06-10", 100)
        self._refresh()
        before = self._facts(self.buyer, "order_count", "revenue_total")
        self.shop.current_session_id.action_pos_session_closing_control()
        self.assertEqual(order.state, "done")
        self._refresh()
        self.assertEqual(
            self._facts(self.buyer, "order_count", "revenue_total"), before
        )
        self.assertEqual(before, (1, 100))

    def test_merged_customers_have_bought_all(self):
        twin = self._partner("Twin")
        self._sell(self.buyer, "2026-05-04", 100)
        self._sell(twin, "2026-05-05", 50)
        self._refresh()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.buyer | twin).ids, self.buyer)
        self._refresh()
        self.assertEqual(
            self._facts(self.buyer, "order_count", "revenue_total"), (2, 150)
        )

    def test_queries_of_paying(self):
        """Marking costs nothing before the transaction ends, and one statement then."""
        order = self._sell(self.buyer, TODAY, 100, pay=False)
        self._dirty()
        order.state = "paid"
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env.cr.flush()
        self.assertTrue(self._dirty())
