"""A pytest plugin: writes what became of every test to the file in RECORD_RESULTS."""

import json
import os
from pathlib import Path

WORST_FIRST = ("failed", "skipped", "passed")


class Recorder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.outcomes: dict[str, str] = {}

    def note(self, name: str, outcome: str) -> None:
        # set-up, call, tear-down and every sub-test report by themselves
        before = self.outcomes.get(name, "passed")
        self.outcomes[name] = min(before, outcome, key=WORST_FIRST.index)

    def pytest_runtest_logreport(self, report):
        self.note(report.nodeid, report.outcome)

    def pytest_collectreport(self, report):
        if report.failed:
            self.note(report.nodeid, "failed")

    def pytest_sessionfinish(self):
        self.path.write_text(json.dumps(self.outcomes, indent=1, sort_keys=True))


def pytest_configure(config):
    config.pluginmanager.register(Recorder(Path(os.environ["RECORD_RESULTS"])))
