from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierRules(TierCase):
    """Rules that change, and rules that cannot be."""

    def test_rule_edited_later_takes_nothing_away(self):
        self._start()
        self._buy(100)
        other = self._partner("Other")
        self._buy(100, partner=other)
        self.silver.threshold = 150
        self._process_pending()
        self.assertEqual(self._tier(), self.silver)
        # a return takes back what is owed by the rule of then
        order = self._buy(10)
        order._action_cancel()
        self._refresh()
        self.assertEqual(self._tier(), self.silver)
        newcomer = self._partner("Newcomer")
        self._buy(149.99, partner=newcomer)
        self.assertEqual(self._tier(newcomer), self.bronze)
        self._night("2027-06-16")
        self.assertEqual(self._tier(), self.bronze)

    def test_threshold_lowered_raises_members_quietly(self):
        self._start()
        self._buy(60)
        self.silver.threshold = 50
        run = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertTrue(run.quiet)
        self._process_pending()
        self.assertEqual(self._tier(), self.silver)
        self.assertEqual(self._moves()[-1], ("Bronze", "Silver", "rules"))

    def test_tier_deleted_or_archived_while_members_are_in_it(self):
        self._start()
        self._buy(600)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.gold.unlink()
        self.gold.active = False
        self._process_pending()
        member = self._member()
        self.assertEqual(member.tier_id, self.silver)
        self.assertEqual(str(member.valid_until), "2027-06-15")
        self.assertEqual(self._moves()[-1], ("Gold", "Silver", "rules"))
        self.assertEqual(member.next_tier_id, self.platinum)
        self.platinum.unlink()
        self._process_pending()
        self.assertFalse(self._member().next_tier_id)

    def test_programme_archived_and_back(self):
        self._start()
        self._buy(600)
        self.club.active = False
        self._process_pending()
        self.assertFalse(self._profile(self.buyer).tier_id)
        self.assertEqual(self._tier(), self.gold)
        self.club.active = True
        self._process_pending()
        self.assertEqual(self._profile(self.buyer).tier_id, self.gold)
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.club.active = False
            self.club.unlink()

    def test_filter_over_the_profile(self):
        self.gold.domain = "[('order_count', '>=', 2)]"
        self._start()
        self._buy(600)
        self.assertEqual(self._tier(), self.silver)
        self._buy(1)
        self.assertEqual(self._tier(), self.gold)

    def test_filter_by_stage(self):
        stage = self._stage("active")
        self.gold.domain = f"[('stage_id', '=', {stage.id})]"
        self._start()
        self._buy(600)
        expected = self.gold if self._profile(self.buyer).stage_id == stage else None
        self.assertEqual(self._tier(), expected or self.silver)

    def test_a_filter_that_cannot_be_used_is_refused(self):
        for text in ("[('no_field', '=', 1)]", "nonsense", "[('tier_id', '=', 1)]"):
            with self.assertRaisesRegex(ValidationError, "Only For.*cannot be used"):
                self.gold.domain = text

    def test_bad_thresholds(self):
        for value, words in (
            (-1, "below 0"),
            (100, "has the same one"),
            (1.001, "more decimals"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.gold.threshold = value

    def test_bad_numbers_of_the_programme(self):
        for name, value in (("tier_months", 0), ("tier_grace_days", -1)):
            with self.assertRaisesRegex(ValidationError, "out of range"):
                self.club[name] = value

    def test_only_loyalty_programmes_have_tiers(self):
        other = self.env["loyalty.program"].create(
            {"name": "Promotion", "program_type": "promotion"}
        )
        with self.assertRaisesRegex(ValidationError, "Loyalty Cards"):
            self.env["loyalty.tier"].create(
                {"name": "A", "program_id": other.id, "threshold": 0}
            )
