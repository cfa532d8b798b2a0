"""The refused lines as a file for the user's spreadsheet."""

import csv
import io

# A spreadsheet runs a cell that begins with one of these as a formula; the wide ones
# too, where people write Chinese.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value):
    """
    >>> harmless('=HYPERLINK("http://x")')
    '\\'=HYPERLINK("http://x")'
    >>> harmless("Azure Interior")
    'Azure Interior'
    """
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def refused_csv(header, rows):
    """CSV that a spreadsheet opens in any language (UTF-8 with a mark in front).

    :param header: list of names
    :param rows: iterable of lists of the same length
    :return: bytes
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")
