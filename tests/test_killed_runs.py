"""A run that is killed is done again, and nothing tells that it ever was.

The workers are real: forked processes of Odoo whose cron does the run.  ``KILLS=30
make test-fast T=tests/test_killed_runs.py ARGS=-s`` kills as many as are asked for and
says where.
"""

import os
import random
import sys

import pytest

from odoo.tools import SQL

from tests.killed import company, processes, state
from tests.killed.scenario import Scenario

KILLS = int(os.environ.get("KILLS") or 6)
BATCH = 50


@pytest.fixture(scope="module")
def forks(killed_company):
    return killed_company.fork(killed_company.work)


@pytest.fixture(scope="module")
def news(forks, tmp_path_factory):
    """The run of the next day, that reads only the news."""
    return Scenario(forks, tmp_path_factory.mktemp("news"), batch=BATCH)


@pytest.fixture(scope="module")
def everything(forks, tmp_path_factory):
    """A run that somebody asked for, that reads everything again."""
    return Scenario(forks, tmp_path_factory.mktemp("all"), full=True, batch=BATCH)


@pytest.fixture(params=["news", "everything"])
def scenario(request):
    return request.getfixturevalue(request.param)


def kill_all_over(scenario, kills):
    """Kill runs at random moments, spread evenly over their time."""
    random.seed(kills)
    for number in range(kills):
        scenario.prepare()
        share = (number + random.random()) / kills
        backend = number % 3 == 2
        step = scenario.kill(share, backend)
        what = "backend" if backend else "process"
        sys.stdout.write(f"  {share:4.0%} {what}: {step}\n")
        scenario.check_between()
        yield scenario.finish()


def test_undisturbed(scenario):
    """It is a run worth killing: every kind of change, in many batches."""
    *before, (done, partial, day, _count, *figures) = scenario.after.runs
    assert [run[0] for run in before] == ["done", "done"]
    assert (done, partial, day) == ("done", not scenario.full, company.DAY)
    assert all(number > 20 for number in figures), figures
    steps = [step for _moment, step in scenario.steps]
    assert len([step for step in steps if step.startswith("batch")]) > 10
    if partial:  # time alone moves somebody too
        assert steps[steps.index("read", 2) + 3].startswith("batch")
    assert scenario.before.marks > 200


def test_killed(scenario):
    for _end in kill_all_over(scenario, KILLS // 2):
        pass


def test_killed_again_and_again(news):
    """More often than a run may be stopped before it writes anything."""
    news.prepare()
    writes = [m for m, step in news.steps if step.startswith("batch")]
    end = news.steps[-1][0]
    for _attempt in range(4):
        news.kill(0.8 * writes[0] / end)  # while it reads
        news.kill((writes[1] + writes[2]) / 2 / end)  # the second batch
        news.check_between()
    news.finish()


def test_twice_in_a_row(scenario):
    """The second run writes nothing."""
    scenario.prepare()
    scenario.finish()
    written = read_versions(scenario.name)
    # reading everything learns the rhythm anew, which reading news does not
    for full in {scenario.full, False}:
        company.ask(scenario.name, full)
        scenario.forks.run(scenario.options)
        assert read_versions(scenario.name) == written
        *_others, (done, partial, *_rest) = state.read_state(scenario.name).runs
        assert (done, partial) == ("done", not full)


def read_versions(name):
    """Who wrote each row, and where it lies."""
    return [
        company.execute(
            name,
            SQL("SELECT id, xmin::text, ctid::text FROM %s", SQL.identifier(table)),
        )
        for table in ("lifecycle_profile", "lifecycle_transition")
    ]


def test_two_at_once(news, killed_company):
    """One works, the other leaves at once."""
    news.prepare()
    company.ask(news.name, full=False)
    said = killed_company.log.stat().st_size
    # past the lock of scheduled actions, which keeps out the second one before us
    worker = {**news.options, "call": "recompute"}
    news.forks.run(worker, worker)
    news.check_end()
    with killed_company.log.open() as log:
        log.seek(said)
        assert log.read().count("is being recomputed elsewhere") == 1
    # who left looks again, for the other one may have been killed
    later = company.execute(
        news.name,
        SQL(
            """SELECT c.cron_name, t.call_at FROM ir_cron_trigger t
            JOIN ir_cron c ON c.id = t.cron_id
            WHERE c.active AND t.call_at > now() at time zone 'UTC'"""
        ),
    )
    assert len(later) == 1, later
    # and two servers as they are: the second does not even begin
    news.prepare()
    news.forks.run(news.options, news.options)
    news.check_end()


def test_listener(killed_company, tmp_path):
    """One effect for each transition, however often the run was killed."""
    forks = killed_company.listen()
    scenario = Scenario(forks, tmp_path, batch=BATCH, loud=BATCH)
    state.check_effects(scenario.after, scenario.before)
    for end in kill_all_over(scenario, max(KILLS // 3, 2)):
        state.check_effects(end, scenario.before)
    assert processes.count_locks(forks.name) == 0
