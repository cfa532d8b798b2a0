"""Over which days a tier is earned, and until when it is held.

Every function takes and returns days since 1970-01-01, as arrays of one shape or as
single numbers.
"""

from dataclasses import dataclass

import numpy as np

# No day: the value that stands for "none" in arrays of days.
NO_DAY = 2**31 - 1
# Before every day: the first day of a window without beginning.
EVER = -(2**31) + 1


def add_months(days, months):
    """The same day of another month, or its last day where that is shorter.

    :param days: int or int array
    :param months: how many to go on, negative to go back; int or int array

    >>> str(np.datetime64(int(add_months(np.datetime64("2024-02-29").astype(int), 12)),
    ...                   "D"))
    '2025-02-28'
    """
    moment = np.asarray(days, dtype="int64").astype("datetime64[D]")
    month = moment.astype("datetime64[M]")
    day = (moment - month.astype("datetime64[D]")).astype("int64")
    target = month + np.asarray(months, dtype="int64")
    first = target.astype("datetime64[D]").astype("int64")
    length = (target + 1).astype("datetime64[D]").astype("int64") - first
    return first + np.minimum(day, length - 1)


def first_of_year(days, years=0):
    """1 January of the year of a day, or of so many years later.

    >>> int(first_of_year(400)), int(first_of_year(400, 1))
    (365, 730)
    """
    year = np.asarray(days, dtype="int64").astype("datetime64[D]")
    year = year.astype("datetime64[Y]") + years
    return year.astype("datetime64[D]").astype("int64")


def anniversary(joined, number):
    """First day of a year of membership; year 0 begins on the day of joining.

    Counted from that day each time: who joined on 29 February has the 28th in
    ordinary years and the 29th again in leap years.
    """
    return add_months(joined, 12 * np.asarray(number, dtype="int64"))


def membership_year(joined, today):
    """Number of the year of membership that a day falls into; 0 before the first."""
    joined = np.asarray(joined, dtype="int64")
    today = np.broadcast_to(np.asarray(today, dtype="int64"), joined.shape)
    years = _year(today) - _year(joined)
    years = years - (anniversary(joined, years) > today)
    return np.maximum(years, 0)


def _year(days):
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[Y]").astype(int)


@dataclass(frozen=True)
class Period:
    """How a programme counts.

    :param kind: ``rolling``, ``calendar``, ``anniversary`` or ``lifetime``
    :param months: length of the rolling period

    A tier reached on a day is held until :meth:`first_end`.  At that end it is renewed,
    until :meth:`next_end`, by what was bought since :meth:`opens`.
    """

    kind: str
    months: int = 12

    def window_start(self, today, joined):
        """First day that counts today, for who is not in that tier yet."""
        match self.kind:
            case "rolling":
                return add_months(today, -self.months) + 1
            case "calendar":
                return first_of_year(today)
            case "anniversary":
                return anniversary(joined, membership_year(joined, today))
        return np.full(np.shape(joined), EVER)

    def previous_end(self, today, joined):
        """Last day of the period before, NO_DAY where there was none."""
        match self.kind:
            case "calendar":
                return np.full(np.shape(joined), first_of_year(today) - 1)
            case "anniversary":
                year = membership_year(joined, today)
                return np.where(year > 0, anniversary(joined, year) - 1, NO_DAY)
        return np.full(np.shape(joined), NO_DAY)

    def first_end(self, day, joined):
        """Last day of a tier reached on a day, NO_DAY where it has none."""
        match self.kind:
            case "rolling":
                return add_months(day, self.months)
            case "calendar":
                return first_of_year(day, 2) - 1
            case "anniversary":
                return anniversary(joined, membership_year(joined, day) + 2) - 1
        return np.full(np.shape(joined), NO_DAY)

    def next_end(self, end, joined):
        """Last day of the period that follows one that ends."""
        after = np.asarray(end, dtype="int64") + 1
        match self.kind:
            case "rolling":
                return add_months(end, self.months)
            case "calendar":
                return first_of_year(after, 1) - 1
            case "anniversary":
                return anniversary(joined, membership_year(joined, after) + 1) - 1
        return np.full(np.shape(joined), NO_DAY)

    def opens(self, day, joined):
        """First day that counts for renewing a tier reached on a day.

        Rolling: the day after, for what was bought on the day itself earned it.
        """
        if self.kind == "rolling":
            return np.asarray(day, dtype="int64") + 1
        if self.kind == "lifetime":
            return np.full(np.shape(joined), NO_DAY)
        return self.start_before(self.first_end(day, joined), joined)

    def start_before(self, end, joined):
        """First day of the period that ends on a day."""
        match self.kind:
            case "rolling":
                return add_months(end, -self.months) + 1
            case "calendar":
                return first_of_year(end)
            case "anniversary":
                return anniversary(joined, membership_year(joined, end))
        return np.full(np.shape(joined), EVER)
