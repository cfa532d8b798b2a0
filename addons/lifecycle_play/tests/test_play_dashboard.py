"""The dashboard says of each play what the play itself says."""

from datetime import date, timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from .result_common import ResultCase


@tagged("post_install", "-at_install")
class TestPlayDashboard(ResultCase):
    def _plays(self, user=None):
        dashboard = self.env["lifecycle.dashboard"].with_user(user or self.env.user)
        return dashboard.with_company(self.company).get_data()["plays"]

    def test_plays_that_were_started(self):
        drafts = self._plays()["drafts"]
        self.assertGreater(drafts, 0)
        self.assertEqual(self._plays()["lines"], [])
        self.play._start()
        partners = [self._partner(f"Played {n}") for n in range(6)]
        day = date(2026, 4, 1)
        self._enroll(partners[:3], "treated", day)
        self._enroll(partners[3:], "control", day)
        for partner in partners[:2]:
            self._order(partner, day + timedelta(days=3), 100)
        self._recompute()
        self.results._refresh(self.company)
        plays = self._plays()
        self.assertEqual(plays["drafts"], drafts - 1)
        [line] = plays["lines"]
        self.assertEqual(line["id"], self.play.id)
        self.assertTrue(line["running"])
        self.assertEqual(line["entered"], 6)
        self.assertEqual(line["verdict"], self.play.verdict)
        self.assertEqual(line["text"], self.play.verdict_text)
        self.assertTrue(line["text"])

    def test_other_companies(self):
        other = self._create_company("Plays Elsewhere")
        theirs = self._create_play("Theirs", company=other)
        self.play._start()
        theirs._start()
        user = new_test_user(
            self.env,
            "play_dash",
            "sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(
            [line["id"] for line in self._plays(user)["lines"]], self.play.ids
        )
