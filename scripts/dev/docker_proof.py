"""make docker: build the image and start its services, without Docker or a registry.

The base is Debian with its package of Odoo in place of the official image; the same
Dockerfile is built on it by buildah, and what compose.yaml starts is started:
PostgreSQL with a replica, the installation, Odoo with and without workers, the proxy, a
backup and its restoration. Needs root, buildah and debootstrap.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from . import python_env, setup
from .apt import machine_mirror
from .console import Problem, is_root, run_logged, say, step, stop, tail
from .files import Stamp, digest, prepare_local, remove_tree
from .python_env import PYTHON
from .server import _require_free as require_free
from .settings import LOCAL, LOG, ROOT

DOCKER = ROOT / "docker"
FOLDER = LOCAL / "docker"
LINTERS = LOCAL / "docker-linters"
LINTER_PINS = DOCKER / "linters.txt"
BASE, IMAGE = "lifecycle-base", "lifecycle"
# Odoo is in sid alone; the rest is of a release that the pinned libraries know
SUITE, ODOOS_SUITE = "trixie", "sid"
PACKAGES = (
    *("ca-certificates", "curl", "python3-pip", "fontconfig"),
    *("postgresql", "postgresql-client", "nginx-light", "odoo-19"),
)
LOG_FILE = LOG / "docker.log"
PORTS = (5532, 5533, 8069, 8072, 8080)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
POSTGRES_PATH = 'PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"'
PASSWORD = "/run/postgres_password"


def run() -> int:
    """make docker"""
    _require_tools()
    prepare_local()
    setup.parts()
    _lint()
    for port in PORTS:
        require_free(port)
    FOLDER.mkdir(exist_ok=True)
    _build_base()
    with step("the image, by docker/Dockerfile"):
        _buildah(
            *("build", "--isolation=chroot", "--pull-never"),
            *("--format=docker", "--layers"),
            *("--build-arg", f"BASE=localhost/{BASE}", "--tag", IMAGE),
            *("--file", DOCKER / "Dockerfile", ROOT),
        )
    with _containers() as services:
        services.prove()
    say("The image, its services, a backup and its restoration: all is well.")
    return 0


def _require_tools() -> None:
    tools = ("buildah", "debootstrap")
    if missing := [name for name in tools if not shutil.which(name)]:
        raise Problem(
            f"Install {', '.join(missing)}: apt-get install buildah debootstrap"
        )
    if not is_root():
        raise Problem("Only root can unpack a system with its owners: run it as root.")


def _lint() -> None:
    python_env.ensure_folder(LINTERS, LINTER_PINS, "hadolint and check-jsonschema")
    env = {**os.environ, "PYTHONPATH": str(LINTERS)}
    checks = {
        "hadolint": [LINTERS / "bin" / "hadolint", DOCKER / "Dockerfile"],
        "compose.yaml": [
            *(PYTHON, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", DOCKER / "compose.yaml"),
        ],
        "the shell scripts": ["sh", "-n", *sorted(DOCKER.glob("*.sh"))],
    }
    for what, command in checks.items():
        with step(f"lint: {what}"):
            run_logged(command, LOG_FILE, what=what, env=env)


def _build_base() -> None:
    """Debian with Odoo, kept until the packages change."""
    stamp = Stamp(FOLDER / ".base", digest([SUITE, ODOOS_SUITE, *PACKAGES]))
    if stamp.is_current() and _buildah("images", "--quiet", BASE, check=False):
        return
    root = FOLDER / "base"
    remove_tree(root)
    with step(f"Debian {SUITE} with Odoo in place of the official image"):
        mirror = machine_mirror()
        run_logged(
            ["debootstrap", "--variant=minbase", SUITE, root, mirror.uri],
            LOG_FILE,
            what="debootstrap",
        )
        container = _buildah("from", "scratch")
        _buildah("add", "--quiet", container, root, "/")
        remove_tree(root)
        # a mirror of the past is as good, as everywhere here; nothing is started
        install = f"""echo 'exit 101' > /usr/sbin/policy-rc.d
        chmod +x /usr/sbin/policy-rc.d
        echo 'deb {mirror.uri} {ODOOS_SUITE} main' > /etc/apt/sources.list.d/odoo.list
        printf 'Package: *\\nPin: release n={ODOOS_SUITE}\\nPin-Priority: 50\\n' \
            > /etc/apt/preferences.d/odoo
        apt-get -o Acquire::Check-Valid-Until=false update
        apt-get install -y --no-install-recommends {" ".join(PACKAGES)}
        apt-get clean"""
        _buildah(
            *("run", "--isolation=chroot", "--env=DEBIAN_FRONTEND=noninteractive"),
            *(container, "--", "sh", "-ec", install),
        )
        # whom this machine trusts: pip may speak to a company's mirror
        if CERTIFICATES.is_file():
            _buildah("copy", "--quiet", container, CERTIFICATES, CERTIFICATES)
        _buildah("commit", "--quiet", "--rm", container, BASE)
    stamp.set()


def _buildah(*arguments: str | Path, check: bool = True) -> str:
    """Run buildah; its output. Its storage is ours, so that `make clean` removes it."""
    result = subprocess.run(
        list(map(str, ["buildah", *arguments])),
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    with LOG_FILE.open("a") as log:
        log.write(f"\n$ buildah {' '.join(map(str, arguments))}\n")
        log.write(result.stdout + result.stderr)
    if check and result.returncode:
        raise Problem(
            f"buildah {arguments[0]} failed. The end of {LOG_FILE}:\n{tail(LOG_FILE)}"
        )
    return result.stdout.strip()


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "STORAGE_DRIVER": "vfs",
        "BUILDAH_ISOLATION": "chroot",
        "CONTAINERS_STORAGE_CONF": str(_storage()),
    }


def _storage() -> Path:
    path = FOLDER / "storage.conf"
    if not path.exists():
        path.write_text(
            f'[storage]\ndriver = "vfs"\nrunroot = "{FOLDER}/run"\n'
            f'graphroot = "{FOLDER}/storage"\n'
        )
    return path


class Services:
    """What compose.yaml starts, each as it says there, on this machine's network."""

    def __init__(self, container: str) -> None:
        self.container = container
        self.running: list[subprocess.Popen] = []
        config = json.loads(_buildah("inspect", "--type", "image", IMAGE))
        self.health = config["Docker"]["config"]["Healthcheck"]["Test"]
        self.environment = {
            "PGHOST": "127.0.0.1",
            "PGPORT": "5532",
            "PGUSER": "odoo",
            "PGPASSWORD_FILE": PASSWORD,
            "DATABASE": "lifecycle",
            "ODOO_WORKERS": "0",
            "ODOO_PROXY_MODE": "False",
        }

    def prove(self) -> None:
        self._database()
        with step("install: the addons"):
            self._run("install")
        with step("install again: nothing to do"):
            if "are installed" not in self._run("install"):
                raise Problem("The addons were installed a second time.")
        with step("odoo: the healthcheck of the image, the login page"):
            odoo = self._start("odoo", "odoo")
            self._until_healthy(odoo)
            self._page("http://127.0.0.1:8069/web/login", "Odoo")
            self.end(odoo)
        self._large()
        with step("backup, and its restoration into another database"):
            folder = self._run("backup.sh").splitlines()[-1]
            self._run("restore.sh", folder, "restored")
            if self._sql("restored", "SELECT COUNT(*) FROM lifecycle_stage") == "0":
                raise Problem("The restored database has no stages.")
            crons = "SELECT COUNT(*) FROM ir_cron WHERE active"
            if int(self._sql("restored", crons)) > 1:
                raise Problem("The restored database is not neutralized.")

    def _large(self) -> None:
        with step("replica: docker/replica.sh"):
            replica = self._start(
                *("replica", "sh", "-ec"),
                f"{POSTGRES_PATH} exec /docker/replica.sh",
                user="postgres",
                POSTGRES_PASSWORD_FILE=PASSWORD,
                PGDATA="/var/lib/postgresql/replica",
                PRIMARY="127.0.0.1",
                PRIMARY_PORT="5532",
                PGPORT="5533",
            )
            self._until(
                replica, lambda: self._sql("lifecycle", "SELECT 1", 5533) == "1"
            )
            if self._sql("lifecycle", "SELECT pg_is_in_recovery()", 5533) != "t":
                raise Problem("The replica is none.")
        with step("odoo-workers and proxy: docker/nginx.conf"):
            odoo = self._start(
                *("odoo-workers", "odoo"),
                ODOO_WORKERS="2",
                ODOO_PROXY_MODE="True",
                PGHOST_REPLICA="127.0.0.1",
                PGPORT_REPLICA="5533",
            )
            self._until_healthy(odoo)
            proxy = self._start(
                *("proxy", "nginx", "-c", "/docker/nginx.conf", "-g", "daemon off;")
            )
            self._until(proxy, lambda: self._page("http://127.0.0.1:8080/web/login"))
            if self._page("http://127.0.0.1:8080/web/database/manager"):
                raise Problem("The proxy lets through what it must not.")
            for process in (proxy, odoo, replica):
                self.end(process)

    def _database(self) -> None:
        with step("db: PostgreSQL with docker/replication.sh"):
            data = "PGDATA=/var/lib/postgresql/data"
            self._run(
                *("sh", "-ec"),
                f"""export {data} PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"
                initdb --username=odoo --pwfile={PASSWORD} --auth=scram-sha-256 \
                    --auth-local=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
                echo "host all all all scram-sha-256" >> $PGDATA/pg_hba.conf
                pg_ctl --wait --options="-c listen_addresses='' -p 5532 -k /tmp" start
                POSTGRES_USER=odoo POSTGRES_PASSWORD_FILE={PASSWORD} PGHOST=/tmp \
                    PGPORT=5532 /docker/replication.sh
                pg_ctl --wait stop""",
                user="postgres",
                PGPASSWORD_FILE="",
            )
            database = self._start(
                *("db", "sh", "-ec"),
                'exec "$(echo /usr/lib/postgresql/*/bin)/postgres" '
                "-D /var/lib/postgresql/data -p 5532 -k /tmp",
                user="postgres",
                PGPASSWORD_FILE="",
            )
            self._until(database, lambda: self._sql("postgres", "SELECT 1") == "1")

    def _command(
        self, *command: str, user: str = "odoo", **environment: str
    ) -> list[str]:
        values = {**self.environment, **environment}
        options = [f"--env={name}={value}" for name, value in values.items()]
        return [
            *("buildah", "run", "--isolation=chroot", f"--user={user}", *options),
            *(self.container, "--", "entrypoint.sh", *command),
        ]

    def _run(self, *command: str, **options: str) -> str:
        """Run it to the end as the container's process; its output."""
        result = subprocess.run(
            self._command(*command, **options),
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        with LOG_FILE.open("a") as log:
            log.write(result.stdout)
        if result.returncode:
            raise Problem(f"{command[0]} failed:\n{result.stdout[-3000:]}")
        return result.stdout.strip()

    def _start(self, name: str, *command: str, **options: str) -> subprocess.Popen:
        with (LOG / f"docker-{name}.log").open("w") as log:
            process = subprocess.Popen(
                self._command(*command, **options),
                env=_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process.name = name
        self.running.append(process)
        return process

    def _until_healthy(self, process: subprocess.Popen) -> None:
        """By the healthcheck of the image, run in the container."""
        test = (
            self.health[1:]
            if self.health[0] == "CMD"
            else ["sh", "-c", *self.health[1:]]
        )
        self._until(process, lambda: self._ok(*test))

    def _until(self, process: subprocess.Popen, check) -> None:
        for _ in range(120):
            if process.poll() is not None:
                break
            if check():
                return
            time.sleep(1)
        log = LOG / f"docker-{process.name}.log"
        raise Problem(f"{process.name} did not come up:\n{tail(log)}")

    def _ok(self, *command: str) -> bool:
        try:
            self._run(*command)
        except Problem:
            return False
        return True

    def _page(self, address: str, text: str = "") -> bool:
        answer = subprocess.run(
            ["curl", "-fsS", address], capture_output=True, text=True, check=False
        )
        if text and text not in answer.stdout:
            raise Problem(f"{address} does not say {text!r}: {answer.stdout[:300]}")
        return answer.returncode == 0

    def _sql(self, database: str, query: str, port: int = 5532) -> str:
        try:
            return self._run(
                *("psql", "--no-align", "--tuples-only", f"--dbname={database}"),
                f"--command={query}",
                PGPORT=str(port),
            )
        except Problem:
            return ""

    @staticmethod
    def end(process: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        stop(process)


@contextlib.contextmanager
def _containers() -> Iterator[Services]:
    container = _buildah("from", "--pull-never", f"localhost/{IMAGE}")
    root = Path(_buildah("mount", container))
    services = None
    try:
        secret = root / PASSWORD.lstrip("/")
        secret.write_text(secrets.token_hex(16))
        secret.chmod(0o644)
        shutil.copytree(DOCKER, root / "docker", dirs_exist_ok=True)
        # the names of compose's network
        conf = root / "docker" / "nginx.conf"
        conf.write_text(conf.read_text().replace("odoo-workers", "127.0.0.1"))
        services = Services(container)
        yield services
    finally:
        for process in reversed(services.running if services else []):
            services.end(process)
        _buildah("umount", container, check=False)
        _buildah("rm", container, check=False)
