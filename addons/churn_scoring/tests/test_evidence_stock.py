"""Evidence from deliveries, where ``sale_stock`` is installed."""

from datetime import date, datetime

from odoo.tests import tagged

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestLateDelivery(EvidenceCase):
    def test_without_inventory(self):
        if "stock.picking" in self.env:
            self.skipTest("sale_stock is installed")
        self.assertFalse(self.evidence._get_stock_sources())
        self.assertNotIn("late_delivery", dict(self.evidence._selection_kind()))

    def _deliver(self, promised, done, company=None, **values):
        """An order of 500 and its transfer."""
        company = company or self.company
        order = self._order(
            self.customer, "2026-03-01", 500, company=company, commitment_date=promised
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        picking = (
            self.env["stock.picking"]
            .with_company(company)
            .create(
                {
                    "partner_id": self.customer.id,
                    "picking_type_id": warehouse.out_type_id.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": self.env.ref(
                        "stock.stock_location_customers"
                    ).id,
                }
            )
        )
        picking.write(
            {"sale_id": order.id, "state": "done", "date_done": done, **values}
        )
        self.env.flush_all()
        return picking

    def _skip_without(self):
        if "stock.picking" not in self.env:
            self.skipTest("sale_stock is not installed")

    def test_late(self):
        self._skip_without()
        for done, weight in (
            (datetime(2026, 3, 13, 9), 0.3),
            (datetime(2026, 3, 14, 9), 0.6),
            (datetime(2026, 3, 24, 9), 0.6),
            (datetime(2026, 3, 25, 9), 1),
        ):
            picking = self._deliver(datetime(2026, 3, 10, 12), done)
            line = self._found("late_delivery").filtered(
                lambda e, p=picking: e.res_id == p.id
            )
            self.assertEqual(
                (line.date, line.amount, line.weight), (done.date(), 500, weight)
            )
            days = (done.date() - date(2026, 3, 10)).days
            self.assertEqual(
                line.sentence,
                f"Order {picking.sale_id.name} was delivered {days} days late "
                f"({picking.name})",
            )

    def test_in_time(self):
        self._skip_without()
        # on the day, though hours later
        self._deliver(datetime(2026, 3, 10, 8), datetime(2026, 3, 10, 18))
        self._deliver(datetime(2026, 3, 10, 8), datetime(2026, 3, 14), state="assigned")
        self.assertFalse(self._found("late_delivery"))

    def test_what_was_known(self):
        self._skip_without()
        self._deliver(datetime(2026, 3, 10, 8), datetime(2026, 3, 20, 8))
        self.assertFalse(self._found("late_delivery", as_of=date(2026, 3, 19)))
        self.assertTrue(self._found("late_delivery", as_of=date(2026, 3, 20)))

    def test_companies(self):
        self._skip_without()
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        self._deliver(datetime(2026, 3, 10), datetime(2026, 3, 20), company=other)
        self.assertFalse(self._found("late_delivery"))
        self.assertTrue(self._found("late_delivery", company=other))
