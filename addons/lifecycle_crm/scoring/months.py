"""Month ends: the days on which the history of a company is kept."""

from datetime import date, timedelta


def last_month_end(today: date) -> date:
    """The last day of the latest month that is over.

    >>> last_month_end(date(2026, 6, 30)), last_month_end(date(2026, 7, 1))
    (datetime.date(2026, 5, 31), datetime.date(2026, 6, 30))
    """
    return today.replace(day=1) - timedelta(days=1)


def month_start(day: date) -> date:
    """The first day of the month of a day.

    >>> month_start(date(2024, 2, 29))
    datetime.date(2024, 2, 1)
    """
    return day.replace(day=1)


def previous_month_end(day: date) -> date:
    """The last day of the month before the month of a day.

    >>> previous_month_end(date(2024, 3, 31))
    datetime.date(2024, 2, 29)
    """
    return last_month_end(day)


def month_ends(last: date, count: int) -> list[date]:
    """The ends of ``count`` months in a row, oldest first.

    :param last: a day of the last of them

    >>> [day.isoformat() for day in month_ends(date(2024, 3, 31), 3)]
    ['2024-01-31', '2024-02-29', '2024-03-31']
    """
    # the first day of the month after, of which the day before is the end
    number = last.year * 12 + last.month
    return [
        date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
        for after in range(number - count + 1, number + 1)
    ]


def months_after(first: date, last: date) -> list[date]:
    """The month ends after ``first``, up to ``last``; both are month ends.

    >>> [day.isoformat() for day in months_after(date(2025, 12, 31), date(2026, 2, 28))]
    ['2026-01-31', '2026-02-28']
    >>> months_after(date(2026, 2, 28), date(2026, 2, 28))
    []
    """
    count = (last.year - first.year) * 12 + last.month - first.month
    return month_ends(last, max(count, 0))
