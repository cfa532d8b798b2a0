"""The rules of tiers once more: one member, plain Python, dates and lists.

Written from the words of the settings, without a look at the arrays.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)
KEPT = None


class Member:
    """One member of a programme.

    :param thresholds: rising list
    :param kind: rolling, calendar, anniversary or lifetime
    """

    def __init__(self, thresholds, kind, months, grace, one_step, joined):
        self.thresholds, self.kind, self.months = thresholds, kind, months
        self.grace, self.one_step, self.joined = timedelta(grace), one_step, joined
        self.level, self.since, self.until, self.opens = -1, None, None, None
        self.start, self.needed, self.prior = None, 0, None
        self.moves = []

    # -- calendar ------------------------------------------------------------

    def birthday(self, number):
        return self.joined + relativedelta(years=number)

    def year(self, day):
        number = 0
        while self.birthday(number + 1) <= day:
            number += 1
        return number

    def window(self, today):
        if self.kind == "rolling":
            return today - relativedelta(months=self.months) + DAY
        if self.kind == "calendar":
            return date(today.year, 1, 1)
        if self.kind == "anniversary":
            return self.birthday(self.year(today))
        return date.min

    def first_end(self, day):
        if self.kind == "rolling":
            return day + relativedelta(months=self.months)
        if self.kind == "calendar":
            return date(day.year + 1, 12, 31)
        if self.kind == "anniversary":
            return self.birthday(self.year(day) + 2) - DAY
        return None

    def period(self, end):
        """First day of the period that ends on a day."""
        if self.kind == "rolling":
            return end - relativedelta(months=self.months) + DAY
        if self.kind == "calendar":
            return date(end.year, 1, 1)
        return self.birthday(self.year(end))

    def opening(self, today):
        if self.kind == "rolling":
            return today + DAY
        return self.first_end(today) and self.period(self.first_end(today))

    def next_end(self):
        after = self.until + DAY
        if self.kind == "rolling":
            return self.until + relativedelta(months=self.months)
        if self.kind == "calendar":
            return date(after.year, 12, 31)
        return self.birthday(self.year(after) + 1) - DAY

    # -- what was bought -----------------------------------------------------

    def bought(self, trades, start, end):
        return sum(amount for day, amount in trades if start <= day <= end)

    def reached(self, amount):
        levels = [n for n, need in enumerate(self.thresholds) if max(amount, 0) >= need]
        return levels[-1] if levels else -1

    # -- a day -----------------------------------------------------------------

    def settle(self, level, until, start, needed, opens):
        if level < 0 or needed == 0:
            until, start, needed, opens = None, None, 0, None
        self.opens = opens
        self.level, self.until, self.start, self.needed = level, until, start, needed

    def standing(self):
        return self.level, self.until, self.start, self.needed

    def look(self, today, trades):
        trades = [trade for trade in trades if trade[0] <= today]
        counted = self.bought(trades, self.window(today), today)
        level, since = self.level, self.since
        self.end_periods(today, trades)
        ended = self.level != level
        self.take_back(today, trades)
        self.rise(today, counted)
        if self.prior and self.prior[1] and self.prior[1] < today:
            self.prior = None
        if self.level == level and not ended:
            self.since = since
        if self.level < 0:
            self.since = None

    def end_periods(self, today, trades):
        while self.until and self.until < today and self.level >= 0:
            deadline, start = self.until + self.grace, self.opens
            last = min(today, deadline)
            earned = self.reached(self.bought(trades, start, last))
            if earned >= self.level:
                needed = self.thresholds[self.level]
                after = self.until + DAY
                self.settle(self.level, self.next_end(), start, needed, after)
            elif deadline >= today:
                return
            else:
                level = max(earned, self.level - 1) if self.one_step else earned
                needed = self.thresholds[level] if level >= 0 else 0
                held = needed if earned >= level else KEPT
                if level >= 0 and needed == 0:
                    held = 0 if earned >= level else KEPT
                after = self.until + DAY
                self.settle(level, self.next_end(), start, held, after)
                self.since, self.prior = deadline + DAY, None

    def take_back(self, today, trades):
        if self.needed in (0, KEPT) or (self.until and self.until < today):
            return
        amount = max(self.bought(trades, self.start, today), 0)
        if amount >= self.needed:
            return
        level = min(self.reached(amount), self.level - 1)
        prior = self.prior
        if prior and prior[0] > level and (prior[1] is None or prior[1] >= today):
            again = max(self.bought(trades, prior[2], today), 0)
            if prior[3] is KEPT or again >= prior[3]:
                self.settle(*prior, prior[1] and self.period(prior[1]))
                self.since, self.prior = today, None
                return
        needed = self.thresholds[level] if level >= 0 else 0
        self.settle(level, self.until, self.start, needed, self.opens)
        self.since = today

    def rise(self, today, counted):
        reached, end = self.reached(counted), self.first_end(today)
        again = self.kind in ("calendar", "anniversary") and (
            reached == self.level and self.until and self.until < end
        )
        if reached <= self.level and not again:
            return
        start = self.window(today)
        if self.level >= 0 and self.until and self.start != start:
            self.prior = self.standing()
        if reached > self.level:
            self.since = today
        needed = self.thresholds[reached]
        self.settle(reached, end, start, needed, self.opening(today))
