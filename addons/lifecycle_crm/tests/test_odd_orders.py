"""Orders that are worth next to nothing, or were entered later than they are dated."""

from datetime import date, timedelta

from odoo.tests import tagged

from .common import TODAY, LifecycleCase


@tagged("post_install", "-at_install")
class TestOddOrders(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")
        cls.yen = cls._currency("JPY")
        cls._rate(cls.yen, "2026-01-01", 1000)

    def _stage_day(self, as_of, history=None):
        """First contact and number of orders as of a day; None for no customer."""
        self.env["lifecycle.engine"]._stage_company(self.company, as_of, history)
        self.env.cr.execute(
            """SELECT first_contact_date, order_count FROM lifecycle_profile_new
            WHERE partner_id = %s""",
            [self.partner.id],
        )
        return next(iter(self.env.cr.fetchall()), None)

    # -- next to nothing ---------------------------------------------------------

    def test_order_that_comes_to_nothing_is_no_purchase(self):
        """Four yen are 0.00 dollars: asked for, not bought."""
        self._order(self.partner, "2026-06-01", 4, self.yen)
        self._recompute()
        self.assertEqual(
            self._facts(
                self.partner, "order_count", "first_order_date", "first_contact_date"
            ),
            (0, False, date(2026, 6, 1)),
        )
        self.assertEqual(self._facts(self.partner, "stage_id"), (self._stage("lead"),))
        transactions = self.env["lifecycle.transaction"]
        self.assertFalse(transactions.search([("partner_id", "=", self.partner.id)]))
        # five are a cent
        self._order(self.partner, "2026-06-02", 5, self.yen)
        self._recompute()
        self.assertEqual(
            self._facts(
                self.partner, "order_count", "revenue_total", "first_contact_date"
            ),
            (1, 0.01, date(2026, 6, 1)),
        )

    def test_invoice_that_comes_to_nothing_is_no_purchase(self):
        self.company.lifecycle_source = "invoice"
        self._lead(self.partner, "2026-05-01")
        self._invoice(self.partner, "2026-06-01", 4, self.yen)
        self._recompute()
        self.assertEqual(
            self._facts(self.partner, "order_count", "first_order_date"), (0, False)
        )
        self._invoice(self.partner, "2026-06-02", 5, self.yen)
        self._recompute()
        self.assertEqual(
            self._facts(self.partner, "order_count", "revenue_total"), (1, 0.01)
        )

    def test_order_without_an_amount_is_no_purchase(self):
        """As other programs leave them in the database: no reason to stop."""
        draft = self._order(self.partner, "2026-06-03", 7, state="draft")
        order = self._order(self.partner, "2026-06-04", 7)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET amount_untaxed = NULL WHERE id = ANY(%s)",
            [(draft | order).ids],
        )
        self._recompute()
        self.assertEqual(
            self._facts(
                self.partner, "order_count", "revenue_total", "first_contact_date"
            ),
            (0, 0, date(2026, 6, 3)),
        )

    # -- entered later than dated --------------------------------------------------

    def _assert_same_on_every_day(self, first):
        """The profile's first contact is what every past day says, from that day on."""
        self._recompute()
        self.assertEqual(self._facts(self.partner, "first_contact_date"), (first,))
        history = self.env["lifecycle.engine"]._read_history(self.company, TODAY)
        for day in range(-2, (TODAY - first).days + 1):
            as_of = first + timedelta(days=day)
            found = self._stage_day(as_of)
            self.assertEqual(found and found[0], first if day >= 0 else None, as_of)
            self.assertEqual(found, self._stage_day(as_of, history), as_of)

    def test_quotation_entered_later(self):
        order = self._order(self.partner, "2026-06-04", 100, state="draft")
        self._created_on(order, "2026-06-10")
        self._assert_same_on_every_day(date(2026, 6, 4))

    def test_order_entered_later(self):
        order = self._order(self.partner, "2026-06-04", 100)
        self._created_on(order, "2026-06-10")
        self._assert_same_on_every_day(date(2026, 6, 4))
        self.company.lifecycle_source = "invoice"
        self._assert_same_on_every_day(date(2026, 6, 4))

    def test_quotation_dated_later(self):
        order = self._order(self.partner, "2026-06-10", 100)
        self._created_on(order, "2026-06-04")
        self._assert_same_on_every_day(date(2026, 6, 4))
