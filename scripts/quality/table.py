"""The figures as Markdown."""

from .data import EPOCH

NOTES = {
    0: "a plain rule, no probabilities",
    1: "MBG/NBD with a weak prior",
    2: "avg2",
    3: "avg4",
}


def write_tables(found: list) -> str:
    """All tables, data sets side by side.

    :param found: of ``methods.judge``
    """
    return "\n\n".join(
        [
            _write(_describe(found)),
            "**Churn**: no order within the horizon. AUC / Brier / calibration in the "
            "large (mean promised - share that left).",
            _write(_compare(found, "churn", _show_churn)),
            "**Value**: spend within the horizon. MAE / promised by real total / "
            "Spearman / lift of the top tenth.",
            _write(_compare(found, "value", _show_value)),
            "**Promised and kept**: what the backtest said at the training, before "
            "anything of the horizon was known, and what then happened.",
            _write(_promises(found)),
        ]
    )


def write_goals(goals: list) -> str:
    """What the models are held to, of ``check_goal``."""
    first = ["data", "method", "figure", "limit", "measured", ""]
    return _write([first, *map(list, goals)])


def _write(rows):
    first, *rest = rows
    lines = ["| " + " | ".join(first) + " |", "|---" * len(first) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rest])


def _describe(found):
    return [
        ["", *(quality.data.name for quality in found)],
        ["known until", *(str(EPOCH + quality.data.cut) for quality in found)],
        ["horizon, days", *(str(quality.data.horizon) for quality in found)],
        ["customers", *(f"{quality.count:,}" for quality in found)],
        ["left", *(f"{quality.left:.1%}" for quality in found)],
        ["mean spend", *(f"{quality.spend:.2f}" for quality in found)],
        ["the product chose", *(NOTES[quality.model.rung] for quality in found)],
        ["because", *(_show_reasons(quality.model) for quality in found)],
    ]


def _show_reasons(model):
    entries = [*model.vetoes, *model.reasons]
    return "; ".join(f"{e['code']} ({_plain(e['have'])})" for e in entries) or "-"


def _plain(number):
    return f"{number:.4g}" if isinstance(number, int | float) else "-"


def _compare(found, kind, show):
    names = list(dict.fromkeys(n for quality in found for n in getattr(quality, kind)))
    names.sort(key=lambda name: name.startswith("**"))
    rows = [["", *(quality.data.name for quality in found)]]
    for name in names:
        reports = [getattr(quality, kind).get(name) for quality in found]
        rows.append([name, *(show(report) if report else "-" for report in reports)])
    return rows


def _show_churn(report):
    return " / ".join(
        _number(report[name], form)
        for name, form in (("auc", ".3f"), ("brier", ".4f"), ("calibration", "+.3f"))
    )


def _show_value(report):
    return " / ".join(
        _number(report[name], form)
        for name, form in (
            ("mae", ".2f"),
            ("bias", ".2f"),
            ("spearman", ".3f"),
            ("lift", ".2f"),
        )
    )


def _number(value, form):
    return "-" if value is None else format(value, form)


def _promises(found):
    rows = [["", "AUC promised", "kept", "Brier promised", "kept", "of base rate"]]
    for quality in found:
        promised = quality.model.backtest.get("churn")
        kept = quality.churn.get("**what the product shows**")
        if not promised or not kept:
            continue
        interval = [promised[name] for name in ("auc", "auc_low", "auc_high")]
        if None in interval:
            continue
        rows.append(
            [
                quality.data.name,
                "{:.3f} ({:.3f} to {:.3f})".format(*interval),
                _number(kept["auc"], ".3f"),
                _number(promised["brier"], ".4f"),
                _number(kept["brier"], ".4f"),
                _number(kept["brier_base"], ".4f"),
            ]
        )
    return rows
