"""What the commands say: one line per step, and one clear message when one fails."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

START = time.monotonic()


class Problem(Exception):
    """Something the caller can mend; the message says what and how."""


def say(text: str = "") -> None:
    print(text, flush=True)


def duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


def size(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"


class Step:
    """The line of one step; ``progress`` rewrites its end on a terminal."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = time.monotonic()
        self.note = ""
        self.drawn = 0
        print(f"- {text} ... ", end="", flush=True)

    def progress(self, text: str) -> None:
        if sys.stdout.isatty():
            self._erase()
            print(text, end="", flush=True)
            self.drawn = len(text)

    def finish(self) -> None:
        self._erase()
        note = f"{self.note}, " if self.note else ""
        say(f"{note}{duration(time.monotonic() - self.start)}")

    def fail(self) -> None:
        self._erase()
        say("stopped.")

    def _erase(self) -> None:
        if self.drawn:
            print("\b \b" * self.drawn, end="", flush=True)
            self.drawn = 0


@contextlib.contextmanager
def step(text: str) -> Iterator[Step]:
    line = Step(text)
    try:
        yield line
    except BaseException:
        line.fail()
        raise
    line.finish()


def tail(path: Path, count: int = 25) -> str:
    lines = path.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"  | {line[:300]}" for line in lines)


def run_logged(
    command: Sequence[str | Path],
    log: Path,
    *,
    what: str,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    on_line: Callable[[str], None] | None = None,
    mend: str = "",
    accept: Sequence[int] = (0,),
    script: Path | None = None,
) -> None:
    """Run a command with its output in a log; raise a Problem that shows its end.

    :param script: a file that is its standard input
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("a", encoding="utf-8") as sink,
        open(script or os.devnull, "rb") as source,
    ):
        sink.write(f"\n$ {' '.join(map(str, command))}\n")
        sink.flush()
        with subprocess.Popen(
            [str(part) for part in command],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=env,
            cwd=cwd,
        ) as process:
            try:
                for line in process.stdout:
                    sink.write(line)
                    if on_line:
                        on_line(line)
            except BaseException:
                stop(process)
                raise
    if process.returncode not in accept:
        raise Problem(
            f"{what} failed (exit status {process.returncode}). The last lines of "
            f"{log}:\n{tail(log)}" + (f"\n{mend}" if mend else "")
        )


def stop(process: subprocess.Popen) -> None:
    """End a child politely, and for sure."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def end_on_sigterm() -> None:
    """Let SIGTERM and SIGHUP unwind the stack, so that what was begun is undone."""

    def leave(number, _frame):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    with contextlib.suppress(OSError):
        signal.signal(signal.SIGHUP, leave)


def is_root() -> bool:
    return os.geteuid() == 0
