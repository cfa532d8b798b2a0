import numpy as np

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.lifecycle_transaction_scope import is_drawn
from .common import LifecycleCase

SHARE = 0.4


@tagged("post_install", "-at_install")
class TestDrawnCustomers(LifecycleCase):
    """Of many customers some are read: whole customers, whoever ordered for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.env["res.partner"]
        for number in range(30):
            firm = cls._partner(f"Firm {number}", is_company=True)
            contact = cls._partner("Ann", parent_id=firm.id)
            order = cls._order(firm, "2026-05-01", 10 + number)
            cls._order(contact, "2026-06-01", 100 + number)
            if number % 3 == 0:
                cls._refund(cls._invoice_order(order), "2026-06-05")
            cls.buyers |= firm
        cls.env.flush_all()

    def _find_drawn(self, share):
        """Ids of the firms that are drawn, asked of the firms themselves."""
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT id FROM res_partner WHERE id = ANY(%s) AND %s ORDER BY id",
                    self.buyers.ids,
                    is_drawn(SQL("id"), share),
                )
            )
        ]

    def _read(self, share=None):
        engine = self.env["lifecycle.engine"].with_company(self.company)
        drawn = engine._draw(self.env.cr, share)
        return engine._read_parted_purchases(self.company, self.today, drawn=drawn)

    def test_all_of_some_customers(self):
        drawn = self._find_drawn(SHARE)
        self.assertTrue(2 < len(drawn) < 28)
        for some, everybody in zip(self._read(SHARE), self._read(), strict=True):
            kept = everybody.take(np.isin(everybody.customer, drawn))
            self.assertTrue(0 < len(kept) < len(everybody))
            for name in ("customer", "day", "amount", "is_order"):
                self.assertEqual(
                    getattr(some, name).tolist(), getattr(kept, name).tolist()
                )

    def test_contacts_are_strays(self):
        """Else the test above would not see that they are looked at."""
        engine = self.env["lifecycle.engine"]
        strays = set(engine._find_strays(self.env.cr, SHARE))
        contacts = self.buyers.child_ids
        self.assertTrue(0 < len(strays & set(contacts.ids)) < len(contacts))
        self.assertFalse(strays & set(self.buyers.ids))

    def test_a_larger_share_has_the_smaller_one(self):
        less, more = set(self._find_drawn(SHARE)), set(self._find_drawn(0.7))
        self.assertTrue(less < more)
        self.assertEqual(self._find_drawn(None), self.buyers.sorted("id").ids)
        self.assertEqual(self._find_drawn(0.0), [])
