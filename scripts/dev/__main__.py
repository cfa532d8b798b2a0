"""``python -m scripts.dev COMMAND``: what each target of the Makefile calls."""

import importlib
import sys

from .console import Problem, end_on_sigterm

# command: (module, function); modules are imported when needed, and say what they do
COMMANDS = {
    "db": ("commands", "db"),
    "setup": ("commands", "setup_only"),
    "shell": ("commands", "shell"),
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
