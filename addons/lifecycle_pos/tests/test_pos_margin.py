from odoo.tests import tagged

from .common import PosCase


@tagged("post_install", "-at_install")
class TestPosMargin(PosCase):
    """Where margins are known, those of points of sale are as well."""

    def test_by_the_cost_on_the_lines(self):
        if "margin_total" not in self.env["lifecycle.profile"]._fields:
            self.skipTest("no margins here")
        order = self._sell(
            self.buyer,
            "2026-05-04",
            180,
            lines=[
                {"qty": 4, "price_unit": 50, "total_cost": 120},
                {"price_unit": -20},
            ],
        )
        self._take_back(order, "2026-05-08")
        self._sell(self.buyer, "2026-05-10", 100)
        invoiced = self._sell(
            self.buyer,
            "2026-05-11",
            100,
            lines=[{"price_unit": 100, "total_cost": 40}],
        )
        invoiced.with_context(generate_pdf=False)._generate_pos_order_invoice()
        self._refund(invoiced.account_move, "2026-05-12", 50)
        self._recompute()
        names = ("margin_total", "return_margin", "uncosted_recent")
        # 60 - 60 of what came back, 100 without a cost, 60 - 30
        self.assertEqual(self._facts(self.buyer, *names), (130, 90, 100))
