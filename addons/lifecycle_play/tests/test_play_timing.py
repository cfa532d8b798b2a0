from datetime import datetime

from odoo import fields
from odoo.tests import tagged

from .play_common import StepCase

PERFORM = "odoo.addons.lifecycle_play.models.lifecycle_play_perform"


@tagged("post_install", "-at_install")
class TestPlayTiming(StepCase):
    """When a step is done."""

    def test_delays(self):
        self._recompute()
        play = self._by_hand(
            {},
            {"delay_value": 6, "delay_kind": "hours"},
            {"delay_value": 2},
            {"delay_value": 5, "delay_from": "entry"},
            {"delay_value": 0.5, "delay_kind": "gaps"},
        )
        self._enroll(play, self.partner)
        for hours in range(24 * 12):
            moment = datetime(2026, 6, 15, 12)
            self._run_plays(fields.Datetime.add(moment, hours=hours))
            if self._ways(play).state == "done":
                break
        self.assertEqual(
            self._dates(play),
            [
                ("Step 1", "2026-06-15 12:00:00"),
                ("Step 2", "2026-06-15 18:00:00"),
                ("Step 3", "2026-06-17 18:00:00"),
                ("Step 4", "2026-06-20 12:00:00"),
                ("Step 5", "2026-06-25 12:00:00"),
            ],
        )

    def test_rhythm_of_who_has_none_yet_is_that_of_the_company(self):
        run = self._recompute()
        other = self._customer("Once")
        play = self._by_hand({"delay_value": 2, "delay_kind": "gaps"})
        self._enroll(play, other)
        wait = self._ways(play).next_date - fields.Datetime.now()
        self.assertTrue(run.gap_days)
        self.assertEqual(wait.days, 2 * run.gap_days, "the typical gap of the company")

    def test_days_of_the_week(self):
        days = dict.fromkeys(("monday", "tuesday", "thursday", "saturday"), False)
        play = self._by_hand({**days, "sunday": False})
        self._enroll(play, self.partner)  # a Monday
        self._run_plays()
        self.assertEqual(self._ways(play).next_date, datetime(2026, 6, 17))
        self._run_plays("2026-06-16")
        self.assertFalse(self._ways(play).execution_ids)
        self._run_plays("2026-06-17")
        self.assertTrue(self._ways(play).execution_ids)

    def test_working_hours(self):
        self.company.lifecycle_tz = "Europe/Brussels"  # two hours ahead
        calendar = self.company.resource_calendar_id
        self.assertTrue(calendar.attendance_ids)
        calendar.tz = "Europe/Brussels"
        self._recompute()  # nobody steps on whose figures are not up to date
        play = self._by_hand({"working_hours": True})
        with self.at(datetime(2026, 6, 12, 18)):  # Friday, 20 h
            self._enroll(play, self.partner)
            self._run_plays()
            self.assertFalse(self._ways(play).execution_ids)
        self.assertEqual(self._ways(play).next_date, datetime(2026, 6, 15, 6))
        self._run_plays(datetime(2026, 6, 15, 7))
        self.assertTrue(self._ways(play).execution_ids)

    def test_working_hours_that_are_quiet_where_the_customer_is(self):
        self.company.write(
            {
                "lifecycle_tz": "Europe/Brussels",
                "lifecycle_quiet": True,
                "lifecycle_quiet_from": 20,
                "lifecycle_quiet_to": 8,
            }
        )
        self.company.resource_calendar_id.tz = "Europe/Brussels"
        far = self._customer("Far Away", tz="America/Los_Angeles")  # 8 h there: 17 h
        east = self._customer("East", tz="Asia/Tokyo")  # 8 h to 13 h are not quiet
        self._recompute()
        play = self._by_hand({"working_hours": True})
        with self.at(datetime(2026, 6, 15, 12, 30)):  # Monday, 14 h 30
            self._enroll(play, far | east)
            self._run_plays()
        # it would wait for ever: done now, the mail waits in the queue
        [mail] = self._mails(far)
        self.assertEqual(
            (mail.state, mail.scheduled_date),
            ("outgoing", datetime(2026, 6, 15, 15)),
        )
        self.assertFalse(self._mails(east))
        self.assertEqual(self._ways(play, east).next_date, datetime(2026, 6, 15, 23))
        self._run_plays(datetime(2026, 6, 15, 23))
        self.assertEqual(self._ways(play, east).next_date, datetime(2026, 6, 16, 6))
        self._run_plays(datetime(2026, 6, 16, 6))
        self.assertEqual(len(self._mails(east)), 1)
