from datetime import date, datetime

from odoo.tests import tagged

from .play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayDates(PlayCase):
    """Entry on a date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        cls._order(cls.partner, "2024-02-29", 100)

    def _dated(self, name, **values):
        field = self.env["ir.model.fields"]._get("lifecycle.profile", name)
        return self._play(
            entry_kind="date", to_stage_id=False, date_field_id=field.id, **values
        )

    def _days(self, play, days):
        """Days on which the customer entered."""
        for day in days:
            self._run_plays(day)
        return [str(day) for day in self._ways(play).mapped("entered_day")]

    def test_anniversary_of_29_february(self):
        play = self._dated(
            "first_order_date", date_yearly=True, reentry=True, cooldown_days=0
        )
        with self.at("2024-02-29"):
            self._recompute()
            self._start(play)
        days = self._days(
            play,
            [
                "2024-02-29",  # the day itself is none
                *("2025-02-27", "2025-02-28", "2025-03-01"),
                *("2026-02-28", "2026-03-01"),
                *("2028-02-28", "2028-02-29", "2028-03-01"),
            ],
        )
        self.assertEqual(days, ["2025-02-28", "2026-02-28", "2028-02-29"])

    def test_days_before_and_after(self):
        before = self._dated("lapse_date", date_offset=-3)
        after = self._dated("lapse_date", date_offset=2)
        with self.at("2024-03-01"):
            self._recompute()
            self._start(before)
            self._start(after)
        lapse = self._profile(self.partner).lapse_date.toordinal()
        days = [date.fromordinal(lapse + number) for number in range(-5, 5)]
        self.assertEqual(self._days(before, days), [str(date.fromordinal(lapse - 3))])
        self.assertEqual(
            [str(day) for day in self._ways(after).mapped("entered_day")],
            [str(date.fromordinal(lapse + 2))],
        )

    def test_days_without_the_scheduled_action_are_caught_up(self):
        play = self._dated("lapse_date")
        with self.at("2024-03-01"):
            self._recompute()
            self._start(play)
        lapse = self._profile(self.partner).lapse_date.toordinal()
        self.assertEqual(
            self._days(
                play, [date.fromordinal(lapse - 2), date.fromordinal(lapse + 3)]
            ),
            [str(date.fromordinal(lapse + 3))],
        )

    def test_a_date_of_before_the_start_lets_nobody_in(self):
        play = self._dated("lapse_date")
        with self.at("2024-03-01"):
            self._recompute()
        lapse = self._profile(self.partner).lapse_date.toordinal()
        with self.at(date.fromordinal(lapse + 1)):
            self._start(play)
            self._run_plays()
        self.assertFalse(self._ways(play))

    def test_once_a_day(self):
        """What comes in later on a day is not looked at again on that day."""
        play = self._dated("first_order_date")
        with self.at("2024-02-29"):
            self._start(play)
            self._run_plays()
            self._recompute(reason="import", quiet=True)
            self._run_plays()
        self.assertFalse(self._ways(play), "an import lets nobody in")

    def test_moment_in_the_time_zone_of_the_company(self):
        self.company.lifecycle_tz = "Pacific/Auckland"  # 12 or 13 hours ahead
        self.env["ir.model.fields"].create(
            {
                "name": "x_visit",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": "datetime",
                "field_description": "Visit",
            }
        )
        self.partner.x_visit = datetime(2024, 6, 1, 20)  # 2 June there
        field = self.env["ir.model.fields"]._get("res.partner", "x_visit")
        play = self._play(entry_kind="date", to_stage_id=False, date_field_id=field.id)
        with self.at(datetime(2024, 5, 31, 0)):
            self._recompute()
            self._start(play)
        for moment in (datetime(2024, 6, 1, 3), datetime(2024, 6, 1, 13)):
            self._run_plays(moment)
        self.assertEqual(self._ways(play).entered_day, date(2024, 6, 2))
