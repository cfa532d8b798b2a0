"""A primary and a streaming replica of it, for tests: real servers, thrown away after.

Both stand beside the server of the checkout, which is not touched: a replica of that
one would copy every database in it, and stopping it would stop everybody's.
"""

import contextlib
import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import postgres, processes
from .console import Problem, run_logged
from .files import remove_tree
from .settings import LOCAL, LOG

REPLICATION_ROLE = "replicator"
SERVER_LOG = LOG / "replica.log"
_PREFIX = "replica-"  # of the folder, followed by the process that made it

# Nothing here must last: no fsync, little memory.  A query that is in the way of what
# the replica must replay is cancelled soon.
_CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
max_wal_size = 4GB
shared_buffers = 64MB
max_connections = 50
jit = off
max_standby_streaming_delay = 300ms
"""


@dataclass
class Server:
    """One server: its data folder, its port on 127.0.0.1, the password of all roles."""

    folder: Path
    port: int
    password: str

    def environment(self, user: str = postgres.ROLE) -> dict[str, str]:
        """The variables that lead Odoo, psql and pg_dump to it."""
        return {
            **os.environ,
            **postgres.environment(),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": user,
            "PGPASSWORD": self.password,
        }

    def start(self) -> None:
        (self.folder / "own.conf").write_text(f"{_CONFIGURATION}port = {self.port}\n")
        self._control("start", "-w", "-t", "60", "-l", str(SERVER_LOG))

    def stop(self, how: str = "fast") -> None:
        """:param how: fast, or immediate: as if it had been killed"""
        if (self.folder / "postmaster.pid").exists():
            self._control("stop", "-w", "-m", how)

    def _control(self, *arguments: str) -> None:
        command = [str(postgres.programs() / "pg_ctl"), "-D", str(self.folder)]
        run_logged(
            [*postgres.as_ordinary_user(), *command, *arguments],
            SERVER_LOG,
            what="pg_ctl",
        )

    def psql(self, query: str, database: str = "postgres", **variables: str) -> str:
        """Run SQL as superuser; ``:'name'`` in it are the variables, quoted."""
        command = [str(postgres.programs() / "psql"), "-X", "-A", "-t", "-q"]
        command += ["-v", "ON_ERROR_STOP=1", "-d", database]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        result = subprocess.run(
            command,
            input=query,
            capture_output=True,
            text=True,
            env=self.environment("postgres"),
            check=False,
        )
        if result.returncode:
            raise Problem(f"PostgreSQL says: {result.stderr.strip()}")
        return result.stdout.strip()

    def copy_from_own(self, database: str, name: str) -> None:
        """Copy a database of the server that the environment names into this one."""
        programs = postgres.programs()
        self.psql(
            'CREATE DATABASE :"name" OWNER :"owner" TEMPLATE template0',
            name=name,
            owner=postgres.ROLE,
        )
        dump = [programs / "pg_dump", "-Fc", "-Z0", "--no-comments", "-d", database]
        restore = [programs / "pg_restore", "--no-owner", "-e", "-d", name]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
            result = subprocess.run(
                restore, stdin=source.stdout, env=self.environment(), check=False
            )
        if source.returncode or result.returncode:
            raise Problem(f"The database {database} could not be copied.")


@contextlib.contextmanager
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary and its replica, both running and empty, removed in the end."""
    if not (postgres.programs() / "pg_basebackup").exists():
        raise Problem("The programs of the own PostgreSQL are needed: unset PGHOST.")
    LOCAL.mkdir(exist_ok=True)
    _remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=LOCAL))
    servers: list[Server] = []
    try:
        servers.append(_create_primary(folder / "primary"))
        servers.append(_create_replica(servers[0], folder / "replica"))
        yield servers[0], servers[1]
    finally:
        for server in reversed(servers):
            with contextlib.suppress(Problem):
                server.stop("immediate")
        remove_tree(folder)


def _remove_leftovers() -> None:
    """Servers whose process was killed before it could stop them."""
    for folder in LOCAL.glob(f"{_PREFIX}*-*"):
        owner = folder.name.removeprefix(_PREFIX).split("-")[0]
        if owner.isdecimal() and not processes.is_alive(int(owner)):
            for data in folder.glob("*/PG_VERSION"):
                with contextlib.suppress(Problem):
                    Server(data.parent, 0, "").stop("immediate")
            remove_tree(folder)


def _create_primary(folder: Path) -> Server:
    server = Server(folder, postgres.free_port(), secrets.token_urlsafe(12))
    password_file = folder.with_suffix(".password")
    password_file.touch(mode=0o600)
    password_file.write_text(server.password)
    initdb = [postgres.programs() / "initdb", "-D", folder, "-U", "postgres"]
    initdb += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"]
    initdb += ["--encoding=UTF8", "--locale=C.UTF-8"]
    run_logged([*postgres.as_ordinary_user(), *initdb], SERVER_LOG, what="initdb")
    password_file.unlink()
    with (folder / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude = 'own.conf'\n")
    # initdb's pg_hba.conf lets replication connections in from 127.0.0.1 already
    server.start()
    server.psql(
        """CREATE ROLE :"owner" LOGIN CREATEDB PASSWORD :'password';
        CREATE ROLE :"replication" LOGIN REPLICATION PASSWORD :'password';""",
        owner=postgres.ROLE,
        replication=REPLICATION_ROLE,
        password=server.password,
    )
    return server


def _create_replica(primary: Server, folder: Path) -> Server:
    """Copy the primary, and follow it from then on."""
    replica = Server(folder, postgres.free_port(), primary.password)
    run_logged(
        [
            *postgres.as_ordinary_user(),
            postgres.programs() / "pg_basebackup",
            # -R: a standby that knows its primary
            *("-D", folder, "-R", "-X", "stream", "-c", "fast", "--no-sync"),
        ],
        SERVER_LOG,
        what="pg_basebackup",
        env=primary.environment(REPLICATION_ROLE),
    )
    replica.start()
    return replica
