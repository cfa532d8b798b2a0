from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestShopQueries(ShopCase):
    """What the shop asks more with tiers than without: the same for any number."""

    def _count(self, path):
        for _time in range(3):  # what is kept in memory
            self._page(path)
        before = self.cr.sql_log_count
        self._page(path)
        return self.cr.sql_log_count - before

    def _count_more(self, path):
        self.club.active = True
        with_club = self._count(path)
        self.club.active = False
        return with_club - self._count(path)

    def test_list_of_products(self):
        for number in range(2):
            self._product(f"Counted Thing {number}", 10)
        path = "/shop?search=Counted+Thing"
        self._log_in(self.ann)
        few = self._count_more(path)
        for number in range(2, 18):
            self._product(f"Counted Thing {number}", 10)
        self.assertEqual(self._count_more(path), few)
        self.assertLessEqual(few, 6)

    def test_visitors(self):
        self.assertLessEqual(self._count_more("/shop?search=Shop+Mug"), 0)
