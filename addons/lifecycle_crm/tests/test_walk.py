"""Every entry of our menu, as each of those who have it."""

from odoo.tests import tagged

from .history_common import HistoryCase
from .walk_common import WalkMixin

MENU = "lifecycle_crm.menu_lifecycle_root"


@tagged("post_install", "-at_install")
class TestWalk(HistoryCase, WalkMixin):
    """In a company with two years of trade."""

    def setUp(self):
        super().setUp()
        self._random_trade(7, 40)
        self._recompute()
        self._rebuild(24)

    def test_salesperson(self):
        self._walk(MENU, "walk_seller", "sales_team.group_sale_salesman")

    def test_manager(self):
        self._walk(MENU, "walk_manager", "sales_team.group_sale_manager")

    def test_administrator(self):
        self._walk(
            MENU, "walk_admin", "sales_team.group_sale_manager", "base.group_system"
        )
