"""How a file writes its dates and its numbers.

A format is only chosen when it is certain: where 03/04/2024 could be the third of
April or the fourth of March in every line, the user is asked, never guessed for.
"""

import re
from datetime import datetime

from .errors import FileProblem

FIRST_DAY = "1900-01-01"
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1256", "gb18030", "big5", "shift_jis")

# strptime format: regular expression of its shape
DATE_FORMATS = {
    "%Y-%m-%d": r"\d{4}-\d{1,2}-\d{1,2}",
    "%Y/%m/%d": r"\d{4}/\d{1,2}/\d{1,2}",
    "%Y.%m.%d": r"\d{4}\.\d{1,2}\.\d{1,2}",
    "%Y%m%d": r"\d{8}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%m/%d/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%d-%m-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%m-%d-%Y": r"\d{1,2}-\d{1,2}-\d{4}",
    "%d.%m.%y": r"\d{1,2}\.\d{1,2}\.\d{2}",
    "%d/%m/%y": r"\d{1,2}/\d{1,2}/\d{2}",
    "%m/%d/%y": r"\d{1,2}/\d{1,2}/\d{2}",
}
_TIME = re.compile(
    r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?$"
)
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩−٫٬", "01234567890123456789-.,")

_NUMBERS = {
    ".": re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+"),
    ",": re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?|[+-]?,\d+"),
}


def parse_days(texts, date_format, column="date"):
    """Days written as text.

    :param texts: Series of distinct texts
    :param date_format: a key of DATE_FORMATS, or "" to find out
    :return: (Series of datetime64, NaT where it is no day; the format; Series of
        what is wrong: "bad_date", "impossible_date", "old_date" or "")
    """
    import numpy as np
    import pandas as pd

    texts = texts.str.translate(_DIGITS).str.replace(_TIME, "", regex=True)
    if not date_format:
        date_format = _find_date_format(texts, column)
    right_shape = texts.str.fullmatch(DATE_FORMATS[date_format])
    days = pd.to_datetime(
        texts.where(right_shape), format=date_format, errors="coerce", exact=True
    )
    wrong = pd.Series(np.where(days.isna(), "bad_date", ""), index=texts.index)
    wrong[days < FIRST_DAY] = "old_date"
    for position in np.flatnonzero(right_shape & days.isna()):
        wrong.iloc[position] = _get_reason(texts.iloc[position], date_format)
    return days, date_format, wrong


def _get_reason(text, date_format):
    """Why pandas reads no day: its calendar begins in 1677."""
    try:
        datetime.strptime(text, date_format)
    except ValueError:
        return "impossible_date"
    return "old_date"


def _find_date_format(texts, column):
    """The one format that reads the most texts."""
    import pandas as pd

    texts = texts.head(20000)
    counts = {}
    for name, shape in DATE_FORMATS.items():
        fitting = texts[texts.str.fullmatch(shape)]
        if len(fitting):
            days = pd.to_datetime(fitting, format=name, errors="coerce")
            counts[name] = int(days.notna().sum())
    most = max(counts.values(), default=0)
    best = [name for name, count in counts.items() if count == most]
    if not most:
        return "%Y-%m-%d"
    if len(best) > 1:
        example = texts[texts.str.fullmatch(DATE_FORMATS[best[0]])].iloc[0]
        raise FileProblem("ambiguous_date", value=example, column=column)
    return best[0]


def parse_numbers(texts, decimal, column="amount"):
    """Numbers written as text, with or without separators for thousands.

    :param texts: Series of distinct texts
    :param decimal: "." or ",", or "" to find out
    :return: (Series of floats, NaN where it is no number; the decimal separator)
    """
    import pandas as pd

    plain = _plain(texts)
    if not decimal:
        decimal = _find_decimal(plain, column)
    is_number = plain.str.fullmatch(_NUMBERS[decimal])
    number = plain.where(is_number)
    if decimal == ",":
        number = number.str.replace(".", "", regex=False)
        number = number.str.replace(",", ".", regex=False)
    else:
        number = number.str.replace(",", "", regex=False)
    return pd.to_numeric(number, errors="coerce").astype(float), decimal


def _plain(texts):
    """Without spaces and apostrophes; minus always in front.

    (12.50) and 12.50- are how accounting and SAP write -12.50.
    """
    plain = texts.str.translate(_DIGITS)
    plain = plain.str.replace(r"(?<=\d)[\s'’](?=\d{3})", "", regex=True)
    plain = plain.str.replace(r"^\(([\d.,]+)\)$", r"-\1", regex=True)
    return plain.str.replace(r"^([\d.,]+)-$", r"-\1", regex=True)


def _find_decimal(plain, column):
    """The separator of decimals that makes the most texts numbers."""
    plain = plain.head(20000)
    fits = {sign: plain.str.fullmatch(shape) for sign, shape in _NUMBERS.items()}
    point, comma = int(fits["."].sum()), int(fits[","].sum())
    if point != comma:
        return "." if point > comma else ","
    # 1,234 is either: harmless if no text has a separator
    unclear = plain[fits["."] & fits[","] & plain.str.contains(r"[.,]", regex=True)]
    if len(unclear):
        raise FileProblem("ambiguous_number", value=unclear.iloc[0], column=column)
    return "."
