"""``python -m scripts.dev COMMAND``: what each target of the Makefile calls."""

import importlib
import sys

from .console import Problem, end_on_sigterm

# command: (module, function); modules are imported when needed, and say what they do
COMMANDS = {
    "run": ("server", "run"),
    "stop": ("server", "stop"),
    "test": ("testing", "everything"),
    "test-fast": ("testing", "some"),
    "core-tests": ("core_tests", "run"),
    "bridges": ("bridges", "run"),
    "lint": ("lint", "run"),
    "format": ("lint", "fix"),
    "db": ("commands", "db"),
    "shell": ("commands", "shell"),
    "import": ("commands", "import_purchases"),
    "score": ("commands", "score"),
    "bench": ("commands", "bench"),
    "quality": ("quality", "run"),
    "translations": ("translations", "run"),
    "screenshots": ("screens", "run"),
    "docker": ("docker_proof", "run"),
    "setup": ("commands", "setup_only"),
    "clean": ("commands", "clean"),
}


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: python -m scripts.dev {{{','.join(COMMANDS)}}}", file=sys.stderr)
        return 2
    module, function = COMMANDS[sys.argv[1]]
    end_on_sigterm()
    try:
        result = getattr(importlib.import_module(f".{module}", __package__), function)()
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Repeat the command to go on from here.", file=sys.stderr)
        return 130
    return result or 0


if __name__ == "__main__":
    sys.exit(main())
