from ast import literal_eval

from odoo.tests import tagged

from .common import MarginCase


@tagged("post_install", "-at_install")
class TestMarginPlay(MarginCase):
    def test_the_play_of_fewer_offers_finds_the_same_customers(self):
        play = self.env.ref("lifecycle_play.play_reduction", raise_if_not_found=False)
        if not play:
            self.skipTest("no plays here")
        losing, bargain, good = (
            self._partner(name) for name in ("Losing", "Bargain", "Good")
        )
        for day in ("2026-02-10", "2026-03-10", "2026-04-10", "2026-05-10"):
            self._sell(losing, day, 100, cost=130)
            self._sell(bargain, day, 80, cost=60, discount=20)
            self._sell(good, day, 100, cost=60)
        self._recompute()
        domain = literal_eval(play.audience_domain)
        profiles = self.env["lifecycle.profile"]
        self.assertEqual(profiles.search(domain).partner_id, losing | bargain)
        found = self._profile(bargain)
        self.assertEqual((found.discount_share, found.margin_recent), (1, 80))
