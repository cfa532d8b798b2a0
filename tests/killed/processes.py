"""Starting processes of Odoo, and waiting for what they leave behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import odoo.tools
from odoo.tools import SQL

from .company import DAY, execute

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds for what takes some


def options(log=None, **others):
    return {"day": DAY.isoformat(), "log": log and str(log), **others}


def command(*arguments):
    return [sys.executable, "-m", "tests.killed.worker", *map(str, arguments)]


def environment(**others):
    path = ",".join(odoo.tools.config["addons_path"])
    return {**os.environ, "ODOO_ADDONS_PATH": path, "ODOO_DB_NAME": "", **others}


class Forks:
    """A process that forks workers, see ``worker.Forks``."""

    def __init__(self, name, log):
        self.name = name
        with log.open("a") as sink:
            self.process = subprocess.Popen(
                command("fork", name),
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sink,
                text=True,
            )
        assert self.hear() == "ready"

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def start(self, *workers):
        """Start workers with these options: their process ids."""
        self.process.stdin.write(json.dumps(workers) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def wait(self):
        """Until the workers have ended and nothing of them is left."""
        statuses = self.hear()
        wait_for_backends(self.name)
        return statuses

    def run(self, *workers):
        """Let workers do what there is to do."""
        began = time.monotonic()
        self.start(*workers)
        assert set(self.wait()) == {0}
        return time.monotonic() - began

    def end(self):
        self.process.stdin.close()
        self.process.wait(20)


def wait_for_backends(name):
    """A backend whose client is gone notices it when it has something to say."""
    wait_until(
        lambda: (
            not execute(
                "postgres",
                SQL(
                    """SELECT pid FROM pg_stat_activity WHERE datname = %s
                AND application_name LIKE 'killed-%%'""",
                    name,
                ),
            )
        ),
        "a backend lives on",
    )


def terminate_backends(name, pid):
    """End the database sessions of a process, not the process."""
    execute(
        "postgres",
        SQL(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = %s AND application_name = %s""",
            name,
            f"killed-{pid}",
        ),
    )


def count_locks(name):
    """Advisory locks that somebody holds in a database."""
    [[count]] = execute(
        "postgres",
        SQL(
            """SELECT COUNT(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND d.datname = %s""",
            name,
        ),
    )
    return count


def wait_until(condition, problem, patience=PATIENCE, pause=0.02):
    end = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < end, problem
        time.sleep(pause)
    return found


def wake(name):
    """Wake the cron workers, as a request for a run does."""
    execute("postgres", SQL("SELECT pg_notify('cron_trigger', %s)", name))


@contextlib.contextmanager
def server(name, changes, *arguments, log):
    """A server of Odoo without HTTP, on one database; ended by SIGTERM."""
    line = [
        *(
            "-d",
            name,
            "--no-http",
            "--max-cron-threads=1",
            "--db_app_name=killed-{pid}",
        ),
        *arguments,
    ]
    with log.open("a") as sink:
        process = subprocess.Popen(
            command("serve", json.dumps(changes), *line),
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,  # its workers are ended with it
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        wait_for_backends(name)


def wait_until_done(name, runs, process, log):
    """Until so many runs have ended; the workers are woken as users wake them."""
    ended = SQL("SELECT 1 FROM lifecycle_run WHERE state IN ('done', 'failed')")

    def done():
        assert process.poll() is None, f"The server ended: {log.read_text()[-3000:]}"
        wake(name)
        return len(execute(name, ended)) == runs

    wait_until(done, f"not done: {log}", pause=0.3)
