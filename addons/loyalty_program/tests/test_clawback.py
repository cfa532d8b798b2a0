from odoo import Command
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestClawback(PointsCase):
    """Points that come back with what was returned."""

    def test_full_return(self):
        order, invoice = self._invoiced()
        note = self._credit(invoice)
        card = self._card(self.ann)
        self.assertEqual(card.points, 0)
        [taken] = self._entries(card, "clawback")
        self.assertEqual((taken.points, taken.order_id), (-100, order))
        self.assertEqual(taken.move_id, note)
        self.assertEqual(taken.source_id, self._entries(card, "earn"))
        [told] = card.history_ids.filtered("used")
        self.assertEqual(told.used, 100)
        self._assert_balanced(card)

    def test_partial_return_twice_and_once_more(self):
        _order, invoice = self._invoiced()
        card = self._card(self.ann)
        for amount, left in ((30, 70), (30, 40), (30, 10), (30, 0)):
            self._credit(invoice, amount)
            self.assertAlmostEqual(card.points, left)
        self._assert_balanced(card)

    def test_draft_takes_nothing(self):
        _order, invoice = self._invoiced()
        note = self._credit(invoice, post=False)
        self.assertEqual(self._card(self.ann).points, 100)
        note.action_post()
        self.assertEqual(self._card(self.ann).points, 0)

    def test_credit_note_taken_back(self):
        _order, invoice = self._invoiced()
        note = self._credit(invoice, 40)
        card = self._card(self.ann)
        self.assertEqual(card.points, 60)
        note.button_draft()
        self.assertEqual(card.points, 100)
        [back] = self._entries(card, "reverse")
        self.assertEqual(back.lot_id, self._entries(card, "earn"))
        note.action_post()
        self.assertEqual(card.points, 60)
        note.button_draft()
        note.button_cancel()
        self.assertEqual(card.points, 100)
        self._assert_balanced(card)

    def test_rounding_is_in_favour_and_never_too_much(self):
        _order, invoice = self._invoiced(99.99)
        card = self._card(self.ann)
        self.assertAlmostEqual(card.points, 99.99)
        for _i in range(3):
            self._credit(invoice, 33.33)
        self.assertEqual(round(card.points, 6), 0)
        taken = -sum(self._entries(card, "clawback").mapped("points"))
        self.assertAlmostEqual(taken, 99.99)
        self._assert_balanced(card)

    def test_thirds_are_rounded_down(self):
        _order, invoice = self._invoiced(10)
        card = self._card(self.ann)
        card._because("manual").points += 0  # nothing moves, nothing is written
        self._credit(invoice, 3.335)
        taken = self._entries(card, "clawback")
        self.assertLessEqual(-taken.points, 3.34)
        self.assertFalse(self._entries(card, "manual"))

    def test_cancel_after_partial_refund(self):
        order, invoice = self._invoiced()
        card = self._card(self.ann)
        self._credit(invoice, 30)
        self.assertEqual(card.points, 70)
        order._action_cancel()
        self.assertEqual(card.points, 0)
        self.assertEqual(self._entries(card, "clawback").mapped("points"), [-30, -70])
        # the order is settled: nothing more is taken, and nothing given back
        note = self._credit(invoice, 50)
        self.assertEqual(card.points, 0)
        note.button_draft()
        self.assertEqual(card.points, 0)
        self._assert_balanced(card)

    def test_cancel_keeps_points_of_other_orders(self):
        self._buy(self.ann, 500)
        order, invoice = self._invoiced()
        self._credit(invoice)
        order._action_cancel()
        self.assertEqual(self._card(self.ann).points, 500)

    def test_never_below_zero_and_it_is_said(self):
        order, invoice = self._invoiced(100)
        card = self._card(self.ann)
        other = self._buy(self.ann, 10, rewards=2)
        self.assertEqual(card.points, 10)
        self._credit(invoice)
        self.assertEqual(card.points, 0)
        [taken] = self._entries(card, "clawback")
        self.assertEqual((taken.points, taken.shortfall), (-10, 90))
        [said] = order.message_ids.filtered(lambda m: card.code in m.body)
        self.assertIn("90", said.body)
        # what is missing is not asked for again
        self._buy(self.ann, 60)
        order._action_cancel()
        self.assertEqual(card.points, 60)
        self.assertFalse(other.message_ids.filtered(lambda m: card.code in m.body))
        self._assert_balanced(card)

    def test_cancel_below_zero_is_said(self):
        order = self._buy(self.ann, 100)
        card = self._card(self.ann)
        self._buy(self.ann, 10, rewards=2)
        order._action_cancel()
        self.assertEqual(card.points, 0)
        self.assertEqual(self._entries(card, "clawback").shortfall, 90)
        self.assertIn("90", order.message_ids[:1].body)
        self._assert_balanced(card)

    def test_shortfall_ends_with_the_credit_note(self):
        _order, invoice = self._invoiced(100)
        card = self._card(self.ann)
        self._buy(self.ann, 10, rewards=2)
        note = self._credit(invoice)
        note.button_draft()
        self.assertEqual(card.points, 10)
        missed = sum(self._entries(card, "clawback", "reverse").mapped("shortfall"))
        self.assertEqual(missed, 0)
        self._assert_balanced(card)

    def test_spent_points_come_back(self):
        self._buy(self.ann, 200)
        order = self._buy(self.ann, 100, rewards=1)
        card = self._card(self.ann)
        self.assertEqual(card.points, 250)
        invoice = self._invoice_order(order, self.today)
        note = self._credit(invoice, post=False)
        note.action_post()
        self.assertEqual(card.points, 200)
        [back] = self._entries(card, "reverse")
        self.assertEqual((back.points, back.move_id), (50, note))
        self.assertFalse(back.lot_id)
        order._action_cancel()
        self.assertEqual(card.points, 200)
        self._assert_balanced(card)

    def test_only_what_gave_points_takes_them(self):
        other = self.env["product.product"].create(
            {
                "name": "No Points",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": False,
            }
        )
        self.club.rule_ids.product_ids = self.product
        order = self._buy(self.ann, 100, confirm=False)
        order.order_line = [
            Command.create(
                {
                    "product_id": other.id,
                    "price_unit": 400,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        order._update_programs_and_rewards()
        order.action_confirm()
        card = self._card(self.ann)
        self.assertEqual(card.points, 100)
        invoice = self._invoice_order(order, self.today)
        note = self._credit(invoice, post=False)
        note.invoice_line_ids.filtered(
            lambda line: line.product_id == self.product
        ).unlink()
        note.action_post()
        self.assertEqual(card.points, 100)
        # the rule is edited later: what gave the points is remembered
        self.club.rule_ids.product_ids = other
        note = self._credit(invoice, post=False)
        note.invoice_line_ids.filtered(lambda line: line.product_id == other).unlink()
        note.action_post()
        self.assertEqual(card.points, 0)

    def test_credit_note_without_order_lines(self):
        """A lump sum on an invoice counts for what the invoice billed."""
        _order, invoice = self._invoiced()
        note = self._credit(invoice, post=False)
        note.invoice_line_ids.unlink()
        note.invoice_line_ids = [
            Command.create(
                {"name": "Goodwill", "price_unit": 25, "tax_ids": [Command.clear()]}
            )
        ]
        note.action_post()
        self.assertEqual(self._card(self.ann).points, 75)

    def test_credited_and_invoiced_again(self):
        """A corrected invoice is no return."""
        order, invoice = self._invoiced()
        card = self._card(self.ann)
        self._credit(invoice)
        self.assertEqual(card.points, 0)
        again = order._create_invoices()
        again.action_post()
        self.assertEqual(card.points, 100)
        self._credit(again, 10)
        self.assertEqual(card.points, 90)
        self._assert_balanced(card)

    def test_ordered_quantity_lowered_and_credited(self):
        order = self._order(self.ann, self.today, 100, state="draft")
        order.order_line.write({"product_uom_qty": 2, "price_unit": 100})
        order._update_programs_and_rewards()
        order.action_confirm()
        card = self._card(self.ann)
        self.assertEqual(card.points, 200)
        self._invoice_order(order, self.today)
        order.order_line.write({"product_uom_qty": 1, "price_unit": 100})
        note = order._create_invoices(final=True)
        self.assertEqual(note.move_type, "out_refund")
        note.action_post()
        self.assertEqual(card.points, 100)
        self._assert_balanced(card)

    def test_down_payment_credited_is_no_return(self):
        order = self._buy(self.ann, 100)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 30})
        )
        wizard.create_invoices()
        down = order.invoice_ids
        down.action_post()
        self._credit(down)
        self.assertEqual(self._card(self.ann).points, 100)
