"""From what was measured to the figures, a table of them, and growth.  No Odoo here."""

import json
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Goal(NamedTuple):
    """What a figure must not exceed, and at which size that is asked.

    :param at_least: whether it must not be less instead
    """

    label: str
    limit: float | None
    stated_for: str = "1m"
    unit: str = "× floor"
    at_least: bool = False


GOALS = {
    "floor_s": Goal("floor: the bare aggregate and COPY", None, "", "s"),
    "first_vs_floor": Goal("first computation, every row new", 3.0),
    "full_vs_floor": Goal("full recompute, 5 % of the results differ", 2.0),
    "nightly_vs_floor": Goal("nightly, 2 % of the customers ordered", 0.5),
    "dirty_ms": Goal("one customer dirty, profile updated", 100, "1m", "ms"),
    "peak_rss_mib": Goal("peak memory of the Odoo process", 1024, "1m", "MiB"),
    "history_vs_full": Goal("24 months of history", 12, "200k", "× full"),
    "user_failures": Goal("users' transactions failed or retried", 0, "any", ""),
    "confirm_ratio": Goal("confirm a quotation, with and without", 1.03, "any", "×"),
    "list_ratio": Goal("Contacts by stage and value, and without", 1.5, "1m", "×"),
    "list_ms": Goal("Contacts by stage and value", 1000, "1m", "ms"),
    "dashboard_ms": Goal("dashboard, server time", 300, "1m", "ms"),
    "churn_fit_s": Goal("churn: slowest fit of a model", 2, "1m", "s"),
    "churn_fit_vs_lifetimes": Goal(
        "churn: a fit by package lifetimes over ours", 8, "1m", "×", at_least=True
    ),
    "churn_score_s": Goal("churn: scores, values and reasons", 5, "1m", "s"),
    "churn_total_vs_floor": Goal("churn: training, backtest, scores, more", 1.5),
    "churn_peak_mib": Goal("churn: peak memory, training and run", 1024, "1m", "MiB"),
    "nightly_churn_vs_floor": Goal("nightly with churn", 1.0),
    "play_entry_vs_insert": Goal("100,000 enter a play", 3.0, "any", "× INSERT"),
}
GROWTH = ("floor", "first", "full", "nightly")
ALLOWED_GROWTH = 1.15


def summarize(size, detail):
    """The keys of the issue, null for what is not measured, then "detail"."""

    def seconds(name):
        return min(sample["seconds"] for sample in detail[name])

    floor = min(detail["floor_s"])
    full = seconds("full")
    history, dirty, users = (
        detail.get(name) for name in ("history_s", "dirty_ms", "users")
    )
    figures = {
        "size": size,
        "floor_s": floor,
        "first_vs_floor": seconds("first") / floor,
        "full_vs_floor": full / floor,
        "nightly_vs_floor": seconds("nightly") / floor,
        "dirty_ms": median(dirty) if dirty else None,
        "peak_rss_mib": detail["memory"]["peak_mib"],
        "history_vs_full": history / full if history is not None else None,
        "user_failures": count_because_of_runs(users) if users else None,
        "confirm_ratio": detail["confirm"]["ratio"],
        "list_ratio": detail["lists"]["ratio"],
        "list_ms": detail["lists"]["ms"],
        "dashboard_ms": detail.get("dashboard", {}).get("kept_ms"),
        **summarize_churn(detail),
        # measured in a database of its own, after the others
        "play_entry_vs_insert": detail.get("plays", {}).get("ratio"),
    }
    rounded = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in figures.items()
    }
    return {**rounded, "detail": detail}


def summarize_churn(detail):
    """Figures of churn, null where it was not measured.

    The total is a training with its backtest, and what the first computation takes
    longer than before there was a model: scoring, and writing more.  The floor is that
    of the same minutes.
    """
    churn = detail.get("churn")
    if not churn:
        return dict.fromkeys(name for name in GOALS if "churn" in name)
    kernel, theirs = churn["kernel"], churn["kernel"]["lifetimes_s"]
    floor = min(churn["floor_s"])

    def best(samples):
        return min(sample["seconds"] for sample in samples)

    without = churn.get("first_unscored") or detail["first"]
    total = best(churn["training"]) + best(churn["first"]) - best(without)
    return {
        "churn_fit_s": max(kernel["fit_s"].values()),
        "churn_fit_vs_lifetimes": min(
            (seconds / kernel["fit_s"][name] for name, seconds in theirs.items()),
            default=None,
        ),
        "churn_score_s": kernel["score_s"] + kernel["reasons_s"],
        "churn_total_vs_floor": total / floor,
        "churn_peak_mib": churn["memory"]["peak_mib"],
        "nightly_churn_vs_floor": best(churn["nightly"]) / floor,
    }


def count_because_of_runs(users):
    """Transactions that failed or were retried, beyond those without any run.

    >>> count_because_of_runs({"alone": {"failures": 0, "retries": 1},
    ...                        "beside_runs": {"failures": 1, "retries": 3}})
    3
    """

    def count(figures):
        return figures["failures"] + figures["retries"]

    return max(0, count(users["beside_runs"]) - count(users["alone"]))


def judge(name, value):
    """Whether a figure reaches its goal; empty where there is none.

    >>> judge("full_vs_floor", 2.0), judge("full_vs_floor", 2.1)
    ('ok', 'missed')
    >>> judge("dirty_ms", None)
    'not measured'
    """
    goal = GOALS[name]
    if value is None:
        return "not measured"
    if goal.limit is None:
        return ""
    good = value >= goal.limit if goal.at_least else value <= goal.limit
    return "ok" if good else "missed"


