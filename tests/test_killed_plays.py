"""Plays that are killed at random moments do each step once for each customer.

The worker is real, and so is what counts in the end: a local SMTP server.  ``KILLS=30
make test-fast T=tests/test_killed_plays.py ARGS=-s`` kills as often as is asked for and
says where.
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import odoo.sql_db
import odoo.tools
from odoo.tools import SQL

from odoo.addons.lifecycle_play.tests.smtp_sink import SmtpSink

from scripts.dev import databases
from tests.killed import company, plays, processes

KILLS = int(os.environ.get("KILLS") or 6)


@pytest.fixture(scope="module")
def forks(load_registry, tmp_path_factory):
    [source] = odoo.tools.config["db_name"]
    name, log = f"{source}_kp", tmp_path_factory.mktemp("plays") / "odoo.log"
    company.copy(source, name)
    forks = processes.Forks(name, log)
    try:
        forks.run(processes.options(call="make_play"))
        yield forks
    finally:
        forks.end()
        odoo.sql_db.close_db(name)
        databases.drop(name)


def read_steps(log):
    lines = log.read_text().splitlines() if log.exists() else []
    return [line.split(" ", 1)[1] for line in lines]


def test_each_step_once(forks, tmp_path):
    random.seed(KILLS)
    name, log = forks.name, Path(tmp_path) / "steps"
    options = processes.options(log, plays=True)
    places = Counter()
    for _number in range(KILLS):
        log.unlink(missing_ok=True)
        company.make_due(name)
        [pid] = forks.start(options)
        processes.wait_until(
            lambda: "_do_batch" in read_steps(log), "no batch", pause=0.002
        )
        # anywhere in a batch: before, while and after its mails are queued; early
        # enough that something is left for the next ones
        time.sleep(random.uniform(0, 0.5))
        place = read_steps(log)[-1]
        os.kill(pid, signal.SIGKILL)
        [status] = forks.wait()
        assert status == signal.SIGKILL
        places[place] += 1
        executions, mails = plays.check(name)
        sys.stdout.write(f"  {place}: {executions} steps done, {mails} mails queued\n")
        assert processes.count_locks(name) == 0
    assert plays.count_left(name), "it was over before the last kill"
    assert places["_do_batch"], "no kill between sending and committing"
    deadline = time.monotonic() + 600
    while plays.count_left(name):
        assert time.monotonic() < deadline
        company.make_due(name)
        # two workers at once: what one has in hand the other leaves alone
        forks.run(options, options)
    executions, mails = plays.check(name)
    assert executions == len(plays.STEPS) * plays.CUSTOMERS
    assert 0.85 < mails / executions < 0.95  # a tenth is held out
    assert count_in_sink(forks, name) == mails


def count_in_sink(forks, name):
    """What customers really got: each of them each mail once."""
    with SmtpSink() as sink:
        company.execute(
            name,
            SQL(
                """INSERT INTO ir_mail_server (name, smtp_host, smtp_port,
                    smtp_encryption, smtp_authentication, active, sequence)
                VALUES ('Sink', '127.0.0.1', %s, 'none', 'login', TRUE, 0)""",
                sink.port,
            ),
        )
        forks.run(processes.options(call="send_mails"))
        got = Counter(
            (recipient, message["subject"])
            for recipients, message in sink.messages
            for recipient in recipients
        )
    assert set(got.values()) == {1}, got.most_common(3)
    return len(got)
