"""Stamps, locks and digests: what makes every step safe to interrupt and to repeat."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from .console import Problem, say
from .settings import LOCAL, ROOT, RUN


def prepare_local() -> None:
    """Create the one folder that everything lands in."""
    if "," in str(ROOT) or ":" in str(ROOT):
        raise Problem(
            f"The folder {ROOT} has a comma or colon in its path, which Odoo and "
            "Python cannot have in theirs. Move the checkout."
        )
    try:
        RUN.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"Cannot write to {LOCAL}: {error.strerror}.") from error
    owner = LOCAL.stat().st_uid
    if owner != os.geteuid():
        raise Problem(
            f"{LOCAL} belongs to user id {owner}, and you are {os.geteuid()}. Run make "
            "as that user, or let that user run `make clean` first."
        )


def require_space(megabytes: int, what: str) -> None:
    free = shutil.disk_usage(LOCAL).free // 10**6
    if free < megabytes:
        raise Problem(
            f"{what} needs about {megabytes:,} MB and the disk of {LOCAL} has "
            f"{free:,} MB free. Make room, or move the checkout to a larger disk."
        )


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Let one make at a time do this; the system frees it even after kill -9."""
    with (RUN / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"- waiting for another make in this checkout ({name}) ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def shared_lock(name: str) -> Iterator[None]:
    with (RUN / f"{name}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


def held_by_others(name: str) -> bool:
    with (RUN / f"{name}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def digest(parts: Iterable[str | bytes | Path]) -> str:
    """A digest of texts and of the contents of files."""
    result = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes() if part.is_file() else b""
        elif isinstance(part, str):
            part = part.encode()
        result.update(hashlib.sha256(part).digest())
    return result.hexdigest()[:16]


class Stamp:
    """Remembers that a step was finished, and with which inputs."""

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self.key = key

    def is_current(self) -> bool:
        return self.path.is_file() and self.path.read_text() == self.key

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)

    def set(self) -> None:
        write_whole(self.path, self.key)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text)
    temporary.replace(path)


def read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def remove_tree(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            # two commands at once remove what is old
            shutil.rmtree(path, ignore_errors=True)