def get_rows(figures):
    """Rows of the table: figure, value, goal, verdict."""
    rows = []
    for name, goal in GOALS.items():
        value = figures.get(name)
        limit = "" if goal.limit is None else f"{goal.limit:g} {goal.unit}".strip()
        if goal.at_least:
            limit = f"at least {limit}"
        if goal.stated_for not in ("", "any"):
            limit += f" at {goal.stated_for}"
        shown = "" if value is None else f"{_show(value)} {goal.unit}".strip()
        rows.append((goal.label, shown, limit, judge(name, value)))
    return rows


def _show(value):
    if isinstance(value, int):
        return str(value)
    return f"{value:.0f}" if value >= 100 else f"{value:.{3 if value < 10 else 1}f}"


def format_table(figures):
    """The figures of one size as Markdown, readable in a terminal as well."""
    head = ("figure", f"at {figures['size']}", "goal", "")
    lines = [_align([head, *get_rows(figures)])]
    lines += [f"\n{line}" for line in describe(figures.get("detail") or {})]
    return "\n".join(lines)


def _align(rows):
    columns = zip(*rows, strict=True)
    widths = [max(3, *(len(cell) for cell in column)) for column in columns]
    rows = [rows[0], tuple("-" * width for width in widths), *rows[1:]]
    return "\n".join(
        "| "
        + " | ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    )


def describe(detail):
    """What stands behind the table, one sentence each."""
    lines = []
    if "first" in detail:
        parts = []
        for name in ("first", "full", "nightly"):
            best = min(detail[name], key=lambda sample: sample["seconds"])
            rows = best["created"] + best["changed"] + best["deleted"]
            parts.append(f"{name} {best['seconds']:.2f} s ({rows} rows written)")
        lines.append("Runs: " + ", ".join(parts) + ".")
    if memory := detail.get("memory"):
        lines.append(
            f"Memory: {memory['peak_mib']:.0f} MiB at the peak, of which the idle "
            f"process has {memory['idle_mib']:.0f} MiB."
        )
    if confirm := detail.get("confirm"):
        low, high = confirm["interval"]
        lines.append(
            f"Confirmation: {confirm['ours_ms']:.1f} ms with the addon, "
            f"{confirm['plain_ms']:.1f} ms without (medians); pair by pair × "
            f"{confirm['ratio']:.3f}, in 95 of 100 cases {low:.3f} to {high:.3f}."
        )
    if users := detail.get("users"):
        for name, words in (("alone", "without runs"), ("beside_runs", "beside runs")):
            figures = users[name]
            lines.append(
                f"Users {words}: {figures['transactions']} transactions, "
                f"{figures['retries']} retried, {figures['failures']} failed; "
                f"confirming took {figures['confirm_p50_ms']} ms (95 %: "
                f"{figures['confirm_p95_ms']}), editing {figures['edit_p50_ms']} ms "
                f"(95 %: {figures['edit_p95_ms']})."
            )
    if churn := detail.get("churn"):
        training = min(churn["training"], key=lambda sample: sample["seconds"])
        lines.append(
            f"Churn: training with backtest {training['seconds']:.2f} s "
            f"({training['method']}, {training['customers']} customers, AUC "
            f"{training['auc']:.3f}), first computation "
            f"{min(sample['seconds'] for sample in churn['first']):.2f} s, nightly "
            f"{min(sample['seconds'] for sample in churn['nightly']):.2f} s, evidence "
            f"of everybody {churn['evidence_s']:.2f} s."
        )
    if peers := detail.get("record_by_record"):
        lines.append(
            f"Record by record through the ORM: {peers['seconds']:.0f} s "
            f"(EXTRAPOLATED from {peers['sample']} customers)."
        )
    lines += [f"WRONG: {text}" for text in detail.get("failed_checks", [])]
    return lines


def get_growth(results):
    """Seconds per 1,000 customers of each result, and growth from one to the next.

    :param results: what :func:`summarize` made, smaller sizes first
    :return: ``{figure: [(size, seconds per 1,000, growth or None), ...]}``
    """
    ordered = sorted(results, key=lambda result: result["detail"]["customers"])
    growth = {}
    for name in GROWTH:
        before = None
        growth[name] = []
        for result in ordered:
            each = 1000 * _seconds(result, name) / result["detail"]["customers"]
            ratio = each / before if before else None
            growth[name].append((result["size"], each, ratio))
            before = each
    return growth


def _seconds(result, name):
    if name == "floor":
        return result["floor_s"]
    return result["floor_s"] * result[f"{name}_vs_floor"]


def format_growth(results):
    """Growth as Markdown: 1.00 is linear, up to 1.15 is the goal."""
    growth = get_growth(results)
    sizes = [size for size, _each, _ratio in growth["floor"]]
    rows = [("s per 1,000 customers", *sizes, "")]
    for name, cells in growth.items():
        shown = [
            f"{each:.4f}" + (f" (× {ratio:.2f})" if ratio else "")
            for _size, each, ratio in cells
        ]
        ratios = [ratio for _size, _each, ratio in cells if ratio]
        worst = max(ratios, default=0)
        verdict = "ok" if worst <= ALLOWED_GROWTH else "missed"
        rows.append((name, *shown, verdict if name != "floor" else ""))
    return _align(rows)


def save(figures, path):
    Path(path).write_text(json.dumps(figures, indent=2) + "\n")


def load(path):
    return json.loads(Path(path).read_text())
