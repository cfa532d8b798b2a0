from datetime import datetime

from odoo.tests import tagged

from odoo.addons.lifecycle_play.tests.play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayBestTime(PlayCase):
    """The clock stands at noon UTC of Monday, 15 June 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Reader", tz="UTC")
        cls._order(cls.partner, "2026-05-01", 100)

    def _set(self, partner, weekday, hour):
        self.env.cr.execute(
            """INSERT INTO lifecycle_engagement
                (company_id, partner_id, best_weekday, best_hour)
            VALUES (%s, %s, %s, %s)""",
            [self.company.id, partner.id or None, weekday, hour],
        )

    def _due(self, **step):
        self._recompute()
        play = self._play(steps=[step], entry_kind="hand", to_stage_id=False)
        self._start(play)
        play._enter_by_hand(self.partner)
        return self._ways(play).next_date

    def test_at_the_hour(self):
        self._set(self.partner, 3, 18)
        self.assertEqual(self._due(best_time="hour"), datetime(2026, 6, 15, 18, 0))

    def test_tomorrow_where_it_is_over(self):
        self._set(self.partner, 3, 9)
        self.assertEqual(self._due(best_time="hour"), datetime(2026, 6, 16, 9, 0))

    def test_now_where_it_is_the_hour(self):
        self._set(self.partner, 3, 12)
        self.assertEqual(self._due(best_time="hour"), datetime(2026, 6, 15, 12, 0))

    def test_day_and_hour(self):
        self._set(self.partner, 3, 9)
        self.assertEqual(self._due(best_time="day"), datetime(2026, 6, 18, 9, 0))

    def test_the_same_day_next_week(self):
        self._set(self.partner, 0, 9)
        self.assertEqual(self._due(best_time="day"), datetime(2026, 6, 22, 9, 0))

    def test_after_the_delay(self):
        self._set(self.partner, 0, 9)
        self.assertEqual(
            self._due(best_time="hour", delay_value=2), datetime(2026, 6, 18, 9, 0)
        )

    def test_in_the_customers_time(self):
        self.partner.tz = "America/New_York"
        self._set(self.partner, 0, 9)  # 13:00 UTC in summer
        self.assertEqual(self._due(best_time="hour"), datetime(2026, 6, 15, 13, 0))

    def test_that_of_all_where_nothing_is_known(self):
        self._set(self.env["res.partner"], 0, 20)
        self.assertEqual(self._due(best_time="hour"), datetime(2026, 6, 15, 20, 0))

    def test_at_once_where_nothing_was_ever_sent(self):
        self.assertEqual(self._due(best_time="hour"), datetime(2026, 6, 15, 12, 0))
        self._set(self.partner, 3, 18)

    def test_off(self):
        self._set(self.partner, 3, 18)
        self.assertEqual(self._due(), datetime(2026, 6, 15, 12, 0))
