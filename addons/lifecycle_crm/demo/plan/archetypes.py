"""Which sorts of customers there are, how many of each, and how they buy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from . import rhythms

Rhythm = Callable[[Random, date], list[int]]

MIXED = {"cafe": 4, "restaurant": 3, "office": 4, "shop": 3, "hotel": 1, "private": 6}
BUSINESS = {"cafe": 5, "restaurant": 3, "office": 3, "shop": 3, "hotel": 1}
HOUSEHOLD = {"private": 8, "office": 1, "shop": 1}


@dataclass(frozen=True)
class Archetype:
    """A sort of customer.

    :param counts: customers of it in the first and in the second company
    :param rhythm: the days on which one orders, or None for one who does not
    :param volume: how much more than others of their kind they take
    :param discount: percent off each line, 0 for the ordinary few promotions
    :param returns: share of the orders of which something comes back
    """

    key: str
    counts: tuple[int, int]
    rhythm: Rhythm | None
    kinds: dict[str, int] = field(default_factory=lambda: MIXED)
    volume: float = 1.0
    discount: float = 0.0
    returns: float = 0.015
    gifts: str = ""


ARCHETYPES = [
    Archetype(
        "key_account",
        (5, 1),
        rhythms.regular(7, 0.15, 0.2),
        {"hotel": 3, "shop": 3, "cafe": 3},
        volume=2.6,
    ),
    Archetype("biweekly", (6, 1), rhythms.regular(14, 0.2), BUSINESS, volume=1.4),
    Archetype("monthly", (23, 3), rhythms.regular(30), MIXED),
    Archetype("quarterly", (20, 3), rhythms.regular(80, 0.25), MIXED),
    Archetype("occasional", (24, 2), rhythms.occasional, MIXED),
    Archetype("growing", (14, 2), rhythms.growing, BUSINESS, volume=1.2),
    Archetype("fading", (13, 2), rhythms.fading, BUSINESS),
    Archetype("overdue", (13, 2), rhythms.overdue, MIXED),
    Archetype("lapsed", (23, 3), rhythms.lapsed, MIXED),
    Archetype("won_back", (13, 2), rhythms.won_back, MIXED),
    Archetype("christmas", (11, 1), rhythms.christmas, HOUSEHOLD, gifts="christmas"),
    Archetype("nowruz", (6, 0), rhythms.nowruz, HOUSEHOLD, gifts="nowruz"),
    Archetype("one_time", (184, 12), rhythms.one_time, HOUSEHOLD),
    Archetype("second_and_gone", (27, 2), rhythms.second_and_gone, HOUSEHOLD),
    Archetype("bargain", (12, 1), rhythms.bargain, HOUSEHOLD, discount=20),
    Archetype("returner", (7, 1), rhythms.regular(34), HOUSEHOLD, returns=0.5),
    Archetype("newcomer", (15, 2), rhythms.newcomer, MIXED),
    Archetype("all_returned", (2, 0), rhythms.one_time, HOUSEHOLD, returns=1.0),
    Archetype("cancelled", (3, 1), rhythms.one_time, HOUSEHOLD),
    Archetype("quoted", (12, 2), None, BUSINESS),
    Archetype("prospect", (14, 2), None, BUSINESS),
]
BY_KEY = {archetype.key: archetype for archetype in ARCHETYPES}

# Customers of both companies: what they are in the first, and in the second.
SHARED = {
    "key_account": ("monthly", 1),
    "biweekly": ("lapsed", 1),
    "monthly": ("one_time", 2),
    "quarterly": ("newcomer", 1),
    "lapsed": ("quarterly", 1),
    "overdue": ("quarterly", 1),
    "second_and_gone": ("monthly", 1),
    "one_time": ("overdue", 1),
}
