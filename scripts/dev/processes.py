"""Our background processes, told apart from a stranger that got the same id later."""

import contextlib
import os
import signal
import subprocess
import time


def identity(pid: int) -> str:
    """When the process started, or "" if there is none (or only a zombie)."""
    result = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )
    state, _, started = result.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def end(pid: int, patience: float = 15) -> None:
    """SIGTERM lets it finish what it is doing; SIGKILL is for one that hangs."""
    started = identity(pid)
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not started or identity(pid) != started:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience
        while identity(pid) == started and time.monotonic() < deadline:
            time.sleep(0.1)


def is_alive(pid: int) -> bool:
    return bool(identity(pid))
