"""Dates that a rule gives relative to a day: "today -30d", "today =1d -1m".

The same little language as in Odoo's domains, with the day as a parameter, so
that a rule can be asked for a day of the past.
"""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

_OFFSET = re.compile(r"([=+-])(\d+)([dwmy])")
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


def resolve_date(value: str, as_of: date) -> date:
    """The day that a relative date means on ``as_of``.

    :raises ValueError: where the text is not of the form above

    >>> resolve_date("today -30d", date(2026, 3, 31))
    datetime.date(2026, 3, 1)
    >>> resolve_date("today =1d -1m", date(2026, 3, 31))
    datetime.date(2026, 2, 1)
    >>> resolve_date("+friday", date(2026, 11, 21))
    datetime.date(2026, 11, 27)
    """
    terms = value.split()
    if terms and terms[0] in ("today", "now"):
        terms.pop(0)
    day = as_of
    for term in terms:
        if term[1:] in _WEEKDAYS:
            day = _to_weekday(day, term[0], _WEEKDAYS.index(term[1:]))
        elif match := _OFFSET.fullmatch(term):
            day = _shift(day, *match.groups())
        else:
            raise ValueError(term)
    return day


def _shift(day: date, sign: str, number: str, unit: str) -> date:
    amount = int(number)
    if sign != "=":
        step = relativedelta(**{_UNITS[unit]: amount})
        return day + step if sign == "+" else day - step
    if unit == "d":
        return day.replace(day=amount)
    if unit == "m":
        return day.replace(month=amount, day=1)
    if unit == "y":
        return date(amount, 1, 1)
    raise ValueError(f"={number}{unit}")


def _to_weekday(day: date, sign: str, weekday: int) -> date:
    offset = weekday - day.weekday()
    if sign == "+" and offset < 0:
        offset += 7
    elif sign == "-" and offset > 0:
        offset -= 7
    elif sign not in "+-=":
        raise ValueError(sign)
    return day + timedelta(days=offset)
