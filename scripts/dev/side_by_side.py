"""Commands beside each other: two at once, the output of each line by line."""

import os
import subprocess
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from .console import say, stop

AT_ONCE = 2

_running: set[subprocess.Popen] = set()
_guard = threading.Lock()
_ending = threading.Event()


class Jobs:
    """Functions that are called in the order they were added, two at a time."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1))
        self._futures: list[Future] = []

    def __enter__(self) -> "Jobs":
        return self

    def __exit__(self, kind, *_) -> None:
        if kind:
            _ending.set()
            with _guard:
                running = list(_running)
            for process in running:
                stop(process)
        self._pool.shutdown(cancel_futures=True)

    def add(self, function: Callable, *arguments) -> None:
        self._futures.append(self._pool.submit(function, *arguments))

    def results(self) -> list:
        """Of all, in the order of adding; the first that raised raises here."""
        return [future.result() for future in self._futures]


def run(
    command: list[str | Path], env: Mapping[str, str], folder: Path, prefix: str
) -> int:
    """Run to the end; with a prefix every line of the output begins with it.

    :return: the exit status
    """
    if _ending.is_set():
        raise InterruptedError("The other tests were stopped.")
    process = subprocess.Popen(
        list(map(str, command)),
        env=env,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        **(
            {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
            if prefix
            else {}
        ),
    )
    with _guard:
        _running.add(process)
    try:
        for line in process.stdout or ():
            say(f"{prefix}{line.rstrip()}")
        return process.wait()
    except BaseException:
        stop(process)
        raise
    finally:
        with _guard:
            _running.discard(process)
