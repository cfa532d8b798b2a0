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

from . import data, methods, table, words  # noqa: E402 - they import the kernel

SHOWN = "**what the product shows**"
AVG2 = "avg2: MBG/NBD and a logistic regression"
FIGURES = {"auc": "AUC", "brier": "Brier", "mae": "MAE", "lift": "lift"}
# data set, report, method, figure, at least (1) or at most (-1), limit
GOALS = (
    (0, "churn", AVG2, "auc", 1, 0.79),
    (0, "churn", AVG2, "brier", -1, 0.111),
    (2, "value", SHOWN, "mae", -1, 20.5),
    (2, "value", SHOWN, "lift", 1, 5.6),
    (4, "churn", AVG2, "auc", 1, 0.88),
    (4, "churn", AVG2, "brier", -1, 0.10),
    (4, "churn", SHOWN, "auc", 1, 0.88),
    (4, "churn", SHOWN, "brier", -1, 0.10),
)


def make_public(folder, out) -> int:
    found = []
    for part in data.public_sets(Path(folder)):
        print(f"- {part.name}", flush=True)
        found.append(methods.judge(part))
    goals = [check_goal(found, *goal) for goal in GOALS]
    parts = (words.TITLE, "## The figures\n\n", table.write_tables(found), "\n\n")
    parts += ("**Held to**\n\n", table.write_goals(goals), words.COLUMNS)
    Path(out).write_text("".join(parts))
    print(f"{out} is written.")
    for name, method, figure, limit, value, good in goals:
        print(f"  {good:<6} {name}, {method}: {figure} {value} ({limit})")
    return 1 if any(goal[-1] != "ok" for goal in goals) else 0


def check_goal(found, place, kind, method, figure, sign, limit):
    """Data set, method, figure, limit, what was measured, whether it is kept."""
    value = getattr(found[place], kind)[method][figure]
    good = value is not None and (value - limit) * sign >= 0
    return (
        found[place].data.name,
        method.strip("*"),
        FIGURES[figure],
        f"at {'least' if sign > 0 else 'most'} {limit}",
        "-" if value is None else f"{value:.4g}",
        "ok" if good else "MISSED",
    )


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
