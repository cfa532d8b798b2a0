"""What runs leave in a database, and what must hold of it."""

import json
from collections import Counter
from dataclasses import dataclass

from odoo.tools import SQL

from .company import cursor


@dataclass
class State:
    """
    :param profiles: ``{customer: all columns but the id}``
    :param moves: ``{customer: Counter of transitions}``, all columns but the ids
    :param runs: state and figures of each run, the oldest first
    :param marks: number of marks left
    :param effects: Counter of the transitions that a listener acted on
    """

    profiles: dict
    moves: dict
    runs: list
    marks: int
    effects: Counter
    transition_ids: set


def read_state(name):
    with cursor(name) as cr:
        cr.execute(
            SQL("SELECT partner_id, to_jsonb(p) - 'id' FROM lifecycle_profile p")
        )
        profiles = {
            partner: json.dumps(row, sort_keys=True) for partner, row in cr.fetchall()
        }
        cr.execute(
            SQL(
                """SELECT id, partner_id, kind, date, from_stage_id, to_stage_id,
                    from_segment_id, to_segment_id, cause, revenue_total
                FROM lifecycle_transition"""
            )
        )
        ids, moves = set(), {}
        for number, partner, *move in cr.fetchall():
            ids.add(number)
            moves.setdefault(partner, Counter())[tuple(move)] += 1
        cr.execute(
            SQL(
                """SELECT state, partial, as_of, customer_count, created_count,
                    changed_count, deleted_count, transition_count
                FROM lifecycle_run ORDER BY id"""
            )
        )
        runs = cr.fetchall()
        cr.execute(SQL("SELECT COUNT(*) FROM lifecycle_dirty"))
        [[marks]] = cr.fetchall()
        cr.execute(
            SQL(
                """SELECT substr(subject, 6)::int, COUNT(*) FROM mail_message
                JOIN mail_mail ON mail_mail.mail_message_id = mail_message.id
                WHERE subject LIKE 'Move %%' GROUP BY 1"""
            )
        )
        effects = Counter(dict(cr.fetchall()))
    return State(profiles, moves, runs, marks, effects, ids)


def check_between(state, before, after):
    """In the middle of a run each customer is as before it, or as after it."""
    for partner in (
        before.profiles.keys() | after.profiles.keys() | state.profiles.keys()
    ):
        profile = state.profiles.get(partner)
        was, will_be = before.profiles.get(partner), after.profiles.get(partner)
        assert profile in (was, will_be), f"half done: {profile}\n{was}\n{will_be}"
        moves = state.moves.get(partner)
        if was != will_be:
            expected = (before if profile == was else after).moves.get(partner)
        else:
            expected = before.moves.get(partner)
        # the moves of who is gone stay as they were
        assert moves == expected, f"{partner}: {moves} instead of {expected}"


def check_end(state, expected):
    """Nothing tells that anything has come in between."""
    wrong = {
        partner: (state.profiles.get(partner), expected.profiles.get(partner))
        for partner in state.profiles.keys() | expected.profiles.keys()
        if state.profiles.get(partner) != expected.profiles.get(partner)
    }
    assert not wrong, f"{len(wrong)} profiles differ: {list(wrong.items())[:3]}"
    assert state.moves == expected.moves
    assert state.runs == expected.runs
    assert state.marks == 0


def check_effects(state, before):
    """The listener acted on each new transition, once."""
    new = state.transition_ids - before.transition_ids
    assert state.effects == dict.fromkeys(new, 1)
