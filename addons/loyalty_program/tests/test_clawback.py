from datetime import date

from odoo import Command
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestClawback(PointsCase):
    """Points that come back with what was returned."""

    def _invoiced(self, amount=100, partner=None, **values):
        order = self._buy(partner or self.ann, amount, **values)
        return order, self._invoice_order(order, self.today)

    def _credit(self, invoice, amount=None, post=True):
        return self._refund(invoice, self.today, amount, post=post)

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
        self.assertBalanced(card)

    def test_partial_return_twice_and_once_more(self):
        _order, invoice = self._invoiced()
        card = self._card(self.ann)
        for amount, left in ((30, 70), (30, 40), (30, 10), (30, 0)):
            self._credit(invoice, amount)
            self.assertAlmostEqual(card.points, left)
        self.assertBalanced(card)

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
        self.assertBalanced(card)

    def test_rounding_is_in_favour_and_never_too_much(self):
        _order, invoice = self._invoiced(99.99)
        card = self._card(self.ann)
        self.assertAlmostEqual(card.points, 99.99)
        for _i in range(3):
            self._credit(invoice, 33.33)
        self.assertEqual(round(card.points, 6), 0)
        taken = -sum(self._entries(card, "clawback").mapped("points"))
        self.assertAlmostEqual(taken, 99.99)
        self.assertBalanced(card)

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
        self.assertEqual(
            self._entries(card, "clawback").mapped("points"), [-30, -70]
        )
        # the order is settled: nothing more is taken, and nothing given back
        note = self._credit(invoice, 50)
        self.assertEqual(card.points, 0)
        note.button_draft()
        self.assertEqual(card.points, 0)
        self.assertBalanced(card)

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
        self.assertBalanced(card)

    def test_cancel_below_zero_is_said(self):
        order = self._buy(self.ann, 100)
        card = self._card(self.ann)
        self._buy(self.ann, 10, rewards=2)
        order._action_cancel()
        self.assertEqual(card.points, 0)
        self.assertEqual(self._entries(card, "clawback").shortfall, 90)
        self.assertIn("90", order.message_ids[:1].body)
        self.assertBalanced(card)

    def test_shortfall_ends_with_the_credit_note(self):
        _order, invoice = self._invoiced(100)
        card = self._card(self.ann)
        self._buy(self.ann, 10, rewards=2)
        note = self._credit(invoice)
        note.button_draft()
        self.assertEqual(card.points, 10)
        missed = sum(self._entries(card, "clawback", "reverse").mapped("shortfall"))
        self.assertEqual(missed, 0)
        self.assertBalanced(card)

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
        self.assertBalanced(card)

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
        self.assertBalanced(card)

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
        self.assertBalanced(card)

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

    def test_currency_other_than_the_programme(self):
        euro = self._currency("EUR")
        self._rate(euro, "2026-01-01", 0.5)
        order = self._buy(self.ann, 100, currency=euro)
        card = self._card(self.ann)
        given = card.points
        self.assertTrue(given)
        invoice = self._invoice_order(order, self.today)
        self.assertEqual(invoice.currency_id, euro)
        self._credit(invoice, 25)
        self.assertAlmostEqual(card.points, given * 0.75)
        # the credit note in another currency than the order
        note = self._credit(invoice, post=False)
        note.currency_id = self.usd
        note.invoice_line_ids.write({"quantity": 1, "price_unit": 50})
        note.action_post()  # 50 dollars are 25 euros
        self.assertAlmostEqual(card.points, given * 0.5)
        self.assertBalanced(card)

    def test_two_companies(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        club = self._program("Other Club", company=other)
        shared = self._program("Shared Club", company_id=False)
        env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (self.company | other).ids,
            }
        )
        self.ann = self.ann.with_env(env)
        first, invoice = self._invoiced(100)
        second = self._buy(self.ann, 40, company=other)
        self.assertEqual(self._card(self.ann).points, 100)
        self.assertEqual(self._card(self.ann, club).points, 40)
        self.assertEqual(self._card(self.ann, shared).points, 140)
        self.assertEqual(
            self._entries(self._card(self.ann, shared), "earn").mapped("company_id.id"),
            [self.company.id, other.id],
        )
        self._credit(invoice)
        self.assertEqual(self._card(self.ann).points, 0)
        self.assertEqual(self._card(self.ann, club).points, 40)
        self.assertEqual(self._card(self.ann, shared).points, 40)
        second._action_cancel()
        self.assertEqual(self._card(self.ann, shared).points, 0)
        self.assertTrue(first)
        self.assertBalanced(
            self._card(self.ann),
            self._card(self.ann, club),
            self._card(self.ann, shared),
        )

    def test_archived_programme_still_takes_back(self):
        _order, invoice = self._invoiced()
        card = self._card(self.ann)
        self.club.active = False
        self._credit(invoice, 40)
        self.assertEqual(card.points, 60)
        self.assertBalanced(card)

    def test_merge_of_two_members(self):
        bob = self._partner("Bob")
        order, invoice = self._invoiced(100)
        self._buy(bob, 40)
        mine, his = self._card(self.ann), self._card(bob)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.ann | bob).ids, bob)
        self.assertEqual(his.points, 140)
        self.assertFalse(mine.active)
        self.assertEqual(mine.points, 0)
        self.assertBalanced(mine, his)
        self.assertEqual(self._entries(his, "earn").mapped("points"), [100, 40])
        self.assertEqual(self._entries(his, "earn").partner_id, bob)
        [joined] = self._entries(his, "merge")
        self.assertIn(mine.code, joined.note)
        # what is returned later is taken from the card that is left
        self._credit(invoice, 50)
        self.assertEqual((mine.points, his.points), (0, 90))
        order._action_cancel()
        self.assertEqual((mine.points, his.points), (0, 40))
        self.assertBalanced(mine, his)

    def test_bookkeeper_without_rights_on_loyalty(self):
        _order, invoice = self._invoiced()
        user = self.env["res.users"].create(
            {
                "name": "Books",
                "login": "books_points",
                "group_ids": [
                    Command.set(self.env.ref("account.group_account_manager").ids)
                ],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        note = self._credit(invoice, post=False)
        note.with_user(user).action_post()
        card = self._card(self.ann)
        self.assertEqual(card.points, 0)
        self.assertEqual(self._entries(card, "clawback").user_id, user)

    def test_first_order_on_29_february(self):
        with self.at(date(2024, 2, 29)):
            order = self._order(self.ann, "2024-02-29", 100, state="draft")
            order._update_programs_and_rewards()
            order.action_confirm()
        self.assertEqual(
            self._entries(self._card(self.ann), "earn").day, date(2024, 2, 29)
        )
