"""From a table of text to purchases and refused lines, all lines at once."""

from dataclasses import dataclass, field
from datetime import date

from .columns import REQUIRED_ROLES, ROLES
from .errors import FileProblem
from .formats import parse_days, parse_numbers

MAX_AMOUNT = 1e12


@dataclass(frozen=True)
class CheckOptions:
    """What the caller allows.

    :param today: last day that is not in the future
    :param default_currency: ISO code of lines that name none
    :param currencies: {ISO code: (active, rounding)} of all that exist
    :param date_format: a key of DATE_FORMATS; empty: found by the values
    :param decimal: "." or ","; empty: found by the values
    :param returns: negative amounts are returns, not mistakes
    :param future: days after today are no mistakes
    :param sum_reference: lines of one reference, customer, day and currency are
        the lines of one order, and are added up
    """

    today: date
    default_currency: str
    currencies: dict
    date_format: str = ""
    decimal: str = ""
    returns: bool = False
    future: bool = False
    sum_reference: bool = False


@dataclass
class CheckedFile:
    """What the checks found.

    :param good: DataFrame of line, customer, date, amount, currency, reference
    :param refused: DataFrame of line, row (position in the table), code, role,
        value; a line can have several
    :param free: number of good lines of no value: kept, but no orders
    :param total: number of lines after the first
    """

    good: object
    refused: object
    free: int = 0
    total: int = 0
    date_format: str = ""
    decimal: str = ""


@dataclass
class _Refusals:
    """Collects what is wrong with which rows."""

    lines: object
    parts: list = field(default_factory=list)

    def add(self, mask, code, role="", values=None):
        """Refuse the rows where ``mask`` (boolean array or Series) is true."""
        import numpy as np
        import pandas as pd

        rows = np.flatnonzero(np.asarray(mask, dtype=bool))
        if len(rows):
            found = "" if values is None else values.iloc[rows].astype(str).to_numpy()
            self.parts.append(
                pd.DataFrame(
                    {
                        "line": self.lines[rows],
                        "row": rows,
                        "code": code,
                        "role": role,
                        "value": found,
                    }
                )
            )

    def frame(self):
        import pandas as pd

        if not self.parts:
            columns = ["line", "row", "code", "role", "value"]
            return pd.DataFrame(columns=columns).astype({"line": int, "row": int})
        return pd.concat(self.parts).sort_values(
            "row", kind="stable", ignore_index=True
        )


def check(table, roles, options):
    """Check every line.

    :param Table table: the file
    :param dict roles: position of the column of each role
    :param CheckOptions options: what is allowed
    :return: CheckedFile
    :raises FileProblem: a column is missing, or a format cannot be told for certain
    """
    import numpy as np
    import pandas as pd

    missing = [role for role in REQUIRED_ROLES if role not in roles]
    if missing:
        raise FileProblem("missing_columns", roles=missing, header=table.header)
    names = {role: table.header[position] for role, position in roles.items()}
    raw = _columns(table, roles)
    refusals = _Refusals(np.asarray(table.lines, dtype=np.int64))
    empty = np.array([not any(str(v).strip() for v in row) for row in table.rows])
    refusals.add(empty, "empty_line")
    counts = np.zeros(len(empty), dtype=int)
    for row, count in table.misfits.items():
        counts[row] = count
    misfit = (counts > 0) & ~empty
    refusals.add(misfit, "field_count", values=pd.Series(counts))
    seen = ~(empty | misfit)  # what is wrong with the others is said already

    customer = raw["customer"].str.strip().str.replace(r"\s+", " ", regex=True)
    refusals.add(seen & (customer == ""), "empty_customer", "customer")
    day, date_format = _check_dates(raw["date"], seen, options, refusals, names)
    currency = _check_currencies(raw["currency"], seen, options, refusals)
    amount, decimal = _check_amounts(
        table, roles["amount"], raw["amount"], seen, options, refusals, names
    )
    frame = pd.DataFrame(
        {
            "line": refusals.lines,
            "row": np.arange(len(raw)),
            "customer": customer,
            "date": day,
            "amount": _round_by_currency(amount, currency, options.currencies),
            "currency": currency,
            "reference": raw["reference"].str.strip(),
        }
    )
    refused = refusals.frame()
    good = frame[seen & ~frame["row"].isin(refused["row"])]
    if options.sum_reference:
        good = _sum_by_reference(good)
    else:
        good, repeated = _without_repeats(good)
        refused = pd.concat([refused, repeated]).sort_values(
            "row", kind="stable", ignore_index=True
        )
    return CheckedFile(
        good=good.reset_index(drop=True),
        refused=refused,
        free=int((good["amount"] == 0).sum()),
        total=len(raw),
        date_format=date_format,
        decimal=decimal,
    )


def _columns(table, roles):
    """The columns in use, as text, one a role; a role without column is empty."""
    import pandas as pd

    return pd.DataFrame(
        {
            role: (
                [str(row[roles[role]]) for row in table.rows]
                if role in roles
                else [""] * len(table.rows)
            )
            for role in ROLES
        },
        dtype=object,
    )


