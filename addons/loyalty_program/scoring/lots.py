"""Which points are left: the oldest are spent first."""

import calendar
from datetime import date


def get_remaining(lots: list[float], spent: float) -> list[float]:
    """Points left of each lot.

    :param lots: points given, oldest first, less what was taken back of each
    :param spent: all that was spent of them

    >>> get_remaining([100, 50, 30], 120)
    [0, 30, 30]
    """
    left = []
    for points in lots:
        used = min(points, spent)
        spent -= used
        left.append(points - used)
    return left


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a shorter month.

    As PostgreSQL and ``dateutil`` count; 29 February has its year on the 28th.

    >>> add_months(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    >>> add_months(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
