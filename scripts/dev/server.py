"""make run and make stop: Odoo in the background, with its database."""

import contextlib
import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from . import addons, data, databases, postgres, processes
from .console import Problem, duration, say, step, tail
from .console import stop as stop_process
from .files import lock, prepare_local, read_json, write_whole
from .odoo import Odoo
from .settings import LOG, ROOT, RUN, data_set, database, modules, port
from .setup import everything

STATE = RUN / "server.json"
ANSWERS_WITHIN = 180  # seconds; the first start compiles the web client's assets


def run() -> None:
    """make run [PORT=8069] [DB=lifecycle] [DATA=cdnow]"""
    start = time.monotonic()
    wanted_port, what = port(), data_set()
    name = database("lifecycle" if what == "demo" else what)
    prepare_local()
    with lock("server"):
        if _already_serves(name, wanted_port):
            return
        _require_free(wanted_port)
        with everything() as odoo:
            _prepare_database(odoo, name, what)
            log = _start(odoo, name, wanted_port)
    say()
    say(f"  Odoo:      http://localhost:{wanted_port}  (user admin, password admin)")
    say(f"  customers: http://localhost:{wanted_port}/odoo/lifecycle-customers")
    say(f"  database:  {name}  (make shell DB={name})")
    say(f"  log:       {os.path.relpath(log, ROOT)}")
    say(f"  ready in:  {duration(time.monotonic() - start)}  (make stop ends it)")


def stop() -> None:
    """make stop"""
    if not RUN.exists():
        say("Nothing runs here.")
        return
    prepare_local()
    with lock("server"):
        if not _stop_server():
            say("Odoo is not running.")
    postgres.stop_if_unused()


def running() -> dict:
    """The server of this checkout: pid, port, database; {} if there is none."""
    state = read_json(STATE)
    if state and processes.identity(state["pid"]) == state["started"]:
        return state
    return {}


def _already_serves(name: str, wanted_port: int) -> bool:
    """Say so and change nothing if it runs as wanted; stop it if not as wanted."""
    state = running()
    if not state:
        return False
    ours, _theirs = addons.with_dependencies(modules())
    if (state["database"], state["port"]) != (name, wanted_port):
        say("Odoo runs with another database or port; restarting.")
    elif state["sources"] != addons.source_digests(ours):
        say("Odoo runs, but the addons have changed since; restarting.")
    elif _status(f"http://127.0.0.1:{wanted_port}/web/health") != 200:
        say("Odoo runs but does not answer; restarting.")
    else:
        say(f"Odoo runs already: http://localhost:{wanted_port}  (admin / admin)")
        return True
    if state["port"] != wanted_port:
        _require_free(wanted_port)
    _stop_server()
    return False


def _require_free(number: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except PermissionError as error:
            raise Problem(
                f"Port {number} is for root only. Take one above 1023: PORT=8069"
            ) from error
        except OSError as error:
            raise Problem(
                f"Port {number} is taken by another program. Take another one: "
                f"make run PORT={number + 1}"
            ) from error


def _prepare_database(odoo: Odoo, name: str, what: str) -> None:
    if not databases.exists(name):
        hook = data.loader(odoo, what)
        names = modules()
        databases.build(odoo, name, names, demo=what == "demo", then=hook)
    elif not databases.built_from(name):
        raise Problem(
            f"The database {name} was not built by make. Take another one (DB=other), "
            f"or replace it: make db DB={name}"
        )
    else:
        databases.update(odoo, name, modules())


def _start(odoo: Odoo, name: str, number: int) -> Path:
    log = LOG / "odoo.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = odoo.command(
        *("-d", name, f"--db-filter=^{re.escape(name)}$"),
        # one process: without a reverse proxy nothing would route the websockets
        *("--workers=0", f"--http-port={number}", "--http-interface=127.0.0.1"),
    )
    environment = {**odoo.environment(), "ODOO_PROXY_MODE": "False"}
    with step(f"Odoo: starting on port {number}") as line, log.open("w") as sink:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            start_new_session=True,  # Ctrl-C in this terminal is not for the server
        )
        try:
            ours, _theirs = addons.with_dependencies(modules())
            state = {
                "pid": process.pid,
                "started": processes.identity(process.pid),
                "port": number,
                "database": name,
                "sources": addons.source_digests(ours),
            }
            write_whole(STATE, json.dumps(state))
            _wait(process, number, log)
        except BaseException:
            processes.end(process.pid)
            STATE.unlink(missing_ok=True)
            raise
        line.note = "login page and assets answer"
    return log


@contextlib.contextmanager
def temporary(odoo: Odoo, name: str) -> Iterator[str]:
    """A server on a database for the duration of a command; yields its address."""
    number = postgres.free_port()
    log = LOG / f"odoo-{name}.log"
    command = odoo.command(
        *("-d", name, f"--db-filter=^{re.escape(name)}$", "--workers=0"),
        *(f"--http-port={number}", "--http-interface=127.0.0.1"),
    )
    environment = {**odoo.environment(), "ODOO_PROXY_MODE": "False"}
    with log.open("w") as sink:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
        )
        try:
            with step("Odoo: starting"):
                _wait(process, number, log)
            yield f"http://127.0.0.1:{number}"
        finally:
            stop_process(process)


def _wait(process: subprocess.Popen, number: int, log: Path) -> None:
    """Until the login page and the assets it links to answer."""
    base = f"http://127.0.0.1:{number}"
    end = time.monotonic() + ANSWERS_WITHIN
    while _status(f"{base}/web/login") != 200:
        if process.poll() is not None:
            raise Problem(f"Odoo ended at its start. The end of {log}:\n{tail(log)}")
        if time.monotonic() > end:
            raise Problem(f"Odoo does not answer. The end of {log}:\n{tail(log)}")
        time.sleep(0.3)
    for link in _asset_links(base):
        if (status := _status(base + link, timeout=120)) != 200:
            raise Problem(f"{link} answers {status}. The end of {log}:\n{tail(log)}")


def _asset_links(base: str) -> list[str]:
    """Assets of the login page and of the web client behind it.

    Asked for here, they are compiled here and not at somebody's first visit.
    """
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    login = opener.open(f"{base}/web/login", timeout=60).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', login)
    form = {"login": "admin", "password": "admin", "csrf_token": token and token[1]}
    # with another password this is the login page again
    answer = opener.open(
        f"{base}/web/login", urllib.parse.urlencode(form).encode(), timeout=60
    )
    return re.findall(r'"(/web/assets/[^"]+)"', login + answer.read().decode())


def _status(url: str, timeout: float = 30) -> int:
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _stop_server() -> bool:
    state = running()
    if not state:
        STATE.unlink(missing_ok=True)
        return False
    with step("Odoo: stopping"):
        processes.end(state["pid"])
    STATE.unlink(missing_ok=True)
    return True
