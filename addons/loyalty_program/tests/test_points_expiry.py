from datetime import date, timedelta

from odoo.tests import tagged

from ..scoring.lots import add_months, get_remaining
from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestPointsExpiry(PointsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lots = cls.env["loyalty.lot"]
        cls.ann.email = "ann@example.com"

    def _expire(self, day=None):
        with self.at(day or self.today), self._no_commit():
            self.lots._cron_expire()

    def _left(self, card):
        self.env.flush_all()
        self.lots.invalidate_model()
        return [
            (lot.day, lot.remaining, lot.expire_on)
            for lot in self.lots.search([("card_id", "=", card.id)])
        ]

    def _live(self, months=12, idle=0, start="2020-01-01", **values):
        self.club.write(
            {"point_life_months": months, "point_idle_months": idle, **values}
        )
        self.club.point_expiry_start = start

    def test_oldest_are_spent_first(self):
        card = self._give(self.ann, 100, day="2026-01-10")
        self._give(self.ann, 50, day="2026-03-10")
        card._because("redeem").points -= 120
        self.assertEqual(
            self._left(card),
            [(date(2026, 1, 10), 0, False), (date(2026, 3, 10), 30, False)],
        )
        self.assertEqual(get_remaining([100, 50], 120), [0, 30])

    def test_expires_after_its_last_day(self):
        self._live(6)
        card = self._give(self.ann, 100, day="2026-01-10")
        self._give(self.ann, 50, day="2026-03-10")
        self._expire("2026-07-10")  # the last day is still good
        self.assertEqual(card.points, 150)
        self._expire("2026-07-11")
        self.assertEqual(card.points, 50)
        self._expire("2026-07-11")
        self.assertEqual(card.points, 50)
        [gone] = self._entries(card, "expire")
        self.assertEqual((gone.points, gone.day), (-100, date(2026, 7, 11)))
        self.assertEqual(gone.source_id.points, 100)
        self.assertEqual(sum(card.history_ids.mapped("used")), 100)
        self._assert_balanced(card)

    def test_only_what_was_not_spent_expires(self):
        self._live(6)
        card = self._give(self.ann, 100, day="2026-01-10")
        self._give(self.ann, 50, day="2026-03-10")
        card._because("redeem").points -= 70
        self._expire("2026-07-11")
        self.assertEqual(card.points, 50)
        self.assertEqual(self._entries(card, "expire").points, -30)
        self._assert_balanced(card)

    def test_29_february(self):
        self._live(12)
        card = self._give(self.ann, 100, day="2024-02-29")
        self.assertEqual(
            self._left(card), [(date(2024, 2, 29), 100, date(2025, 2, 28))]
        )
        self.assertEqual(add_months(date(2024, 2, 29), 12), date(2025, 2, 28))
        self._expire("2025-02-28")
        self.assertEqual(card.points, 100)
        self._expire("2025-03-01")
        self.assertEqual(card.points, 0)

    def test_months_as_the_kernel_counts_them(self):
        for months in (1, 6, 11, 13):
            self._live(months)
            card = self._give(self._partner(f"{months}"), 10, day="2024-08-31")
            [(day, _points, until)] = self._left(card)
            self.assertEqual(until, add_months(day, months))

    def test_without_purchase(self):
        self._live(0, idle=6)
        with self.at("2026-01-10"):
            self._buy(self.ann, 100)
        card = self._card(self.ann)
        with self.at("2026-05-10"):
            self._buy(self.ann, 10)
        self.assertEqual(
            {until for *_lot, until in self._left(card)}, {date(2026, 11, 10)}
        )
        self._expire("2026-11-10")
        self.assertEqual(card.points, 110)
        self._expire("2026-11-11")
        self.assertEqual(card.points, 0)
        self._assert_balanced(card)

    def test_purchase_without_points_counts(self):
        self._live(0, idle=6)
        card = self._give(self.ann, 100, day="2026-01-10")
        self._order(self.ann, "2026-06-01", 5)
        self._recompute()
        self.assertEqual(self._left(card)[0][2], date(2026, 12, 1))

    def test_clawback_takes_the_points_of_its_own_order(self):
        self._live(6)
        with self.at("2026-01-10"):
            self._buy(self.ann, 100)
        with self.at("2026-03-10"):
            order = self._buy(self.ann, 50)
        card = self._card(self.ann)
        order._action_cancel()
        self.assertEqual(
            [(day, left) for day, left, _until in self._left(card)],
            [(date(2026, 1, 10), 100), (date(2026, 3, 10), 0)],
        )

    def test_expired_points_are_not_taken_a_second_time(self):
        self._live(6)
        with self.at("2026-01-10"):
            order = self._buy(self.ann, 100)
        invoice = self._invoice_order(order, "2026-01-10")
        card = self._card(self.ann)
        self._expire("2026-07-11")
        self._give(self.ann, 40, day="2026-07-12")
        with self.at("2026-07-13"):
            note = self._refund(invoice, "2026-07-13")
            self.assertEqual(card.points, 40)
            note.button_draft()
            self.assertEqual(card.points, 40)
        self._assert_balanced(card)

    def test_switching_on_is_a_soft_landing(self):
        card = self._give(self.ann, 100, day="2020-01-10")
        self.club.point_life_months = 12
        start = self.today + timedelta(days=30)
        self.assertEqual(self.club.point_expiry_start, start)
        self._expire(start)
        self.assertEqual(card.points, 100)
        self._expire(start + timedelta(days=1))
        self.assertEqual(card.points, 0)

    def test_archived_programme_stands_still(self):
        self._live(6)
        card = self._give(self.ann, 100, day="2026-01-10")
        self.club.active = False
        self._expire("2027-01-11")
        self.assertEqual(card.points, 100)

    def test_no_life_no_expiry(self):
        card = self._give(self.ann, 100, day="2000-01-10")
        self._expire("2030-01-01")
        self.assertEqual(card.points, 100)

    def test_many_cards_in_a_few_statements(self):
        self._live(6)
        partners = self.env["res.partner"].create(
            [{"name": f"Member {i}"} for i in range(300)]
        )
        with self.at("2026-01-10"):
            cards = self.env["loyalty.card"].create(
                [
                    {"program_id": self.club.id, "partner_id": p.id, "points": 10}
                    for p in partners
                ]
            )
        self.env.flush_all()
        with self.at("2026-08-01"):
            self.lots._expire(self.club)  # fills caches
            before = self.env.cr.sql_log_count
            self.assertFalse(self.lots._expire(self.club))
            self.assertLess(self.env.cr.sql_log_count - before, 5)
        self.assertEqual(set(cards.mapped("points")), {0})
        self._assert_balanced(cards[:2])

    # -- the reminder ------------------------------------------------------------

    def _mails(self, partner=None):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", (partner or self.ann).ids)]
        )

    def test_reminder_once(self):
        self._live(6)
        self._give(self.ann, 40, day="2026-01-10")
        self._give(self.ann, 25, day="2026-05-10")
        self._expire("2026-06-09")
        self.assertFalse(self._mails())  # 31 days before
        self._expire("2026-06-11")
        [mail] = self._mails()
        self.assertEqual(mail.state, "outgoing")
        self.assertIn("40", mail.body_html)
        self.assertNotIn("25", mail.body_html)
        for day in ("2026-06-11", "2026-06-12", "2026-06-20"):
            self._expire(day)
        self.assertEqual(len(self._mails()), 1)

    def test_no_reminder_without_address_or_points_or_setting(self):
        self._live(6)
        self.ann.email = False
        self._give(self.ann, 40, day="2026-01-10")
        bob = self._partner("Bob", email="bob@example.com")
        card = self._give(bob, 40, day="2026-01-10")
        card._because("redeem").points -= 40
        self._expire("2026-07-01")
        self.assertFalse(self._mails() | self._mails(bob))
        card._because("manual").points += 40
        self.club.point_reminder_days = 0
        self._expire("2026-12-10")
        self.assertFalse(self._mails(bob))

    def test_installing_and_switching_on_send_nothing(self):
        before = self.env["mail.mail"].search_count([])
        self._give(self.ann, 40, day="2020-01-10")
        self.club.point_life_months = 12
        self.ledger._open_accounts()
        self.env.flush_all()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_action_reminds_for_plays_and_automation(self):
        self._live(6)
        self._give(self.ann, 40, day="2026-01-10")
        action = self.env.ref("loyalty_program.action_points_reminder_partner")
        with self.at("2026-07-01"):
            for _i in range(2):
                action.with_context(
                    active_model="res.partner", active_ids=self.ann.ids
                ).run()
        self.assertEqual(len(self._mails()), 1)