def _check_dates(texts, seen, options, refusals, names):
    """Days of all lines (NaT where there is none) and the format they are in."""
    import pandas as pd

    texts = texts.str.strip()
    codes, uniques = pd.factorize(texts.where(seen, ""))
    days, date_format, wrong = parse_days(
        pd.Series(uniques, dtype=object), options.date_format, names["date"]
    )
    day = pd.Series(days.to_numpy()[codes])
    reason = pd.Series(wrong.to_numpy()[codes])
    blank = texts == ""
    refusals.add(seen & blank, "empty_date", "date")
    for code in ("bad_date", "impossible_date", "old_date"):
        refusals.add(seen & ~blank & (reason == code), code, "date", texts)
    if not options.future:
        late = day > pd.Timestamp(options.today)
        refusals.add(seen & late, "future_date", "date", texts)
    return day, date_format


def _check_currencies(texts, seen, options, refusals):
    """ISO code of all lines."""
    code = texts.str.strip().str.upper()
    code = code.where(code != "", options.default_currency)
    known = set(options.currencies)
    active = {name for name, (is_active, _r) in options.currencies.items() if is_active}
    refusals.add(seen & ~code.isin(known), "unknown_currency", "currency", code)
    refusals.add(
        seen & code.isin(known - active), "inactive_currency", "currency", code
    )
    return code


def _check_amounts(table, position, texts, seen, options, refusals, names):
    """Amounts of all lines (NaN where there is none) and the decimal separator."""
    import numpy as np
    import pandas as pd

    texts = texts.str.strip()
    blank = texts == ""
    amount = pd.Series(np.nan, index=texts.index)
    is_text = seen.copy()
    if table.kind == "xlsx":  # numbers of a spreadsheet need no reading
        values = [row[position] for row in table.rows]
        is_text &= np.array([isinstance(value, str) for value in values])
        numbers = [np.nan if isinstance(v, str) else float(v) for v in values]
        amount = pd.Series(numbers, index=texts.index)
    codes, uniques = pd.factorize(texts.where(is_text, ""))
    parsed, decimal = parse_numbers(
        pd.Series(uniques, dtype=object), options.decimal, names["amount"]
    )
    amount = amount.where(~is_text, pd.Series(parsed.to_numpy()[codes]))
    refusals.add(seen & blank, "empty_amount", "amount")
    is_number = np.isfinite(amount)
    refusals.add(seen & ~blank & ~is_number, "bad_amount", "amount", texts)
    refusals.add(seen & (amount.abs() >= MAX_AMOUNT), "large_amount", "amount", texts)
    if not options.returns:
        refusals.add(seen & (amount < 0), "negative_amount", "amount", texts)
    return amount, decimal


def _round_by_currency(amount, currency, currencies):
    rounded = amount.copy()
    for code in currency.unique():
        if code in currencies:
            mine = currency == code
            rounded[mine] = round_half_up(amount[mine].to_numpy(), currencies[code][1])
    return rounded


def round_half_up(values, rounding):
    """Round to multiples of ``rounding``, halves away from zero, as Odoo does.

    >>> import numpy as np
    >>> round_half_up(np.array([1.005, -1.005, 2.675, 0.1 + 0.2]), 0.01).tolist()
    [1.01, -1.01, 2.68, 0.3]
    >>> round_half_up(np.array([0.07, 0.08]), 0.05).tolist()
    [0.05, 0.1]
    """
    import numpy as np

    units = np.abs(values) / rounding
    units = np.floor(units + 0.5 + units * 2.0**-50)
    digits = max(0, int(np.ceil(-np.log10(rounding))))
    return np.round(np.sign(values) * units * rounding, digits)


def _sum_by_reference(good):
    """One purchase per reference, customer, day and currency."""
    import pandas as pd

    named = good["reference"] != ""
    summed = (
        good[named]
        .groupby(["reference", "customer", "date", "currency"], sort=False)
        .agg({"line": "first", "row": "first", "amount": "sum"})
        .reset_index()
    )
    summed["amount"] = summed["amount"].round(6)
    return pd.concat([good[~named], summed]).sort_values("row")[list(good.columns)]


def _without_repeats(good):
    """Set apart lines that repeat an earlier one.

    Without a reference two equal lines can be two purchases, and both are kept; with
    one, the same reference, customer, day, amount and currency is the same purchase.
    """
    import pandas as pd

    keys = ["reference", "customer", "date", "amount", "currency"]
    named = good[good["reference"] != ""]
    repeat = named.duplicated(keys)
    if not repeat.any():
        return good, pd.DataFrame()
    first = named.groupby(keys, sort=False)["line"].transform("first")[repeat]
    repeated = pd.DataFrame(
        {
            "line": named.loc[repeat, "line"],
            "row": named.loc[repeat, "row"],
            "code": "repeated",
            "role": "reference",
            "value": first.astype(str),
        }
    )
    return good.drop(index=repeated.index), repeated
