"""When customers order, as days before today.

Each function takes a random generator and the day it is, and returns the days
before today on which a customer orders, the newest first, none before 1.
"""

import math
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

HISTORY_DAYS = 3 * 365
# How busy a month is; gaps follow it half-way, baskets all the way.
SEASON = (0.90, 0.92, 1.0, 0.97, 0.97, 0.93, 0.82, 0.80, 1.0, 1.08, 1.25, 1.36)
# Months of the sale weeks that bargain hunters wait for.
SALE_MONTHS = (1, 3, 5, 7, 9, 11)


def season(today: date, days_ago: float) -> float:
    return SEASON[(today - timedelta(days=int(days_ago))).month - 1]


def tenure(rng: Random, low: float = 120, high: float = HISTORY_DAYS - 5) -> float:
    """Days since the first order."""
    return low + (high - low) * rng.random() ** 0.75


def around(rng: Random, middle: float, spread: float) -> float:
    """A log-normal value: most near the middle, a few far above."""
    return middle * math.exp(rng.gauss(0, spread))


def walk_back(
    rng: Random,
    today: date,
    last: float,
    first: float,
    gap: float,
    *,
    spread: float = 0.3,
    trend: float = 1.0,
    limits: tuple[float, float] = (5, 200),
) -> list[int]:
    """Orders from the last one back to the first, with gamma-distributed gaps.

    :param trend: what each gap is multiplied by going back: above 1 for a
        customer who orders more and more often
    """
    shape = 1 / spread**2
    day, days = max(last, 1.0), []
    while day <= first or not days:
        days.append(round(day))
        drawn = rng.gammavariate(shape, gap / shape)
        # no gap is so long that a regular customer would look lost
        drawn = min(max(drawn, 0.4 * gap), 1.7 * gap)
        day += max(drawn / math.sqrt(season(today, day)), 2.0)
        gap = min(max(gap * trend, limits[0]), limits[1])
    return days


def regular(middle: float, spread: float = 0.35, jitter: float = 0.3):
    """Orders again and again, about every ``middle`` days, up to now."""

    def days(rng: Random, today: date) -> list[int]:
        gap = min(max(around(rng, middle, spread), 0.6 * middle), 2 * middle)
        last = rng.uniform(0.05, 0.9) * gap
        first = tenure(rng, min(8 * gap, 700))
        return walk_back(rng, today, last, first, gap, spread=jitter)

    return days


def occasional(rng: Random, today: date) -> list[int]:
    """Three to five orders over the years, months apart."""
    day, days = 5 + 420 * rng.random() ** 1.5, []
    for _number in range(rng.choice((3, 3, 3, 4, 4, 5))):
        if day < HISTORY_DAYS:
            days.append(round(day))
        day += min(max(around(rng, 110, 0.45), 40), 260)
    return days


def growing(rng: Random, today: date) -> list[int]:
    """Began with an order every two months, orders every other week now."""
    gap = rng.uniform(9, 18)
    return walk_back(
        rng,
        today,
        rng.uniform(0.1, 0.8) * gap,
        tenure(rng, 240, 800),
        gap,
        trend=rng.uniform(1.07, 1.14),
        limits=(8, 75),
    )


def fading(rng: Random, today: date) -> list[int]:
    """Used to order often; the gaps grow and grow."""
    gap = rng.uniform(45, 75)
    return walk_back(
        rng,
        today,
        rng.uniform(0.6, 1.2) * gap,
        tenure(rng, 420, 900),
        gap,
        trend=rng.uniform(0.80, 0.90),
        limits=(22, 90),
    )


def overdue(rng: Random, today: date) -> list[int]:
    """As regular as can be, but the next order has been due for a while."""
    gap = rng.uniform(17, 38)
    last = rng.uniform(1.75, 2.6) * gap
    return walk_back(rng, today, last, last + tenure(rng, 150, 650), gap, spread=0.2)


def lapsed(rng: Random, today: date) -> list[int]:
    """Was a good customer, has been silent for long."""
    last = rng.uniform(170, 780)
    gap = around(rng, 36, 0.5)
    first = last + rng.uniform(4, 9) * gap
    return walk_back(rng, today, last, min(first, HISTORY_DAYS - 5), gap)


def won_back(rng: Random, today: date) -> list[int]:
    """Lapsed, silent for half a year or longer, and back since some weeks."""
    recent = rng.choice((1, 1, 2, 3))
    day, days = rng.uniform(3, 22), []
    for _number in range(recent):
        days.append(round(day))
        day += rng.uniform(9, 20)
    silence = rng.uniform(200, 420)
    gap = around(rng, 38, 0.4)
    last = days[-1] + silence
    first = min(last + rng.uniform(3, 8) * gap, HISTORY_DAYS - 5)
    return days + walk_back(rng, today, last, first, gap)


def one_time(rng: Random, today: date, newest: int = 32) -> list[int]:
    """One order, sometime: more of them lately and in busy months."""
    while True:
        day = newest + (HISTORY_DAYS - newest) * rng.random() ** 1.05
        if rng.random() < season(today, day) / max(SEASON):
            return [round(day)]


def newcomer(rng: Random, today: date) -> list[int]:
    """First order in the last weeks, some have already ordered again."""
    first = rng.uniform(2, 26)
    days = [round(first)]
    if first > 12 and rng.random() < 0.35:
        days.insert(0, round(rng.uniform(1, first - 8)))
    return days


def second_and_gone(rng: Random, today: date) -> list[int]:
    """Came twice and never again."""
    last = 110 + (HISTORY_DAYS - 250) * rng.random() ** 1.2
    return [round(last), round(last + rng.uniform(8, 90))]


def _years(today: date) -> Iterator[int]:
    yield from range(today.year, today.year - 4, -1)


def seasonal(rng: Random, today: date, start: tuple[int, int], weeks: int) -> list[int]:
    """Orders once or twice in the same weeks of every year, now and then not."""
    days = set()
    for year in _years(today):
        opening = (today - date(year, *start)).days
        for _order in range(rng.choice((1, 1, 1, 2))):
            day = opening - rng.randrange(7 * weeks)
            if 1 <= day < HISTORY_DAYS and rng.random() < 0.85:
                days.add(day)
    return sorted(days) or one_time(rng, today)


def christmas(rng: Random, today: date) -> list[int]:
    return seasonal(rng, today, (11, 12), 5)


def nowruz(rng: Random, today: date) -> list[int]:
    return seasonal(rng, today, (2, 18), 4)


def bargain(rng: Random, today: date) -> list[int]:
    """Orders in the sale weeks only: the first fortnight of every other month."""
    days = set()
    for year in _years(today):
        for month in SALE_MONTHS:
            day = (today - date(year, month, 1)).days - rng.randrange(14)
            if 1 <= day < HISTORY_DAYS and rng.random() < 0.35:
                days.add(day)
    return sorted(days) or one_time(rng, today)
