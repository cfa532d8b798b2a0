"""In what two looks at a database differ: plain data in, lines of text out."""

import re
from collections.abc import Iterable

# What is not the same twice, whoever uses Odoo.
PASSING = {
    "ir_cron_progress": "what scheduled actions did",
    "ir_cron_trigger": "when scheduled actions are called",
    "ir_module_module": "the list of known addons",
    "ir_module_module_dependency": "the list of known addons",
}
# What each night makes anew; profiles() compares the profiles and the transitions.
NIGHTLY = {
    "churn_evidence_run",
    "churn_model",
    "lifecycle_profile",
    "lifecycle_run",
    "lifecycle_transition",
}
_SIGNALING = re.compile("orm_signaling_")


def of_profiles(
    before: dict[str, str], after: dict[str, str], touched: Iterable[str] = ()
) -> list[str]:
    """Columns and kinds of transitions that are not the same any more.

    :param touched: those that may differ
    """
    return [
        f"{name}: {before[name]} became {after.get(name)}"
        for name in before
        if before[name] != after.get(name) and name not in touched
    ]


def of_queries(before: dict[str, int], after: dict[str, int], more: int) -> list[str]:
    """Screens that ask more than ``more`` queries more than before."""
    return [
        f"{name}: {before[name]} queries became {after.get(name)}"
        for name in before
        if after.get(name, 0) > before[name] + more
    ]


def of_schema(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    lines = []
    for kind, old in before.items():
        new = after[kind]
        lines += [f"{kind}: left {text}" for text in sorted({*new} - {*old})]
        lines += [f"{kind}: lost {text}" for text in sorted({*old} - {*new})]
    return lines


def of_rows(
    before: dict[str, dict[str, list[int]]],
    after: dict[str, dict[str, list[int]]],
    passing: Iterable[str] = (),
) -> list[str]:
    """One line for each table with other rows: what is left, lost or changed.

    Rows are known by their digests, so one that was made again under another number
    is no difference.

    :param passing: more tables that may differ
    """
    lines = []
    for table in sorted(before.keys() & after.keys()):
        if table in PASSING or table in passing or _SIGNALING.match(table):
            continue
        new = _surplus(after[table], before[table])
        old = _surplus(before[table], after[table])
        # tables without an id have 0 for each row
        changed = {*new} & {*old} - {0}
        for word, ids in (
            ("left", [i for i in new if i not in changed]),
            ("lost", [i for i in old if i not in changed]),
            ("changed", sorted(changed)),
        ):
            if ids:
                shown = ", ".join(map(str, ids[:8])) + (", ..." if ids[8:] else "")
                lines.append(f"{table}: {word} {len(ids)} (id {shown})")
    return lines


def _surplus(rows: dict[str, list[int]], others: dict[str, list[int]]) -> list[int]:
    """Ids of the rows whose digest is there more often than among the others."""
    result = []
    for digest, ids in rows.items():
        known = others.get(digest, [])
        if len(ids) > len(known):
            # those that are not the others' first
            ids = sorted(ids, key=lambda i: (i in known, i))
            result += ids[: len(ids) - len(known)]
    return result
