"""PostgreSQL's settings for this machine."""

from pathlib import Path


def memory_megabytes() -> int:
    """The memory we may use: the machine's, or the container's if that is less."""
    total = 4096
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemTotal:"):
            total = int(line.split()[1]) // 1024
    for path in (
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ):
        for line in _lines(path):
            if line.isdecimal():
                total = min(total, int(line) // 2**20)
    return total


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def configuration(port: int) -> str:
    memory = memory_megabytes()
    # An eighth: on a developer's machine Odoo, the browser and the editor want theirs.
    shared = max(128, min(memory // 8, 4096))
    # Per sort or hash, several per query. The nightly aggregates stay in memory.
    work = max(8, min(memory // 256, 64))
    maintenance = max(64, min(memory // 16, 1024))
    return f"""\
# Written at every start by scripts/dev/postgres_tuning.py for {memory} MB of memory.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''  # a path may have 107 characters, a checkout's has more
max_connections = 100

shared_buffers = {shared}MB
effective_cache_size = {memory // 2}MB
work_mem = {work}MB
maintenance_work_mem = {maintenance}MB

# The engine writes in bursts; with the default of 1 GB each burst forces checkpoints.
max_wal_size = 4GB
checkpoint_completion_target = 0.9
random_page_cost = 1.1  # solid state

# fsync and synchronous_commit stay on: people try `make run` with their own data, and
# benchmarks must not flatter. Throw-away databases turn the latter off (PGOPTIONS).

# Compiling plans costs more than it gains in Odoo's many short queries.
jit = off
log_min_duration_statement = 5000
"""
