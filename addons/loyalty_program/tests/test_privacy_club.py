from datetime import date

from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .points_common import PointsCase
from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestPrivacyTiers(TierCase):
    """Who is not profiled stays a member: that was agreed upon. No score is kept."""

    def _switch(self):
        self.buyer._lifecycle_set_profiling(True, "Phone")
        self._refresh()

    def test_membership_stays_and_goes_on(self):
        self._start()
        self._buy(150)
        self.assertEqual(self._tier(), self.silver)
        joined = self._member().joined_date
        self._switch()
        self.assertEqual(self._tier(), self.silver)
        self._buy(400)
        self.assertEqual((self._tier(), self._member().amount), (self.gold, 550))
        self._recompute(reason="nightly")
        self._recompute(reason="manual")
        self.assertEqual((self._tier(), self._member().amount), (self.gold, 550))
        self.assertEqual(self._member().joined_date, joined)
        self.assertFalse(self._profile(self.buyer))

    def test_member_without_a_purchase_in_the_period_is_not_put_out(self):
        self._start()
        self._buy(150, day="2026-06-01")
        self._switch()
        with self.at("2028-06-15"):
            self._recompute(reason="manual")
        self.assertTrue(self._member())
        self.assertEqual(self._tier(), self.bronze)

    def test_no_move_is_recorded(self):
        other = self._partner("Other", is_company=True)
        self._start()
        self._buy(150)
        self._buy(150, partner=other)
        self.assertTrue(self._moves())
        self._switch()
        self.assertFalse(self._moves())
        self._buy(400)
        self._buy(400, partner=other)
        self.assertEqual(self._tier(), self.gold)
        self.assertFalse(self._moves())
        self.assertEqual(self._moves(other)[-1][1], "Gold")


@tagged("post_install", "-at_install")
class TestPrivacyPoints(PointsCase):
    def test_cards_and_points_stay(self):
        card = self._give(self.ann, 100)
        entries = self.ledger.search([("partner_id", "=", self.ann.id)])
        self.ann._lifecycle_set_profiling(True, "Phone")
        self.assertEqual(card.points, 100)
        self.assertEqual(
            self.ledger.search([("partner_id", "=", self.ann.id)]), entries
        )

    def test_points_do_not_lapse_by_a_purchase_that_nobody_knows(self):
        """The last purchase is a fact of the profile: without it nothing lapses."""
        self.club.write({"point_idle_months": 6})
        self.club.point_expiry_start = "2020-01-01"
        card = self._give(self.ann, 100, day="2026-01-10")
        lots = self.env["loyalty.lot"]

        def until():
            self.env.flush_all()
            lots.invalidate_model()
            return lots.search([("card_id", "=", card.id)]).mapped("expire_on")

        self.assertEqual(until(), [date(2026, 7, 10)])
        self.ann._lifecycle_set_profiling(True, "Phone")
        self.assertEqual(until(), [False])
        # those that are good for a time stay so
        self.club.point_life_months = 12
        self.assertEqual(until(), [date(2027, 1, 10)])
        self.assertGreater(date(2027, 1, 10), TODAY)
