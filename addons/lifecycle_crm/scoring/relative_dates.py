"""Dates that a rule gives relative to a day: "today -30d", "today =1d -1m".

The same little language as in Odoo's domains, with the day as a parameter, so
that a rule can be asked for a day of the past.  Hours, minutes and seconds are
not in it: customers are sorted by the day.
"""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_OFFSET = re.compile(r"([=+-])(\d+)([dwmy])")
_WEEKDAY = re.compile(r"([=+-])([a-z]+day|week_start)")
_WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def is_relative(value: object) -> bool:
    """Whether a value of a rule is a relative date rather than a fixed one.

    >>> is_relative("today -30d"), is_relative("2026-03-01"), is_relative(5)
    (True, False, False)
    """
    return isinstance(value, str) and not re.match(r"\d+-", value) and bool(value)


def resolve_date(value: str, as_of: date, week_start: int = 0) -> date:
    """The day that a relative date means on ``as_of``.

    :param week_start: the day on which a week begins, 0 for Monday to 6
    :raises ValueError: with the part that is not of the form above, or that
        leads to no day

    >>> resolve_date("today -30d", date(2026, 3, 31))
    datetime.date(2026, 3, 1)
    >>> resolve_date("today =1d -1m", date(2026, 3, 31))
    datetime.date(2026, 2, 1)
    >>> resolve_date("+friday", date(2026, 11, 21))
    datetime.date(2026, 11, 27)
    """
    terms = value.split()
    if not terms:
        raise ValueError(value)
    if terms[0] in ("today", "now"):
        terms.pop(0)
    day = as_of
    for term in terms:
        try:
            if (match := _WEEKDAY.fullmatch(term)) is not None:
                day = _to_weekday(day, *match.groups(), week_start)
            elif (match := _OFFSET.fullmatch(term)) is not None:
                day += _get_step(*match.groups())
            else:
                raise ValueError(term)
        except (ValueError, OverflowError, TypeError) as error:
            raise ValueError(term) from error
    return day


def _get_step(sign: str, number: str, unit: str) -> relativedelta:
    if sign == "=":  # there is no "=2w": the TypeError says so
        return relativedelta(**{_UNITS[unit].removesuffix("s"): int(number)})
    return relativedelta(**{_UNITS[unit]: int(sign + number)})


def _to_weekday(day: date, sign: str, name: str, week_start: int) -> date:
    weekday = week_start if name == "week_start" else _WEEKDAYS.index(name)
    # both counted from the first day of the week
    offset = (weekday - week_start) % 7 - (day.weekday() - week_start) % 7
    if sign == "+" and offset < 0:
        offset += 7
    elif sign == "-" and offset > 0:
        offset -= 7
    return day + timedelta(days=offset)
