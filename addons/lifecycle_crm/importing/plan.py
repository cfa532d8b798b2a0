"""A file between its analysis and its import."""

from dataclasses import dataclass, field
from typing import Any

from .options import ImportOptions


@dataclass
class ImportPlan:
    """A file that was analysed, and not written yet.

    :param good: DataFrame of line, row, date, amount, amount_company, currency_id,
        reference and customer_num (index of ``customers``)
    :param refused: DataFrame as CheckedFile.refused
    :param customers: DataFrame of value (text of the file), partner_id (0: to be
        created) and created_as (num of the first one of several spellings)
    """

    company: Any
    name: str
    options: ImportOptions
    digest: str
    table: Any = None
    roles: dict = field(default_factory=dict)
    checked: Any = None
    good: Any = None
    refused: Any = None
    customers: Any = None
    shift: int = 0

    @property
    def refused_count(self):
        """Number of refused lines; a line can have several reasons."""
        return int(self.refused["row"].nunique())

    @property
    def created_count(self):
        used = self.customers.loc[self.good["customer_num"].unique()]
        return int(used.loc[used["partner_id"] == 0, "created_as"].nunique())

    @property
    def matched_count(self):
        used = self.customers.loc[self.good["customer_num"].unique()]
        return int(used.loc[used["partner_id"] != 0, "partner_id"].nunique())

    @property
    def missing_count(self):
        """Number of customers that are refused because they are not found."""
        return int((self.customers["status"] == "unknown_customer").sum())

    @property
    def can_import(self):
        """Whether the policy on bad lines lets this file in."""
        return len(self.good) > 0 and (
            self.options.skip_bad_lines or not self.refused_count
        )
