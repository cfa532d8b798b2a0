"""The shipped win-back play in a browser: from paused to the redeemed coupon."""

from datetime import datetime, time, timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.lifecycle_play.scoring.arms import get_arm
from odoo.addons.lifecycle_play.tests.play_common import PlayCase
from odoo.addons.lifecycle_play.tests.smtp_sink import SinkMixin


@tagged("post_install", "-at_install")
class TestWinBackTour(SinkMixin, PlayCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"lifecycle_lapse_auto": False, "lifecycle_lapse_days": 90})
        cls.marketer = new_test_user(
            cls.env,
            "win_back_marketer",
            "sales_team.group_sale_manager",
            email="marketer@example.com",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        # as every company has it, and nothing of it changed
        cls.play = cls.env["lifecycle.play"].search(
            [("company_id", "=", cls.company.id), ("name", "=", "Win back")]
        )
        cls.lapsing = cls._customer("Lena Lapsing", user_id=cls.marketer.id)
        for ago in (240, 180, 120, 60):
            cls._order(cls.lapsing, cls.today - timedelta(days=ago), 100)

    def _tour(self, name, path):
        self.start_tour(f"/odoo/{path}", name, login="win_back_marketer", timeout=120)

    def _nights(self, first, count):
        """Scores, plays and the mail queue at ten o'clock of each of some days."""
        for number in range(count):
            day = first + timedelta(days=number)
            with self.at(datetime.combine(day, time(10))):
                self._recompute(reason="nightly")
                self._run_plays()
                yield day, self._send_queue()

    def test_from_paused_to_the_redeemed_coupon(self):
        self._recompute()
        self._tour("win_back_start", "lifecycle-plays")
        self.assertEqual(self.play.state, "running")
        self.assertEqual(self.play.control_share, 0.1)
        # the tour is about somebody who is not held out
        self.play.seed = next(
            seed
            for seed in map(str, range(100))
            if get_arm(seed, self.lapsing.id, 0.1) == "treated"
        )
        lapse = self._profile(self.lapsing).lapse_date
        seen = []
        for day, sent in self._nights(lapse - timedelta(days=1), 25):
            seen += [(day, *mail) for mail in sent]
            if len(seen) == 2:
                break
        self.assertEqual(len(seen), 2)
        for _day, recipients, message in seen:
            self.assertEqual(recipients, [self.lapsing.email])
            self.assertIn("/lifecycle/unsubscribe/", message["List-Unsubscribe"])
        (first, _to, reminder), (second, _to, offer) = seen
        self.assertEqual(reminder["subject"], "We have not heard from you for a while")
        self.assertGreaterEqual(first, lapse + timedelta(days=1))
        self.assertGreaterEqual(second, first + timedelta(days=10))
        card = self.env["loyalty.card"].search([("partner_id", "=", self.lapsing.id)])
        self.assertEqual(card.lifecycle_play_id, self.play)
        self.assertIn(card.code, offer.get_body(("html",)).get_content())
        self.assertGreater(card.expiration_date, second)

        # the customer orders and quotes the code: the play stops, nobody calls
        bought = second + timedelta(days=2)
        order = self._order(self.lapsing, bought, 300, state="draft")
        order.client_order_ref = card.code
        with self.at(bought):
            self._tour("win_back_redeem", f"sales/{order.id}")
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 270))
        self.assertEqual(card.points, 0)
        for _day, sent in self._nights(bought, 20):
            self.assertFalse(sent)
        [way] = self._ways(self.play)
        self.assertEqual((way.state, way.stop_reason), ("stopped", "purchase"))
        self.assertFalse(self.lapsing.activity_ids)

        # when its time is over, the report counts the order and the coupon
        with self.at(lapse + timedelta(days=100)):
            self.env["lifecycle.play.result"]._refresh(self.company)
        result = self.play.result_id
        self.assertEqual((result.treated_count, result.treated_buyers), (1, 1))
        self.assertEqual((result.treated_revenue, result.discount), (270, 30))
        self.assertEqual((result.coupon_count, result.coupon_used_count), (1, 1))
        self._tour("win_back_result", f"lifecycle-plays/{self.play.id}")
