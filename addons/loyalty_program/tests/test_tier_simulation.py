from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierSimulation(TierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small, cls.middle, cls.big = (
            cls._partner(f"Member {amount}") for amount in (90, 400, 700)
        )
        for partner, amount in ((cls.small, 90), (cls.middle, 400), (cls.big, 700)):
            cls._order(partner, "2026-03-02", amount)
        cls.gold.write({"point_multiplier": 2, "cashback_percent": 1})

    def _draft(self):
        action = self.club.action_simulate_tiers()
        return self.env["loyalty.tier.simulation"].browse(action["res_id"])

    def _line(self, draft, tier):
        return draft.line_ids.filtered(lambda line: line.tier_id == tier)

    def _moves(self, draft):
        return {
            move.partner_id: (move.from_tier_id, move.to_line_id.tier_id, move.rises)
            for move in draft.move_ids
        }

    def test_the_rules_as_they_are_move_nobody(self):
        self._start()
        draft = self._draft()
        draft.action_compute()
        self.assertEqual(draft.state, "done")
        self.assertFalse(draft.move_ids)
        self.assertEqual(
            draft.line_ids.mapped(lambda line: (line.before_count, line.after_count)),
            [(1, 1), (1, 1), (1, 1), (0, 0)],
        )
        # a point is worth 5 % of nothing known; given as a cent
        draft.point_value = 0.01
        self.assertEqual(draft.state, "draft")
        draft.action_compute()
        gold = self._line(draft, self.gold)
        self.assertAlmostEqual(gold.cost_after, 700 * 0.01 + 700 * 0.01)
        self.assertAlmostEqual(draft.cost_before, draft.cost_after)

    def test_perks_cost_in_the_currency_of_the_programme(self):
        half = self.env["res.currency"].create(
            {
                "name": "HLF",
                "symbol": "H",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2})],
            }
        )
        self.club.currency_id = half
        self._start()
        draft = self._draft()
        draft.point_value = 0.01
        draft.action_compute()
        # 700 and 400 dollars are 2,200 of it: a point each, worth a hundredth, and 1 %
        self.assertAlmostEqual(self._line(draft, self.gold).cost_after, 44)

    def test_who_moves_and_nothing_has_changed(self):
        self._start()
        draft = self._draft()
        self._line(draft, self.silver).threshold = 90
        self._line(draft, self.gold).threshold = 701
        draft.action_compute()
        self.assertEqual(
            self._moves(draft),
            {
                self.small: (self.bronze, self.silver, True),
                self.big: (self.gold, self.silver, False),
            },
        )
        silver = self._line(draft, self.silver)
        self.assertEqual(
            (silver.before_count, silver.after_count, silver.in_count), (1, 3, 2)
        )
        self.assertEqual((draft.up_count, draft.down_count), (1, 1))
        self.assertEqual(self._line(draft, self.gold).out_count, 1)
        self.assertEqual(self.silver.threshold, 100)
        self.assertEqual(self._tier(self.big), self.gold)

    def test_another_period(self):
        self._order(self.small, "2024-03-02", 1000)
        self._start()
        draft = self._draft()
        draft.tier_period = "lifetime"
        draft.action_compute()
        self.assertEqual(
            self._moves(draft), {self.small: (self.bronze, self.gold, True)}
        )

    def test_applied_it_keeps_promises(self):
        self._start()
        draft = self._draft()
        self._line(draft, self.silver).threshold = 90
        self._line(draft, self.gold).threshold = 701
        draft.action_compute()
        draft.action_apply()
        self._process_pending()
        self.assertEqual(self._tier(self.small), self.silver)
        self.assertEqual(self._tier(self.big), self.gold)
        self.assertEqual(str(self._member(self.big).valid_until), "2027-03-02")
        self._night("2027-03-03")
        self.assertEqual(self._tier(self.big), self.silver)

    def test_applied_at_once_but_for_the_protected(self):
        self._start()
        draft = self._draft()
        self._line(draft, self.silver).threshold = 401
        self._line(draft, self.gold).threshold = 701
        draft.action_compute()
        draft.landing = "now"
        draft.protect_until = "2026-12-31"
        moves = draft.move_ids.filtered(lambda move: move.partner_id == self.big)
        moves.action_protect()
        draft.action_apply()
        self._process_pending()
        self.assertEqual(self._tier(self.middle), self.bronze)
        self.assertEqual(self._tier(self.big), self.gold)
        self.assertEqual(self._member(self.big).pinned_tier_id, self.gold)
        self.assertEqual(
            TierCase._moves(self, self.middle), [("Silver", "Bronze", "rules")]
        )
        # the promise is kept as long as it was given
        self._night("2027-01-01")
        self.assertEqual(self._tier(self.big), self.gold)
        self._night("2027-03-03")
        self.assertEqual(self._tier(self.big), self.silver)

    def test_a_tier_is_added_and_one_dropped(self):
        self._start()
        draft = self._draft()
        draft.line_ids = [
            Command.delete(self._line(draft, self.gold).id),
            Command.create({"name": "Emerald", "threshold": 300}),
        ]
        draft.action_compute()
        draft.action_apply()
        self._process_pending()
        self.assertFalse(self.gold.active)
        self.assertEqual(self._tier(self.middle).name, "Emerald")
        self.assertEqual(self._tier(self.big).name, "Emerald")

    def test_nobody_is_protected_in_a_tier_that_is_dropped(self):
        self._start()
        draft = self._draft()
        draft.line_ids = [Command.delete(self._line(draft, self.gold).id)]
        draft.action_compute()
        moves = draft.move_ids.filtered(lambda move: move.partner_id == self.big)
        moves.action_protect()
        with self.assertRaisesRegex(UserError, "to keep tier “Gold”"):
            draft.action_apply()
        self.assertTrue(self.gold.active)
        self.assertFalse(self._member(self.big).pinned_tier_id)
        moves.protected = False
        draft.action_apply()
        self.assertFalse(self.gold.active)

    def test_thresholds_change_places(self):
        self._start()
        draft = self._draft()
        self._line(draft, self.silver).threshold = 500
        self._line(draft, self.gold).threshold = 100
        draft.action_compute()
        draft.action_apply()
        self.assertEqual((self.silver.threshold, self.gold.threshold), (500, 100))

    def test_refused(self):
        self._start()
        draft = self._draft()
        with self.assertRaisesRegex(UserError, "Compute the draft first"):
            draft.action_apply()
        with self.assertRaisesRegex(ValidationError, "below 0"):
            self._line(draft, self.gold).threshold = -1
        self._line(draft, self.gold).threshold = 100
        with self.assertRaisesRegex(UserError, "the same one"):
            draft.action_compute()
        with self.assertRaisesRegex(ValidationError, "out of range"):
            draft.tier_months = 0

    def test_notices_pass_the_gate(self):
        self._start()
        template = self.env["mail.template"].create(
            {
                "name": "Notice",
                "model_id": self.env["ir.model"]._get_id("loyalty.membership"),
                "subject": "Your tier",
                "body_html": "<p>Hello</p>",
                "partner_to": "{{ object.partner_id.id }}",
                "auto_delete": False,
            }
        )
        self.small.email = "small@example.com"
        blocked = self._partner("Blocked", email="blocked@example.com")
        self._order(blocked, TODAY, 90)
        self._refresh()
        self.env["mail.blacklist"]._add("blocked@example.com")
        draft = self._draft()
        self._line(draft, self.silver).threshold = 90
        draft.action_compute()
        self.assertEqual(draft.up_count, 2)
        draft.notice_template_id = template
        before = self.env["mail.mail"].search([])
        draft.action_apply()
        mails = self.env["mail.mail"].search([]) - before
        waiting = mails.filtered(lambda mail: mail.state == "outgoing")
        self.assertEqual(waiting.recipient_ids | waiting.mail_message_id.partner_ids,
                         self.small)  # fmt: skip
