"""A run that is killed is done again, and nothing tells that it ever was.

The workers are real: forked processes of Odoo whose cron does the run.  ``KILLS=30
make test-fast T=tests/test_killed_runs.py`` kills as many as are asked for.
"""

import os
import random
import signal
import time
from collections import Counter

import pytest

import odoo.tools
from odoo.tools import SQL

from scripts.dev import databases

from tests.killed import company, processes, state

KILLS = int(os.environ.get("KILLS") or 6)
BATCH = 60

pytestmark = pytest.mark.usefixtures("load_registry")


@pytest.fixture(scope="module")
def names():
    """Databases: one with the first run and news, and the one that is worked on."""
    [source] = odoo.tools.config["db_name"]
    names = [f"{source}_k{suffix}" for suffix in ("0", "1")]
    yield source, *names
    for name in names:
        odoo.sql_db.close_db(name)
        databases.drop(name)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("killed") / "odoo.log"


@pytest.fixture(scope="module")
def template(names, log):
    """A database with a first run of one day, and news of the next ones."""
    source, template, _work = names
    odoo.sql_db.close_db(source)
    company.copy(source, template)
    company.generate(template)
    forks = processes.Forks(template, log)
    forks.run(processes.options(day=company.FIRST_DAY.isoformat()))
    forks.end()
    company.add_news(template)
    [run] = state.read_state(template).runs
    assert run[0] == "done"
    return template


@pytest.fixture(scope="module")
def forks(template, names, log):
    _source, _template, work = names
    company.copy(template, work)
    company.keep(work)
    forks = processes.Forks(work, log)
    yield forks
    forks.end()


class Scenario:
    """The run that news ask for, or one that reads everything again."""

    def __init__(self, template, forks, full, tmp_path):
        self.template, self.forks, self.full = template, forks, full
        self.name, self.log = forks.name, tmp_path / "steps"
        self.options = processes.options(self.log, batch=BATCH)
        self.before = state.read_state(template)
        self.prepare()
        self.seconds = forks.run(self.options)
        self.after = state.read_state(self.name)
        self.steps = self.log.read_text().split("\n")

    def prepare(self):
        company.restore(self.name)
        if self.full:
            company.ask(self.name, full=True)
        self.log.unlink(missing_ok=True)

    def kill(self, seconds, backend=False):
        """Kill a worker after so many seconds: the step that it was at."""
        [pid] = self.forks.start(self.options)
        time.sleep(seconds)
        if backend:
            processes.terminate_backends(self.name, pid)
        else:
            os.kill(pid, signal.SIGKILL)
        [status] = self.forks.wait()
        steps = self.log.read_text().split("\n") if self.log.exists() else [""]
        return status, steps[-2] if len(steps) > 1 else "start"

    def finish(self):
        """Let the run end; nothing may tell that it was killed."""
        self.forks.run(self.options)
        found = state.read_state(self.name)
        state.check_end(found, self.after)
        assert processes.count_locks(self.name) == 0


@pytest.fixture(scope="module", params=[False, True], ids=["news", "all"])
def scenario(request, template, forks, tmp_path_factory):
    return Scenario(template, forks, request.param, tmp_path_factory.mktemp("steps"))


def test_undisturbed(scenario):
    """It is a run worth killing: every kind of change, in several batches."""
    print(scenario.seconds, Counter(scenario.steps), scenario.after.runs)
    _first, (run_state, partial, day, _count, *figures) = scenario.after.runs
    assert (run_state, partial, day) == ("done", not scenario.full, company.DAY)
    assert all(number > 30 for number in figures), figures


def test_killed(scenario):
    random.seed(f"kill {scenario.full}")
    for number in range(KILLS):
        scenario.prepare()
        moment = (number + random.random()) / KILLS * scenario.seconds
        status, step = scenario.kill(moment, backend=number % 3 == 2)
        print(f"{moment:6.3f} s: status {status}, at {step}")
        found = state.read_state(scenario.name)
        state.check_between(found, scenario.before, scenario.after)
        scenario.finish()
