"""Columns of the profile that the engine decides, and how they travel.

Between PostgreSQL and the arrays every value is a number of fixed width; "none" is a
number that no value has.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..scoring.rhythm import NO_DAY

EPOCH = SQL("DATE '1970-01-01'")
NO_MONEY = -(2**62)
# A float is stored as a decimal number, and PostgreSQL takes five times as long to make
# one of a binary float as of a whole number.
FLOAT_DECIMALS = 9
_WIDTHS = {
    "int": "int4",
    "day": "int4",
    "float": "int8",
    "money": "int8",
    "choice": "int4",
}


@dataclass(frozen=True)
class Column:
    """One column of the profile.

    :param kind: what the DataFrame of a run holds:
        ``int`` (below 0: none), ``day`` (days since 1970-01-01, ``NO_DAY``: none),
        ``float`` (NaN: none; kept to nine decimals), ``money`` (float in units of the
        company's currency, NaN: none), ``choice`` (position in ``values``, -1: none)
    :param values: for ``choice``, what is stored
    :param tolerance: a difference up to this is no change, so that what creeps
        for everybody every day is written only when a screen would show it
    :param relative: the same as a share of the stored value; the larger one counts
    :param follows: it follows from other columns that are compared, and from what
        lasts from one full run to the next, so a nightly run need not read it
    """

    kind: str
    values: tuple[str, ...] = ()
    tolerance: float = 0.0
    relative: float = 0.0
    follows: bool = False

    @property
    def width(self) -> str:
        """Type of the number that travels."""
        return _WIDTHS[self.kind]

    @property
    def resolution(self) -> float:
        """A difference that storing makes."""
        return 10**-FLOAT_DECIMALS if self.kind == "float" else 0.0

    def _get_decimals(self, digits):
        return FLOAT_DECIMALS if self.kind == "float" else digits

    def to_number(self, column: SQL, digits: int) -> SQL:
        """Expression for the number that stands for a stored value."""
        match self.kind:
            case "int":
                return SQL("COALESCE(%s, -1)::int4", column)
            case "day":
                return SQL("COALESCE(%s - %s, %s)::int4", column, EPOCH, NO_DAY)
            case "float" | "money":
                unit = 10 ** self._get_decimals(digits)
                return SQL("COALESCE((%s * %s)::int8, %s::int8)", column, unit, NO_MONEY)
            case "choice":
                # a list would be searched anew, by a function, for every row
                cases = [
                    SQL("WHEN %s THEN %s", value, position)
                    for position, value in enumerate(self.values)
                ]
                return SQL("CASE %s %s ELSE -1 END", column, SQL(" ").join(cases))

    def to_value(self, number: SQL, digits: int) -> SQL:
        """Expression for the value to store of a number."""
        match self.kind:
            case "int":
                return SQL("NULLIF(%s, -1)", number)
            case "day":
                return SQL("%s + NULLIF(%s, %s)", EPOCH, number, NO_DAY)
            case "float" | "money":
                # times 0.01 has two decimals, divided by 100 would have twenty
                unit = Decimal(1).scaleb(-self._get_decimals(digits))
                return SQL("NULLIF(%s, %s::int8) * %s", number, NO_MONEY, unit)
            case "choice":
                values = list(self.values)
                return SQL("(%s::varchar[])[%s + 1]", values, number)

    def decode(self, numbers: np.ndarray, digits: int) -> np.ndarray:
        """The array of a DataFrame, of the numbers that travelled."""
        if self.kind in ("float", "money"):
            values = numbers / 10 ** self._get_decimals(digits)
            values[numbers == NO_MONEY] = np.nan
            return values
        return numbers.astype(np.int64)

    def encode(self, values: np.ndarray, digits: int) -> np.ndarray:
        """The numbers to send, of the array of a DataFrame."""
        if self.kind in ("float", "money"):
            missing = np.isnan(values)
            unit = 10 ** self._get_decimals(digits)
            numbers = np.rint(np.where(missing, 0, values) * unit)
            return np.where(missing, NO_MONEY, numbers.astype(np.int64))
        if self.kind in ("int", "choice"):
            return np.maximum(values, -1)
        return values


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_fact_columns(self):
        """Columns that :func:`..scoring.facts.build_facts` fills: ``{name: Column}``.

        A nightly run reads them back from the profiles of who did nothing.
        """
        return {
            "first_contact_date": Column("day"),
            "first_order_date": Column("day"),
            "last_order_date": Column("day"),
            "order_count": Column("int"),
            "order_days": Column("int"),
            "revenue_total": Column("money"),
            "won_back_date": Column("day"),
            "rfm_order_count": Column("int"),
            "rfm_revenue": Column("money"),
        }

    @api.model
    def _get_score_columns(self):
        """Columns that the scorers fill: ``{name: Column}``."""
        return {
            "average_order_value": Column("money", follows=True),
            "gap_days": Column("float", follows=True),
            "next_order_date": Column("day", follows=True),
            "at_risk_date": Column("day", follows=True),
            "lapse_date": Column("day", follows=True),
            "rfm_recency": Column("int"),
            "rfm_frequency": Column("int"),
            "rfm_monetary": Column("int"),
            "rfm_value": Column("float", follows=True),
            "segment_id": Column("int"),
        }

    @api.model
    def _get_columns(self):
        return {**self._get_fact_columns(), **self._get_score_columns()}

    @api.model
    def _get_derived_columns(self):
        """Columns that follow from the others in SQL: ``{name: expression}``.

        ``r`` is the table of the numbers that the scorers sent.
        """
        return {
            "clv_historic": self._get_columns()["revenue_total"].to_value(
                SQL("r.revenue_total"), self._get_digits()
            ),
            "rfm_code": SQL(
                """CASE WHEN r.rfm_recency > 0 THEN
                (r.rfm_recency * 100 + r.rfm_frequency * 10 + r.rfm_monetary)::text
                END"""
            ),
        }

    @api.model
    def _get_digits(self):
        """Decimals of the currency of the company that is recomputed."""
        return self.env.company.currency_id.decimal_places
