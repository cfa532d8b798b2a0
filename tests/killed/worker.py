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
* ``soft``, ``hard``: limits of memory, in bytes beyond what a worker begins with
* ``again``: seconds after which a run that stopped is looked at again
* ``plays``: the steps of plays are logged, too
* ``call``: what a forked worker does instead of the scheduled actions: see CALLS
"""

import functools
import json
import os
import sys
import time
from datetime import date, timedelta
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
    if "again" in options:
        lifecycle_run_work._CALL_AGAIN = timedelta(seconds=options["again"])
    if options.get("day"):
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
    if options.get("plays"):
        from tests.killed import plays

        plays.prepare(log)
    log("begin")


def _log(path, line):
    if path:
        with open(path, "a") as file:
            file.write(f"{time.time():.4f} {line}\n")


def _misbehave_once(options):
    if "once" not in options or Path(options["once"]).exists():
        return
    Path(options["once"]).touch()
    if options["how"] == "hang":
        time.sleep(600)
    leak = []
    while True:
        leak.append(bytearray(50_000_000))


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


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
        import pandas  # noqa: F401 so that the moments of a run are not those of imports

        odoo.sql_db.close_all()
        say("ready")
        for line in sys.stdin:
            pids = [self.fork(options) for options in json.loads(line)]
            say(pids)
            say([os.waitpid(pid, 0)[1] for pid in pids])

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
            CALLS[options["call"]](api.Environment(cr, SUPERUSER_ID, {}))


def recompute(env):
    """What the scheduled action calls, past the lock of scheduled actions."""
    env["lifecycle.run"]._cron_recompute()


def listen(env):
    """An automation that sends a message for each transition."""
    module = env["ir.module.module"].search([("name", "=", "base_automation")])
    module.button_immediate_install()
    env.transaction.reset()
    model = env["ir.model"]._get("lifecycle.transition")
    automation = env["base.automation"].create(
        {"name": "Listener", "model_id": model.id, "trigger": "on_create"}
    )
    action = {
        "name": "One message",
        "model_id": model.id,
        "state": "code",
        "usage": "base_automation",
        "base_automation_id": automation.id,
        "code": "env['mail.mail'].create({'subject': f'Move {record.id}'})",
    }
    env["ir.actions.server"].create(action)
    env.cr.commit()


def hire(env):
    """The users of the benchmark."""
    from benchmarks import session

    session.create_users(env)
    env.cr.commit()


def look(env):
    """Whether the profiles are as they should be."""
    from odoo.tools import SQL

    from odoo.addons.lifecycle_crm.models.lifecycle_profile import STAGING_TABLE

    env["lifecycle.engine"]._stage_company(env.company)
    query = """SELECT COUNT(*)
        FROM lifecycle_profile p FULL JOIN %s s USING (partner_id)
        WHERE to_jsonb(p) - %s IS DISTINCT FROM to_jsonb(s) - %s"""
    given = ["id", "stage_date"]
    staging = SQL.identifier(STAGING_TABLE)
    [[wrong]] = env.execute_query(SQL(query, staging, given, given))
    assert not wrong, f"{wrong} profiles are not as they should be"


def make_play(env):
    from tests.killed import plays

    plays.make(env)
    env.cr.commit()


def send_mails(env):
    """What Odoo's scheduled action does, until the queue is empty."""
    mails = env["mail.mail"]
    while mails.search_count([("state", "=", "outgoing")], limit=1):
        mails.process_email_queue()
        env.cr.commit()


CALLS = {
    "recompute": recompute,
    "listen": listen,
    "hire": hire,
    "look": look,
    "make_play": make_play,
    "send_mails": send_mails,
}


def serve(options, *arguments):
    """Become a server."""
    import psutil

    from odoo.cli import server
    from odoo.service import server as service
    from odoo.service.server import WorkerCron
    from odoo.tools import config

    options = json.loads(options)
    sys.argv = ["odoo", *arguments]
    real_start = WorkerCron.start

    def start(worker):
        real_start(worker)
        begins_with = service.memory_info(psutil.Process())
        for kind in {"soft", "hard"} & options.keys():
            limit = begins_with + options[kind]
            config._runtime_options[f"limit_memory_{kind}"] = limit

    WorkerCron.start = start
    load_server_wide_modules = service.load_server_wide_modules

    def load():
        load_server_wide_modules()
        prepare(options)

    service.load_server_wide_modules = load
    server.main(list(arguments))


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    {"fork": Forks, "serve": serve}[command](*rest)
