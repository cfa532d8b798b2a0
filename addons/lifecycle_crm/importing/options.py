"""What the user asks of an import, in one object for the wizard and the shell."""

from dataclasses import dataclass, field

MATCHING = ("reference", "email", "name")


@dataclass(frozen=True)
class ImportOptions:
    """How to read a file and what to do with it.

    :param matching: how customers are found, best first
    :param create_missing: create the customers that are not found
    :param create_companies: create them as companies, not as persons
    :param shift_dates: move all dates so that the last one falls on today
    :param skip_bad_lines: import the good lines though others are refused
    :param oldest_rate: before the first exchange rate of a currency, use the first
    :param force: import a file that has been imported before
    :param roles: {role: position of its column}; None: found by the header
    :param currency: ISO code of lines that name none; empty: the company's

    The others are those of CheckOptions and read_table.
    """

    matching: tuple = MATCHING
    create_missing: bool = True
    create_companies: bool = False
    shift_dates: bool = False
    skip_bad_lines: bool = False
    returns: bool = False
    future: bool = False
    sum_reference: bool = False
    oldest_rate: bool = False
    force: bool = False
    date_format: str = ""
    decimal: str = ""
    encoding: str = ""
    delimiter: str = ""
    roles: dict | None = field(default=None)
    currency: str = ""
