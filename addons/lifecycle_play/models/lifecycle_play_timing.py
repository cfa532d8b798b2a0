"""When a step is due: delays, weekdays and working hours."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Working hours further away than this are none.
_HORIZON_DAYS = 60
_LONGEST_WAIT_DAYS = 3650


class LifecyclePlayStep(models.Model):
    _inherit = "lifecycle.play.step"

    @api.constrains(*DAYS)
    def _check_days(self):
        for step in self:
            if not any(step[day] for day in DAYS):
                raise ValidationError(
                    self.env._(
                        "Step “%s”: no day of the week is allowed. Choose one at least.",
                        step.name,
                    )
                )

    @api.constrains("delay_value", "delay_kind")
    def _check_delay(self):
        for step in self:
            days = step.delay_value / (24 if step.delay_kind == "hours" else 1)
            if not 0 <= days <= _LONGEST_WAIT_DAYS:
                raise ValidationError(
                    self.env._(
                        "Step “%(name)s”: Wait is %(value)s. Enter a number from 0, "
                        "and no more than ten years.",
                        name=step.name,
                        value=step.delay_value,
                    )
                )

    def _get_due(self, previous, entered=None):
        """Expression for the moment at which the step is due.

        The row of the customer is called ``lifecycle_profile``.

        :param previous: expression for when the step before was done
        :param entered: expression for when the customer entered, default the same
        """
        self.ensure_one()
        base = previous if self.delay_from == "previous" else entered or previous
        if self.delay_kind == "hours":
            wait = SQL("make_interval(secs => %s)", self.delay_value * 3600)
        elif self.delay_kind == "days":
            wait = SQL("make_interval(secs => %s)", self.delay_value * 86400)
        else:
            wait = SQL(
                """make_interval(secs =>
                    COALESCE(NULLIF(lifecycle_profile.gap_days, 0), %s) * %s)""",
                self._get_typical_gap(),
                self.delay_value * 86400,
            )
        return SQL("date_trunc('second', %s + %s)", base, wait)

    def _get_typical_gap(self):
        """Days between two purchases of most customers, for who has no gap yet."""
        company = self.play_id.company_id
        # a figure of the company, not of anybody
        runs = self.env["lifecycle.run"].sudo()
        return runs._get_last_done(company).gap_days or company.lifecycle_lapse_days / 4

    # -- weekdays and working hours --------------------------------------------------

    def _get_opening(self, now):
        """The first moment from now on at which the step may be done.

        :param now: naive UTC
        :return: naive UTC, ``now`` itself where it may be done now; None: never
        """
        self.ensure_one()
        company = self.play_id.company_id
        zone = pytz.timezone(company._get_lifecycle_tz())
        allowed = {number for number, day in enumerate(DAYS) if self[day]}
        if not self.working_hours and len(allowed) == len(DAYS):
            return now
        moment = pytz.utc.localize(now).astimezone(zone)
        for begin, end in self._get_open_times(company, zone, moment):
            for part in self._split_days(begin, end, zone):
                if part.weekday() in allowed:
                    return part.astimezone(pytz.utc).replace(tzinfo=None)
        return None

    def _get_open_times(self, company, zone, moment):
        """Pairs of moments between which work is done, from one moment on."""
        end = moment + timedelta(days=_HORIZON_DAYS)
        # when a company works is no secret
        calendar = company.resource_calendar_id.sudo()
        if not self.working_hours or not calendar:
            return [(moment, end)]
        intervals = calendar._work_intervals_batch(moment, end)[False]
        return [
            (max(begin.astimezone(zone), moment), stop.astimezone(zone))
            for begin, stop, _source in intervals
        ]

    @api.model
    def _split_days(self, begin, end, zone):
        """The first moments of each day between two moments."""
        yield begin
        day = begin.date() + timedelta(days=1)
        while True:
            moment = zone.normalize(zone.localize(datetime.combine(day, time.min)))
            if moment >= end:
                return
            yield moment
            day += timedelta(days=1)

    def _wait_for_opening(self, now):
        """Put off who is due while the step may not be done.

        :return: whether the step has to wait
        """
        self.ensure_one()
        opening = self._get_opening(now)
        if opening == now:
            return False
        # a step that may never be done is refused at the start; who takes the last
        # hours away later sees it wait
        later = opening or now + timedelta(days=1)
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_play_enrollment SET next_date = %s
                WHERE step_id = %s AND state = 'running' AND next_date < %s
                    AND next_date <= %s""",
                later,
                self.id,
                later,
                now,
            )
        )
        return True
