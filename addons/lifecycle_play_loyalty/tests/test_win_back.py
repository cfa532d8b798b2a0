"""The shipped win-back play, from the lapse to the coupon on an order."""

from datetime import datetime, time, timedelta

from odoo.tests import tagged

from odoo.addons.lifecycle_play.tests.play_common import PlayCase


@tagged("post_install", "-at_install")
class TestShippedWinBack(PlayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"lifecycle_lapse_auto": False, "lifecycle_lapse_days": 90})
        shipped = cls.env.ref("lifecycle_play.play_win_back").sudo()
        cls.play = shipped.copy({"company_id": cls.company.id, "control_share": 0})
        cls.lapsing = cls._customer("Lena Lapsing")
        for ago in (240, 180, 120, 60):
            cls._order(cls.lapsing, cls.today - timedelta(days=ago), 100)

    def _days(self, first, count):
        """Ten o'clock of each of some days: runs of scores and of plays."""
        for number in range(count):
            day = first + timedelta(days=number)
            with self.at(datetime.combine(day, time(10))):
                self._recompute()
                self._run_plays()
            yield day

    def test_from_the_lapse_to_the_redeemed_coupon(self):
        self._recompute()
        self._start(self.play)
        lapse = self._profile(self.lapsing).lapse_date
        self.assertGreater(lapse, self.today)
        seen = {}
        for day in self._days(lapse - timedelta(days=1), 25):
            for mail in self._mails(self.lapsing):
                seen.setdefault(mail, day)
            if len(seen) == 2:
                break
        reminder, offer = seen
        [way] = self._ways(self.play)
        self.assertEqual(way.entered_day, lapse)
        self.assertEqual(reminder.subject, "We have not heard from you for a while")
        self.assertGreaterEqual(seen[reminder], lapse + timedelta(days=1))
        self.assertGreaterEqual(seen[offer], seen[reminder] + timedelta(days=10))
        for day in seen.values():
            self.assertLess(day.weekday(), 5, "on a working day")
        card = self.env["loyalty.card"].search(
            [
                ("partner_id", "=", self.lapsing.id),
                ("lifecycle_play_id", "=", self.play.id),
            ]
        )
        self.assertIn(card.code, offer.body_html)
        self.assertEqual(card.lifecycle_step_id.name, "Offer for a limited time")

        # the customer orders with the code: the play stops, nobody calls
        bought = seen[offer] + timedelta(days=2)
        order = self._order(self.lapsing, bought, 300, state="draft")
        with self.at(bought):
            [(found, reward)] = order._try_apply_code(card.code).items()
            order._apply_program_reward(reward, found)
            order.action_confirm()
        order.date_order = datetime.combine(bought, time(9))
        self.assertEqual(order.amount_untaxed, 270)
        for _day in self._days(bought, 20):
            pass
        self.assertEqual((way.state, way.stop_reason), ("stopped", "purchase"))
        self.assertEqual(len(self._mails(self.lapsing)), 2)
        self.assertFalse(self.lapsing.activity_ids)

        # when its time is over, the report counts the order and the coupon
        with self.at(lapse + timedelta(days=100)):
            self.env["lifecycle.play.result"]._refresh(self.company)
        result = self.play.result_id
        self.assertEqual((result.treated_count, result.treated_buyers), (1, 1))
        self.assertEqual((result.treated_revenue, result.discount), (270, 30))
        self.assertEqual((result.coupon_count, result.coupon_used_count), (1, 1))

    def test_who_does_nothing_is_called_in_the_end(self):
        seller = self.env["res.users"].create(
            {
                "name": "Sally",
                "login": "play_sally_seller",
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        self.lapsing.user_id = seller
        self._recompute()
        self._start(self.play)
        lapse = self._profile(self.lapsing).lapse_date
        for _day in self._days(lapse, 40):
            if self.lapsing.activity_ids:
                break
        call = self.lapsing.activity_ids
        self.assertEqual(call.user_id, seller)
        self.assertEqual(
            call.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )
        self.assertEqual(self._ways(self.play).state, "done")
