"""Quiet hours: when a message may go out, in the time of who receives it.

Pure: the standard library only.  Moments come and go in UTC without a time zone, as
Odoo keeps them; hours of the day are floats, 20.5 for half past eight in the evening.
"""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def get_allowed_at(at, zone, quiet_from, quiet_to):
    """The first moment from ``at`` on that is outside the quiet hours.

    Quiet hours that begin later in the day than they end go over midnight.  Where both
    are the same hour, there are none.  They are hours of the clock on the wall: in the
    night in which the clock is moved they are an hour shorter or longer.

    :param datetime at: UTC, without a time zone
    :param str zone: name of a time zone; one that is not known counts as UTC
    :param float quiet_from: hour of the day at which quiet begins, 0 to 24
    :param float quiet_to: hour of the day at which it ends, not quiet any more
    :return: UTC, without a time zone; ``at`` itself where it is not quiet

    >>> get_allowed_at(datetime(2026, 6, 15, 23, 0), "UTC", 20, 8)
    datetime.datetime(2026, 6, 16, 8, 0)
    >>> get_allowed_at(datetime(2026, 6, 15, 12, 0), "UTC", 20, 8)
    datetime.datetime(2026, 6, 15, 12, 0)
    >>> get_allowed_at(datetime(2026, 6, 15, 12, 0), "Asia/Tokyo", 20, 8)
    datetime.datetime(2026, 6, 15, 23, 0)
    """
    begin, end = _to_minutes(quiet_from), _to_minutes(quiet_to)
    if begin == end:
        return at
    tz = get_zone(zone)
    local = at.replace(tzinfo=timezone.utc).astimezone(tz)
    minute = local.hour * 60 + local.minute
    if begin < end:
        quiet, tomorrow = begin <= minute < end, False
    else:
        quiet, tomorrow = minute >= begin or minute < end, minute >= begin
    if not quiet:
        return at
    day = local.date() + timedelta(days=tomorrow)
    if end == 24 * 60:
        day, end = day + timedelta(days=1), 0
    wall = datetime.combine(day, time(end // 60, end % 60), tzinfo=tz)
    return max(at, _to_utc(wall))


def get_zone(name):
    """The time zone of that name, UTC where there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def choose_zone(names, at, fallback):
    """The time zone to suppose of somebody of whom only the country is known.

    :param names: time zones of the country
    :param datetime at: UTC, without a time zone: clocks differ in summer
    :param str fallback: that of the company
    :return: the fallback where it is one of the country's or there are none, else the
        zone in the middle, from west to east

    >>> choose_zone(["Asia/Tehran"], datetime(2026, 6, 15), "UTC")
    'Asia/Tehran'
    >>> choose_zone(["America/New_York", "America/Denver", "America/Los_Angeles"],
    ...     datetime(2026, 6, 15), "Europe/Paris")
    'America/Denver'
    """
    if not names or fallback in names:
        return fallback
    moment = at.replace(tzinfo=timezone.utc)
    ranked = sorted(
        names, key=lambda name: (moment.astimezone(get_zone(name)).utcoffset(), name)
    )
    return ranked[(len(ranked) - 1) // 2]


def _to_minutes(hour):
    return min(max(round(hour * 60), 0), 24 * 60)


def _to_utc(wall):
    """The moment of a clock on the wall; of one that is skipped, the moment of the jump.

    Of an hour that comes twice, the second: the quiet hours are over then in any case.
    """
    moment = wall.replace(fold=1).astimezone(timezone.utc)
    # skipped: the clock shows less, and then more than it
    while moment.astimezone(wall.tzinfo).replace(tzinfo=None) < wall.replace(tzinfo=None):
        moment += timedelta(minutes=1)
    return moment.replace(tzinfo=None)
