"""Quiet hours, also over midnight and in the nights in which the clock is moved."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from lifecycle_play_scoring.quiet import choose_zone, get_allowed_at

ZONES = (
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # moves the clock by half an hour
    "America/Santiago",  # moves it at midnight
    "Pacific/Apia",
)
HOURS = ((20, 8), (22.5, 7.25), (13, 15), (0, 6), (18, 24), (20, 2.5), (1, 2.5))


def local(moment, zone):
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))


def is_quiet(moment, zone, begin, end):
    """Told from the clock on the wall alone."""
    wall = local(moment, zone)
    hour = wall.hour + wall.minute / 60
    return begin <= hour < end if begin < end else hour >= begin or hour < end


def get_moments(zone):
    """Moments of a year: every few hours, and often around a change of the clock."""
    day, offset = datetime(2026, 1, 1), None
    while day.year == 2026:
        for hours in range(0, 24, 5):
            yield day + timedelta(hours=hours, minutes=7 * hours)
        tomorrow = local(day, zone).utcoffset()
        if offset not in (None, tomorrow):
            yield from (day + timedelta(minutes=15 * n) for n in range(-144, 48))
        day, offset = day + timedelta(days=1), tomorrow


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hours", HOURS)
def test_never_in_quiet_hours_and_never_later_than_needed(zone, hours):
    """Through a year, and often in the nights in which the clock is moved."""
    begin, end = hours
    for moment in get_moments(zone):
        allowed = get_allowed_at(moment, zone, begin, end)
        assert allowed >= moment
        assert not is_quiet(allowed, zone, begin, end), (moment, allowed)
        if not is_quiet(moment, zone, begin, end):
            assert allowed == moment
        else:
            # the minute before it was quiet, or the clock jumped over that minute
            before = allowed - timedelta(minutes=1)
            assert is_quiet(before, zone, begin, end), (moment, allowed)
            assert allowed - moment < timedelta(hours=25)


@pytest.mark.parametrize(
    ("at", "zone", "hours", "expected"),
    [
        # over midnight, from both sides of it
        ("2026-06-15 20:00", "UTC", (20, 8), "2026-06-16 08:00"),
        ("2026-06-15 19:59", "UTC", (20, 8), "2026-06-15 19:59"),
        ("2026-06-16 00:00", "UTC", (20, 8), "2026-06-16 08:00"),
        ("2026-06-16 07:59", "UTC", (20, 8), "2026-06-16 08:00"),
        ("2026-06-16 08:00", "UTC", (20, 8), "2026-06-16 08:00"),
        # within a day
        ("2026-06-16 13:30", "UTC", (13, 15), "2026-06-16 15:00"),
        ("2026-06-16 15:00", "UTC", (13, 15), "2026-06-16 15:00"),
        # until midnight
        ("2026-06-16 19:00", "UTC", (18, 24), "2026-06-17 00:00"),
        # no quiet hours
        ("2026-06-16 03:00", "UTC", (8, 8), "2026-06-16 03:00"),
        # a half hour of offset
        ("2026-06-16 00:00", "Asia/Tehran", (20, 8), "2026-06-16 04:30"),
        # the night is an hour shorter, and longer
        ("2026-03-28 23:00", "Europe/Paris", (20, 8), "2026-03-29 06:00"),
        ("2026-10-24 23:00", "Europe/Paris", (20, 8), "2026-10-25 07:00"),
        # half past two does not come: at three it is over
        ("2026-03-28 23:00", "Europe/Paris", (20, 2.5), "2026-03-29 01:00"),
        # half past two comes twice: it is over at the second
        ("2026-10-24 23:00", "Europe/Paris", (20, 2.5), "2026-10-25 01:30"),
        # a name that is none
        ("2026-06-15 23:00", "Mars/Olympus", (20, 8), "2026-06-16 08:00"),
        ("2026-06-15 23:00", None, (20, 8), "2026-06-16 08:00"),
    ],
)
def test_moments(at, zone, hours, expected):
    allowed = get_allowed_at(datetime.fromisoformat(at), zone, *hours)
    assert allowed == datetime.fromisoformat(expected)


def test_zone_of_a_country():
    day = datetime(2026, 6, 15)
    assert choose_zone([], day, "Europe/Paris") == "Europe/Paris"
    assert choose_zone(["Asia/Tokyo"], day, "Europe/Paris") == "Asia/Tokyo"
    brazil = ["America/Rio_Branco", "America/Manaus", "America/Sao_Paulo"]
    assert choose_zone(brazil, day, "UTC") == "America/Manaus"
    assert choose_zone(brazil, day, "America/Sao_Paulo") == "America/Sao_Paulo"
