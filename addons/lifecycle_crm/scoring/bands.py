"""Ascending thresholds that a person types: "2, 3, 5, 10".

Imported when the addon loads, so it needs the standard library only.
"""

import math
from itertools import pairwise

BAND_COUNT = 4


def parse_bands(text: str) -> tuple[float, ...]:
    """Read the four thresholds between the five scores.

    :param text: four numbers, separated by commas, semicolons or spaces
    :raises ValueError: with the reason: not a number, not four, not ascending

    >>> parse_bands("2, 3; 5 10")
    (2.0, 3.0, 5.0, 10.0)
    >>> parse_bands("2, 3, 3, 10")
    Traceback (most recent call last):
    ...
    ValueError: order
    """
    parts = (text or "").replace(",", " ").replace(";", " ").split()
    try:
        bands = tuple(float(part) for part in parts)
    except ValueError as error:
        raise ValueError("number") from error
    if not all(math.isfinite(band) for band in bands):
        raise ValueError("number")
    if len(bands) != BAND_COUNT:
        raise ValueError("count")
    if any(low >= high for low, high in pairwise(bands)):
        raise ValueError("order")
    return bands


def format_bands(bands: tuple[float, ...]) -> str:
    """The way bands are shown again; reading them gives the same numbers.

    >>> format_bands((2.0, 3.0, 5.5, 1234567.25))
    '2, 3, 5.5, 1234567.25'
    """
    return ", ".join(
        f"{band:.0f}" if band.is_integer() and abs(band) < 1e15 else repr(band)
        for band in bands
    )
