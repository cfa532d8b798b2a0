"""Debian packages unpacked into a folder, without touching the system.

apt runs with a sources list, lists and a cache of its own, all inside the checkout.
Mirrors and keyrings are those the machine itself uses, so that it works behind a
company's mirror too.
"""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .console import Problem, run_logged, tail
from .files import write_whole
from .settings import APT, LOG

ARCHIVE_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


@dataclass(frozen=True)
class Mirror:
    uri: str
    signed_by: str


def machine_mirror(folder: Path = Path("/etc/apt")) -> Mirror:
    """The first Debian archive in the machine's own apt configuration."""
    for path in sorted(folder.glob("sources.list.d/*.sources")):
        if mirror := _from_deb822(path.read_text()):
            return mirror
    lists = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))]
    for path in lists:
        if path.is_file() and (mirror := _from_one_line(path.read_text())):
            return mirror
    raise Problem(
        "No Debian mirror in /etc/apt: Odoo 19.0 comes from Debian's package odoo-19. "
        "On another system use ODOO_HOME=/path/to/odoo (a checkout of branch 19.0), "
        "or Docker (docker/compose.yaml)."
    )


def _from_deb822(text: str) -> Mirror | None:
    for stanza in re.split(r"\n\s*\n", text):
        lines = [ln for ln in stanza.splitlines() if not ln.startswith("#")]
        # a line that starts with a blank continues the field above
        joined = re.sub(r"\n[ \t]+", " ", "\n".join(lines))
        fields = dict(re.findall(r"^([\w-]+):[ \t]*(.*)$", joined, flags=re.MULTILINE))
        fields = {name.lower(): value.strip() for name, value in fields.items()}
        if fields.get("enabled", "yes").lower() == "no":
            continue
        suites = fields.get("suites", "").split()
        if "deb" in fields.get("types", "").split() and _is_debian(
            fields.get("uris", ""), suites, fields.get("components", "").split()
        ):
            key = fields.get("signed-by", "")
            return Mirror(
                fields["uris"].split()[0],
                key if key.startswith("/") else _default_keyring(),
            )
    return None


def _from_one_line(text: str) -> Mirror | None:
    pattern = re.compile(r"^\s*deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<rest>\S.*)$")
    for line in text.splitlines():
        if not (match := pattern.match(line.split("#")[0])):
            continue
        uri, suite, *components = match["rest"].split()
        if not _is_debian(uri, [suite], components):
            continue
        options = dict(
            option.split("=", 1)
            for option in (match["options"] or "").split()
            if "=" in option
        )
        return Mirror(uri, options.get("signed-by", "") or _default_keyring())
    return None


def _is_debian(uris: str, suites: list[str], components: list[str]) -> bool:
    """Whether this is the main archive: not security, not another distribution."""
    path = uris.split()[0].rstrip("/") if uris.split() else ""
    return (
        bool(re.search(r"/debian$", path) or re.match(r"mirror\+|file:", path))
        and "main" in components
        and not any("security" in suite or "/" in suite for suite in suites)
    )


def _default_keyring() -> str:
    if not Path(ARCHIVE_KEYRING).is_file():
        raise Problem(
            f"{ARCHIVE_KEYRING} is missing, so nothing from the Debian archive can be "
            "verified. Mend: apt-get install debian-archive-keyring"
        )
    return ARCHIVE_KEYRING


def require_tools() -> None:
    missing = [n for n in ("apt-get", "apt-cache", "dpkg") if not shutil.which(n)]
    if missing:
        raise Problem(
            f"{', '.join(missing)} not found: this is no Debian system. Use "
            "ODOO_HOME=/path/to/odoo (a checkout of branch 19.0), or Docker "
            "(docker/compose.yaml)."
        )


class Apt:
    """apt with everything it reads and writes inside the checkout."""

    def __init__(self, suites: tuple[str, ...]) -> None:
        require_tools()
        mirror = machine_mirror()
        self.log = LOG / "apt.log"
        self.options = []
        for folder in ("lists/partial", "cache/archives/partial", "debs"):
            (APT / folder).mkdir(parents=True, exist_ok=True)
        sources = APT / "sources.list"
        write_whole(
            sources,
            "".join(
                f"deb [signed-by={mirror.signed_by}] {mirror.uri} {suite} main\n"
                for suite in suites
            ),
        )
        settings = {
            "Dir::Etc::sourcelist": sources,
            "Dir::Etc::sourceparts": "/dev/null",
            # a machine's pins would keep sid's packages out
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State::lists": APT / "lists",
            "Dir::Cache": APT / "cache",
            # as root apt would change to a user who may not write here
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
            "Acquire::Retries": "3",
            "Acquire::http::Timeout": "60",
        }
        for name, value in settings.items():
            self.options += ["-o", f"{name}={value}"]

    def update(self) -> None:
        start = self.log.stat().st_size if self.log.exists() else 0
        self._run(["apt-get", *self.options, "update"], "Reading the package lists")
        with self.log.open() as handle:
            handle.seek(start)
            output = handle.read()
        # apt-get update ends with status 0 even if it could fetch nothing
        if re.search(r"^(E|Err|W: Failed to fetch)", output, flags=re.MULTILINE):
            raise Problem(
                f"The Debian archive could not be read:\n{tail(self.log, 12)}\n"
                "Check the network and the mirror in /etc/apt, then repeat."
            )

    def versions(self, packages: Iterable[str]) -> dict[tuple[str, str], str]:
        """The version of each package in each suite: {(package, suite): version}."""
        result = {}
        for line in self._ask("madison", *packages).splitlines():
            name, version, origin = (part.strip() for part in line.split("|"))
            if match := re.search(r" ([\w-]+)/main ", origin):
                result.setdefault((name, match[1]), version)
        return result

    def total_size(self, packages: dict[str, str]) -> int:
        wanted = [f"{name}={version}" for name, version in packages.items()]
        output = self._ask("show", *wanted)
        return sum(map(int, re.findall(r"^Size: (\d+)$", output, re.MULTILINE)))

    def _ask(self, *arguments: str) -> str:
        return subprocess.run(
            ["apt-cache", *self.options, *arguments],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def download(self, packages: dict[str, str]) -> list[Path]:
        """Fetch {package: version}; apt verifies them and resumes what is partial."""
        wanted = [f"{name}={version}" for name, version in packages.items()]
        debs = APT / "debs"
        self._run(
            ["apt-get", *self.options, "download", *wanted],
            "The download from Debian",
            cwd=debs,
        )
        result = []
        for name, version in packages.items():
            plain = version.replace(":", "%3a")
            found = [*debs.glob(f"{name}_{plain}_*.deb")]
            if not found:
                raise Problem(f"apt did not leave {name} {version} in {debs}.")
            result.append(found[0])
        return result

    def _run(self, command: list[str], what: str, cwd: Path | None = None) -> None:
        run_logged(
            command,
            self.log,
            what=what,
            cwd=cwd,
            mend="Check the network and the disk, then repeat: what is there is kept.",
        )


def unpack(deb: Path, target: Path) -> None:
    run_logged(
        ["dpkg", "-x", deb, target],
        LOG / "apt.log",
        what=f"Unpacking {shlex.quote(deb.name)}",
        mend="If the disk is full make room, then repeat.",
    )
