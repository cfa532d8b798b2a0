from datetime import datetime

from odoo.tests import tagged

from .common import TODAY, LifecycleCase


@tagged("post_install", "-at_install")
class TestRunWords(LifecycleCase):
    """What a run says of itself: how long, how far, what to do."""

    def _run(self, company=None, state="done", **values):
        return self.env["lifecycle.run"].create(
            {
                "company_id": (company or self.company).id,
                "state": state,
                "reason": "nightly",
                "as_of": TODAY,
                "start": datetime(2026, 6, 15, 2),
                **values,
            }
        )

    def test_words(self):
        run = self._run(partial=True)
        self.assertEqual(run.display_name, "Nightly, 06/15/2026")
        self.assertEqual(run.reading, "Only news")
        self.assertFalse(run.elapsed)
        for seconds, text in (
            (3.4, "3.4 s"),
            (41.2, "41 s"),
            (59.9, "1 min 0 s"),
            (72.4, "1 min 12 s"),
            (4001, "1 h 7 min"),
        ):
            run.duration = seconds
            self.assertEqual(run.elapsed, text)

    def test_advice(self):
        run = self._run(
            state="failed",
            error="DiskFull: no space\nCONTEXT: COPY",
            done_count=4,
            total_count=9,
        )
        self.assertEqual(run.error_line, "DiskFull: no space")
        self.assertIn("disk of the server is full", run.advice)
        self.assertIn("4 of 9", run.advice)
        self.assertEqual(run.remaining_count, 5)
        run.write({"error": "ZeroDivisionError: x", "done_count": 0})
        self.assertIn("administrator", run.advice)
        self.assertIn("Nothing was changed", run.advice)
        # said in words already
        run.error = "Raise limit_time_real_cron: it is too low."
        self.assertNotIn("administrator", run.advice)

    def test_recompute_is_of_the_company_of_the_run(self):
        other = self._create_company("Other")
        run = self._run(other, state="failed", error="x")
        companies = self.company | other
        self.env.user.company_ids |= other
        run.with_context(allowed_company_ids=companies.ids).action_recompute()
        waiting = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertEqual(waiting.company_id, other)
