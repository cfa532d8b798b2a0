from datetime import datetime, timedelta

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

    def test_bounds_that_were_learned(self):
        """They say of every customer which score it got, and why."""
        for number in range(1, 6):
            partner = self._partner(f"Buyer {number}")
            for _order in range(number):
                self._order(partner, TODAY - timedelta(days=10 * number), 1000)
        run = self._recompute()
        self.assertEqual(
            run.rfm_recency_bounds,
            "5: up to 10 days; 4: up to 20 days; 3: up to 30 days; 2: up to 40 days; "
            "1: longer ago",
        )
        self.assertEqual(
            run.rfm_frequency_bounds,
            "5: 10 or more; 4: 5 or more; 3: 3 or more; 2: 2 or more; 1: fewer",
        )
        self.assertEqual(
            run.rfm_monetary_bounds.replace("\N{NO-BREAK SPACE}", " "),
            "5: from $ 5,000.00; 4: from $ 4,000.00; 3: from $ 3,000.00; "
            "2: from $ 2,000.00; 1: less",
        )
        self.assertEqual(set(self._scores()), {1, 2, 3, 4, 5})

    def test_bounds_where_all_are_equal(self):
        for number in range(3):
            self._order(self._partner(f"Buyer {number}"), "2026-06-01", 7)
        run = self._recompute()
        self.assertEqual(set(self._scores()), {4})
        self.assertEqual(
            run.rfm_recency_bounds,
            "5: nobody; 4: up to 14 days; 3: nobody; 2: nobody; 1: longer ago",
        )
        self.assertFalse(self._run().rfm_recency_bounds)

    def _scores(self):
        profiles = self.env["lifecycle.profile"].search(
            [("company_id", "=", self.company.id)]
        )
        return profiles.mapped("rfm_recency")

    def test_recompute_is_of_the_company_of_the_run(self):
        other = self._create_company("Other")
        run = self._run(other, state="failed", error="x")
        companies = self.company | other
        self.env.user.company_ids |= other
        run.with_context(allowed_company_ids=companies.ids).action_recompute()
        waiting = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertEqual(waiting.company_id, other)
