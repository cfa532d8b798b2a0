"""A pytest plugin: a browser test that could not start its browser has failed.

Odoo skips such a test, and a run without any tour would look like a good one.
"""

import re

import freezegun
import pytest

# pytest measures its durations while a test may have stopped the clock
freezegun.configure(extend_ignore_list=["_pytest.timing"])

BROWSER = re.compile(r"chrome|chromium|websocket", re.IGNORECASE)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if BROWSER.search(reason):
            report.outcome = "failed"
            report.longrepr = f"skipped for want of a browser: {reason}"
