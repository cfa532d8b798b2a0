from odoo import Command
from odoo.tests import tagged

from .dirty_common import DirtyCase


@tagged("post_install", "-at_install")
class TestDirtyCost(DirtyCase):
    """What marking adds to the transactions of users."""

    def _quotations(self, count):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.contact.id,
                    "company_id": self.company.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
                for _number in range(count)
            ]
        )
        self._dirty()
        return orders

    def _count(self, action):
        """Queries of an action as the whole transaction of a user."""
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _off(self, records):
        """Marking switched off in everything that this transaction flushes."""
        dirty = self.registry["lifecycle.dirty"]
        self.patch(dirty, "_get_marks", lambda self: None)
        return records

    def test_confirming_costs_one_query(self):
        warm, with_marks, without = self._quotations(3)
        warm.action_confirm()
        self._dirty()
        costs = self._count(with_marks.action_confirm)
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        self._off(without)
        self.assertEqual(costs, self._count(without.action_confirm) + 1)
        self.assertEqual(self._dirty(), set())

    def test_one_statement_for_many_orders(self):
        orders = self._quotations(20)
        with self._statements() as statements:
            for order in orders:
                order.action_confirm()
            self.assertEqual(self._dirty(), self._pairs(self.contact))
        self.assertEqual(len(statements), 1)

    def test_batch_costs_one_query(self):
        vals = {"partner_id": self.contact.id, "company_id": self.company.id}

        def create():
            self.env["sale.order"].create([dict(vals) for _number in range(100)])

        create()
        self._dirty()
        costs = self._count(create)
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        self._off(self.env["sale.order"])
        self.assertEqual(costs, self._count(create) + 1)

    def test_new_contacts_cost_nothing(self):
        def create():
            self._partner("Newcomer", parent_id=self.stranger.id)

        create()
        costs = self._count(create)
        self._off(self.env["res.partner"])
        self.assertEqual(costs, self._count(create))

    def test_rollback_leaves_no_mark(self):
        order = self._quotations(1)
        self._triggers().unlink()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            order.action_confirm()
            self.env.flush_all()
            raise ZeroDivisionError
        self.assertEqual(self._dirty(), set())
        self.assertFalse(self._triggers())

    def test_marks_survive_a_savepoint(self):
        order = self._quotations(1)
        order.action_confirm()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            raise ZeroDivisionError
        self.assertEqual(self._dirty(), self._pairs(self.contact))
