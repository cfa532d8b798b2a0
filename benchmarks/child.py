"""Processes of our own: a fresh Odoo, with lines of JSON going to and fro."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Child:
    """``python -m benchmarks.NAME``; ends when the parent's end of its input closes."""

    def __init__(self, name, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{name}", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def say(self, word):
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hear(self):
        """The next line; what is no JSON is a message for who watches."""
        for line in self.process.stdout:
            if line.startswith(("{", "[")):
                return json.loads(line)
            print(line, end="", flush=True)
        raise SystemExit(f"{self.process.args[2]} ended without an answer.")


def run(main):
    """In the child: ``main`` with the arguments of the command line."""
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:  # the parent was interrupted too, and says so
        sys.exit(130)


def answer(value):
    """In the child: send a value to the parent."""
    print(json.dumps(value), flush=True)
