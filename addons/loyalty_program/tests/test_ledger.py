from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestLedger(PointsCase):
    def test_earning_and_spending_are_two_entries(self):
        self._buy(self.ann, 100)
        order = self._buy(self.ann, 200, rewards=1)
        card = self._card(self.ann)
        self.assertEqual(card.points, 250)  # what a reward costs gives points, too
        [first, second] = self._entries(card, "earn")
        self.assertEqual((first.points, second.points), (100, 200))
        self.assertEqual(second.order_id, order)
        self.assertEqual(second.base_amount, 200)
        self.assertEqual(second.partner_id, self.ann)
        self.assertEqual(second.day, self.today)
        [spent] = self._entries(card, "redeem")
        self.assertEqual((spent.points, spent.order_id), (-50, order))
        self.assertEqual(spent.base_amount, -5)
        self._assert_balanced(card)

    def test_record_stays_when_history_is_deleted(self):
        order = self._buy(self.ann, 100)
        card = self._card(self.ann)
        self.assertEqual(len(card.history_ids), 1)
        order._action_cancel()
        self.assertFalse(card.history_ids)
        self.assertEqual(card.points, 0)
        self.assertEqual(
            self.ledger.search([("card_id", "=", card.id)], order="id").mapped(
                lambda entry: (entry.kind, entry.points)
            ),
            [("earn", 100), ("clawback", -100)],
        )
        self._assert_balanced(card)

    def test_record_stays_when_the_card_is_deleted(self):
        card = self._give(self.ann, 30)
        entry = self._entries(card, "manual")
        card.history_ids.unlink()
        card.unlink()
        entry.invalidate_recordset()
        self.assertEqual(entry.points, 30)
        self.assertFalse(entry.card_id)
        self.assertEqual(entry.partner_id, self.ann)

    def test_nothing_is_changed_or_deleted(self):
        entry = self._entries(self._give(self.ann, 30), "manual")
        with self.assertRaises(UserError):
            entry.points = 40
        with self.assertRaises(UserError):
            entry.unlink()
        with self.assertRaises(UserError):
            entry.sudo().unlink()

    def test_by_hand_says_who_and_why(self):
        card = self._give(self.ann, 30)
        wizard = self.env["loyalty.card.update.balance"].create(
            {"card_id": card.id, "new_balance": 45, "description": "Sorry"}
        )
        wizard.action_update_card_point()
        entry = self._entries(card, "manual")[-1]
        self.assertEqual((entry.points, entry.note), (15, "Sorry"))
        self.assertEqual(entry.user_id, self.env.user)

    def test_generated_cards_begin_with_their_points(self):
        wallet = self._program("Wallet", "ewallet")
        self.env["loyalty.generate.wizard"].create(
            {
                "program_id": wallet.id,
                "mode": "selected",
                "customer_ids": [Command.set(self.ann.ids)],
                "points_granted": 25,
                "description": "Welcome",
            }
        ).generate_coupons()
        card = self._card(self.ann, wallet)
        entry = self.ledger.search([("card_id", "=", card.id)])
        self.assertEqual((entry.points, entry.note), (25, "Welcome"))
        self._assert_balanced(card)

    def test_single_use_marks_are_no_points(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Promotion",
                "program_type": "promotion",
                "applies_on": "current",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"minimum_amount": 1})],
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        order = self._buy(self.ann, 100)
        self.assertTrue(order.coupon_point_ids.coupon_id)
        self.assertFalse(self.ledger.search([("program_id", "=", program.id)]))

    def test_gift_card_is_in_the_ledger(self):
        program = self._program("Gift", "gift_card")
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 50})
        self.assertEqual(self.ledger.search([("card_id", "=", card.id)]).points, 50)

    def test_reward_added_to_a_confirmed_order(self):
        self._buy(self.ann, 200)
        order = self._buy(self.ann, 100)
        card = self._card(self.ann)
        order._apply_program_reward(self.club.reward_ids, card)
        spent = self._entries(card, "redeem")
        self.assertEqual((spent.points, spent.order_id), (-50, order))
        self.assertEqual(card.points, 250)
        # taken off again, as Odoo does when it works out the rewards anew
        order.order_line.filtered("reward_id")._reset_loyalty()
        back = self._entries(card, "reverse")
        self.assertEqual((back.points, back.source_id), (50, spent))
        self.assertEqual(card.points, 300)
        order._action_cancel()
        self.assertEqual(card.points, 200)
        self._assert_balanced(card)

    def test_lines_changed_after_confirmation(self):
        """Odoo then forgets how many points it gave; the ledger does not."""
        order = self._buy(self.ann, 100)
        order.order_line.price_unit = 300
        order._update_programs_and_rewards()
        order._action_cancel()
        self.assertEqual(self._card(self.ann).points, 0)
        self._assert_balanced(self._card(self.ann))

    def test_confirmed_and_cancelled_again(self):
        order = self._buy(self.ann, 100)
        for _i in range(2):
            order._action_cancel()
            self.assertEqual(self._card(self.ann).points, 0)
            order.action_draft()
            order._update_programs_and_rewards()
            order.action_confirm()
            self.assertEqual(self._card(self.ann).points, 100)
        self._assert_balanced(self._card(self.ann))

    def test_orders_of_several_customers_at_once(self):
        bob = self._partner("Bob")
        orders = self._buy(self.ann, 100, confirm=False)
        orders |= self._buy(bob, 50, confirm=False)
        orders |= self._buy(self.ann, 30, confirm=False)
        orders.action_confirm()
        self.assertEqual(self._card(self.ann).points, 130)
        self.assertEqual(self._card(bob).points, 50)
        self.assertEqual(
            self._entries(self._card(self.ann), "earn").mapped("points"), [100, 30]
        )
        orders._action_cancel()
        self.assertEqual(self._card(self.ann).points, 0)
        self._assert_balanced(self._card(self.ann), self._card(bob))

    def test_order_moved_to_another_customer(self):
        order = self._buy(self.ann, 100, confirm=False)
        bob = self._partner("Bob")
        order.partner_id = bob
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertFalse(self._card(self.ann).points)
        self.assertEqual(self._card(bob).points, 100)
        self.assertFalse(
            self.env["loyalty.card"].search(
                [("program_id", "=", self.club.id), ("partner_id", "=", False)]
            )
        )
        # and after it was confirmed: who got the points gives them back
        order.partner_id = self.ann
        order._action_cancel()
        self.assertEqual(self._card(bob).points, 0)
        self.assertFalse(self._card(self.ann).points)
        self._assert_balanced(self._card(bob))

    def test_difference_is_listed_and_not_repaired(self):
        card = self._give(self.ann, 30)
        differences = self.env["loyalty.ledger.difference"]
        self._assert_balanced(card)
        card.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE loyalty_card SET points = 37 WHERE id = %s", card.id)
        )
        card.invalidate_recordset()
        differences._cron_prove()
        differences._cron_prove()  # once, not twice
        found = differences.search([("card_id", "=", card.id)])
        self.assertEqual(
            (found.ledger_points, found.card_points, found.difference), (30, 37, 7)
        )
        self.assertFalse(found.closed_on)
        self.assertEqual(card.points, 37)
        found.action_accept()
        self.assertTrue(found.closed_on)
        self.assertEqual(card.points, 37)
        self.assertEqual(self._entries(card, "manual")[-1].points, 7)
        self._assert_balanced(card)

    def test_accounts_are_opened_from_history(self):
        """As at the installation: what Odoo knows, and an opening balance."""
        order = self._buy(self.ann, 100)
        card = self._card(self.ann)
        card.points += 20
        self.env.cr.execute(
            SQL("DELETE FROM loyalty_ledger WHERE card_id = %s", card.id)
        )
        self.ledger.invalidate_model()
        mails = self.env["mail.mail"].search_count([])
        self.ledger._open_accounts()
        self.ledger._open_accounts()  # nothing the second time
        [earned] = self._entries(card, "earn")
        self.assertEqual((earned.points, earned.order_id), (100, order))
        self.assertEqual(self._entries(card, "opening").mapped("points"), [20])
        self._assert_balanced(card)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        order._action_cancel()
        self.assertEqual(card.points, 20)
        self._assert_balanced(card)

    def test_program_that_begins_to_keep_points(self):
        program = self._program("Not Yet", applies_on="current")
        program.program_type = "promotion"
        program.applies_on = "current"
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": 8, "partner_id": self.ann.id}
        )
        self.assertFalse(self.ledger.search([("card_id", "=", card.id)]))
        program.program_type = "loyalty"
        self.assertEqual(self._entries(card, "opening").points, 8)
        self._assert_balanced(card)

    # -- what other apps do ---------------------------------------------------

    def test_order_of_another_app_is_named(self):
        card = self._give(self.ann, 5)
        lead = self.env["crm.lead"].create({"name": "Stands for an order of a shop"})
        card.points += 20
        self.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": "Shop",
                "issued": 20,
                "used": 0,
                "order_model": lead._name,
                "order_id": lead.id,
            }
        )
        first, entry = self._entries(card, "manual", "earn")
        self.assertEqual((first.kind, first.res_id), ("manual", 0))
        self.assertEqual(
            (entry.kind, entry.points, entry.res_model, entry.res_id),
            ("earn", 20, "crm.lead", lead.id),
        )

    def test_card_that_comes_with_an_order_names_it(self):
        order = self._order(self.ann, self.today, 30, state="draft")
        card = self.env["loyalty.card"].create(
            {
                "program_id": self.club.id,
                "partner_id": self.ann.id,
                "points": 30,
                "order_id": order.id,
            }
        )
        [entry] = self._entries(card, "earn")
        self.assertEqual(entry.order_id, order)
        order._action_cancel()
        self._assert_balanced(card)

    def test_what_was_committed_is_not_named_anew(self):
        card = self._give(self.ann, 5)
        self.env.cr.precommit.data.clear()  # as a commit does
        lead = self.env["crm.lead"].create({"name": "Stands for an order of a shop"})
        self.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": "Shop",
                "issued": 5,
                "used": 0,
                "order_model": lead._name,
                "order_id": lead.id,
            }
        )
        [entry] = self._entries(card, "manual")
        self.assertFalse(entry.res_id)
