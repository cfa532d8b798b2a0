from datetime import date

from odoo import Command
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestClawbackBorders(PointsCase):
    """Other currencies and companies, archived programmes, merged members."""

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
        self._assert_balanced(card)

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
        self._assert_balanced(
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
        self._assert_balanced(card)

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
        self._assert_balanced(mine, his)
        self.assertEqual(self._entries(his, "earn").mapped("points"), [100, 40])
        self.assertEqual(self._entries(his, "earn").partner_id, bob)
        [joined] = self._entries(his, "merge")
        self.assertIn(mine.code, joined.note)
        # what is returned later is taken from the card that is left
        self._credit(invoice, 50)
        self.assertEqual((mine.points, his.points), (0, 90))
        order._action_cancel()
        self.assertEqual((mine.points, his.points), (0, 40))
        self._assert_balanced(mine, his)

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
