"""Servers that end a run by themselves: limits of time and of memory; users beside.

The servers are real ones.  What a run has to do is little, so each of its batches
takes a while longer, and the limits are low.
"""

import pytest

from odoo.tools import SQL

from benchmarks.child import Child
from tests.killed import company, processes, state
from tests.killed.scenario import Scenario

BATCH = 50
LIMIT = 4  # seconds that a scheduled action may take
PREFORK = ("--workers=1", f"--limit-time-real-cron={LIMIT}")
AMPLE = ("--workers=1", f"--limit-time-real-cron={3 * LIMIT}")
THREADED = ("--workers=0", f"--limit-time-real-cron={LIMIT}")


@pytest.fixture(scope="module")
def scenario(killed_company, tmp_path_factory):
    """A run that takes longer than it may."""
    folder = tmp_path_factory.mktemp("servers")
    forks = killed_company.fork(killed_company.work)
    return Scenario(forks, folder, batch=BATCH)


def serve(scenario, tmp_path, *arguments, **changes):
    """Let a server do the run: what it said, and how often the run was taken up."""
    scenario.prepare()
    name, log = scenario.name, tmp_path / "odoo.log"
    options = {**scenario.options, **changes}
    with processes.server(name, options, *arguments, log=log) as process:
        processes.wait_until_done(name, len(scenario.after.runs), process, log)
    scenario.check_end()
    query = SQL("SELECT attempt_count FROM lifecycle_run ORDER BY id DESC LIMIT 1")
    [[attempts]] = company.execute(name, query)
    return log.read_text(), attempts


def assert_stopped_by_itself(said, attempts):
    """Several times, and each time before the server stopped it."""
    assert attempts > 1
    assert "timeout after" not in said
    assert "real time limit" not in said
    assert "ERROR" not in said


def test_stops_in_time(scenario, tmp_path):
    """A server of threads would end all of itself."""
    assert_stopped_by_itself(*serve(scenario, tmp_path, *THREADED, sleep=0.15))


def test_stopped_by_the_watchdog(scenario, tmp_path):
    """One batch takes longer than all may."""
    once = str(tmp_path / "once")
    said, attempts = serve(scenario, tmp_path, *PREFORK, once=once, how="hang")
    assert attempts > 1
    assert f"timeout after {LIMIT}s" in said


def test_soft_limit_of_memory(scenario, tmp_path):
    """Each call stops in time and ends its worker; the next one goes on."""
    # each worker loads the libraries anew, which alone may take a busy machine as
    # long as the others have for all
    more = {"sleep": 0.5, "soft": 100 * 2**20}
    said, attempts = serve(scenario, tmp_path, *AMPLE, **more)
    assert_stopped_by_itself(said, attempts)
    assert said.count("virtual memory limit") > 1


def test_hard_limit_of_memory(scenario, tmp_path):
    """What fails for want of memory is done by the next call."""
    once = str(tmp_path / "once")
    more = {"once": once, "how": "leak", "hard": 2**30, "again": 1}
    said, attempts = serve(scenario, tmp_path, "--workers=1", **more)
    assert attempts == 2
    assert "goes on in another process" in said


def test_users_meanwhile(killed_company):
    """Users confirm orders and edit contacts while runs and refreshes go on."""
    name = killed_company.work
    company.restore(name)
    forks = killed_company.fork(name)
    today = {"batch": BATCH}  # as orders are confirmed on it
    forks.run({**today, "call": "hire"})
    crons = SQL(
        """UPDATE ir_cron SET active = TRUE WHERE id IN (
            SELECT res_id FROM ir_model_data
            WHERE module = 'lifecycle_crm' AND name = 'ir_cron_refresh')"""
    )
    company.execute(name, crons)
    with Child("users", name) as users:
        users.hear()
        users.say("start")
        for full in (False, True, False):
            company.ask(name, full)
            forks.run(today)
        users.say("stop")
        samples = users.hear()
    assert {what for what, *_rest in samples} == {"quote", "confirm", "edit"}
    assert not [error for *_rest, error in samples if error]
    company.ask(name, full=True)
    forks.run(today)
    found = state.read_state(name)
    assert {run[0] for run in found.runs} == {"done"}
    assert found.marks == 0
    forks.run({**today, "call": "look"})
