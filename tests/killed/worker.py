"""A server of Odoo as it is, but for its date, its haste and a log of what it does.

    python -m tests.killed.worker fork DATABASE      forks workers, see Forks
    python -m tests.killed.worker serve OPTIONS ...  ``odoo`` with these arguments

OPTIONS are JSON:

* ``day``: the date that it is for the engine
* ``batch``, ``loud``: customers between two commits
* ``log``: file for a line at each step of a run
* ``sleep``: seconds that each batch takes longer
* ``once``: file; as long as it is not there, the first batch makes it and then never
  ends (``hang``) or needs more and more memory (``leak``)
* ``margin``: bytes beyond what a worker has at its start, for limit_memory_soft
"""

import functools
import json
import os
import sys
import time
from datetime import date
from pathlib import Path


def prepare(options):
    """Make this process differ in what the options say."""
    from odoo.addons.lifecycle_crm.models import (
        lifecycle_run_work,
        lifecycle_store,
        lifecycle_store_transitions,
        res_company,
    )

    lifecycle_store._BATCH = options.get("batch", lifecycle_store._BATCH)
    loud = options.get("loud", lifecycle_store.LOUD_BATCH)
    lifecycle_store.LOUD_BATCH = lifecycle_store_transitions.LOUD_BATCH = loud
    if "day" in options:
        day = date.fromisoformat(options["day"])
        res_company.ResCompany._get_lifecycle_today = lambda _company: day
    runs = lifecycle_run_work.LifecycleRun
    if not hasattr(runs, "_real_work"):
        runs._real_work = runs._work
    log = functools.partial(_log, options.get("log"))

    def work(run, function, done, total):
        def logged():
            log(f"batch {done} {total}" if total else "read")
            result = function()
            if total:
                time.sleep(options.get("sleep", 0))
                _misbehave_once(options)
            log("commit")
            return result

        result = run._real_work(logged, done, total)
        log("between")
        return result

    runs._work = work
    log("begin")


def _log(path, line):
    if path:
        with open(path, "a") as file:
            file.write(f"{line}\n")


def _misbehave_once(options):
    if "once" not in options or Path(options["once"]).exists():
        return
    Path(options["once"]).touch()
    if options["how"] == "hang":
        time.sleep(600)
    leak = []
    while True:
        leak.append(bytearray(50_000_000))


class Forks:
    """Forks workers of a database, as a prefork server does.

    A line of JSON on the input, a list of options, starts a worker for each.  The
    answers are a line with their process ids, and one with their exit statuses.
    """

    def __init__(self, name):
        import odoo.modules.registry
        import odoo.sql_db
        import odoo.tools.config

        odoo.tools.config.parse_config(["-d", name, "--db_app_name=killed-{pid}"])
        self.name = name
        odoo.modules.registry.Registry(name)
        odoo.sql_db.close_all()
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            pids = [self.fork(options) for options in json.loads(line)]
            print(json.dumps(pids), flush=True)
            print(json.dumps([os.waitpid(pid, 0)[1] for pid in pids]), flush=True)

    def fork(self, options):
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            prepare(options)
            self.work(options)
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status)

    def work(self, options):
        from odoo import SUPERUSER_ID, api
        from odoo.modules.registry import Registry

        from odoo.addons.base.models.ir_cron import IrCron

        if not options.get("call"):
            IrCron._process_jobs(self.name)  # what a cron worker does
            return
        with Registry(self.name).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lifecycle.run"]._cron_recompute()


def serve(options, *arguments):
    """Become a server."""
    from odoo.cli import server
    from odoo.service.server import WorkerCron, load_server_wide_modules, memory_info

    options = json.loads(options)
    sys.argv = ["odoo", *arguments]

    real_start = WorkerCron.start

    def start(worker):
        import psutil

        from odoo.tools import config

        real_start(worker)
        if "margin" in options:
            has = memory_info(psutil.Process())
            config._runtime_options["limit_memory_soft"] = has + options["margin"]

    WorkerCron.start = start
    import odoo.service.server as service

    def load():
        load_server_wide_modules()
        prepare(options)

    service.load_server_wide_modules = load
    server.main(list(arguments))


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    {"fork": Forks, "serve": serve}[command](*rest)
