"""A run that is done once undisturbed, and then killed at moments of our choice."""

import os
import signal
import time
from pathlib import Path

from . import company, processes, state


class Scenario:
    """A run on a database: the one that news ask for, or one that reads everything.

    :param before: the State before the run
    :param after: the State after it, undisturbed
    :param steps: what the undisturbed run did: ``[(second, step)]``
    """

    def __init__(self, forks, folder, full=False, **options):
        self.forks, self.full, self.name = forks, full, forks.name
        self.log = Path(folder) / "steps"
        self.options = processes.options(self.log, **options)
        self.prepare()
        self.before = state.read_state(self.name)
        forks.run(self.options)
        self.after = state.read_state(self.name)
        steps = self.read_steps()
        self.steps = [(moment - steps[0][0], step) for moment, step in steps]

    def prepare(self):
        """To where it was before the run."""
        company.restore(self.name)
        if self.full:
            company.ask(self.name, full=True)
        self.log.unlink(missing_ok=True)

    def read_steps(self):
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        split = [line.split(" ", 1) for line in lines]
        return [(float(moment), step) for moment, step in split]

    def kill(self, share, backend=False):
        """Kill a worker when it has come so far; the step that it was at.

        The machine may be busier than it was: how far it is is told by its steps,
        the time since the last one decides where between two of them.

        :param share: of the time of the undisturbed run
        :param backend: end its database sessions instead
        """
        target = share * self.steps[-1][0]
        number = max(
            n for n, (moment, _step) in enumerate(self.steps) if moment <= target
        )
        moment, _step = self.steps[number]
        before = len(self.read_steps())
        [pid] = self.forks.start(self.options)
        processes.wait_until(
            lambda: len(self.read_steps()) > before + number, "no step", pause=0.001
        )
        time.sleep(target - moment)
        found = self.read_steps()[-1][1]
        if backend:
            processes.terminate_backends(self.name, pid)
        else:
            os.kill(pid, signal.SIGKILL)
        [status] = self.forks.wait()
        assert (status == signal.SIGKILL) != backend
        return found

    def check_between(self):
        state.check_between(state.read_state(self.name), self.before, self.after)

    def finish(self):
        """Let the run end; nothing may tell that it was disturbed."""
        self.forks.run(self.options)
        return self.check_end()

    def check_end(self):
        found = state.read_state(self.name)
        state.check_end(found, self.after)
        assert processes.count_locks(self.name) == 0
        return found
