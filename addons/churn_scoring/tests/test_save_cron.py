"""The scheduled action that makes the save lists of a week."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import churn_save_list
from .save_common import MONDAY, SaveCase


@tagged("post_install", "-at_install")
class TestSaveCron(SaveCase):
    def _cron(self):
        with self._no_commit():
            self.saves._cron_save_lists()

    def test_weekly(self):
        partner = self._at_risk("Weekly")
        self._cron()
        self.assertFalse(self._items())  # no run of the engine yet
        self._done(MONDAY - timedelta(days=1))
        self._cron()
        self.assertFalse(self._items())  # the scores are of last week
        self._done(MONDAY)
        self._cron()
        item = self._items()
        self.assertEqual(item.partner_id, partner)
        self._at_risk("Came Later")
        self._cron()
        self.assertEqual(self._items(), item)  # stands still in the week
        # the next week does not wait for ever for a run that failed
        with self.at("2026-06-22"):
            self._cron()
            self.assertEqual(self._items(), item)
        with self.at("2026-06-23"):
            self._cron()
            self._cron()
        self.assertEqual(len(self._items(week=date(2026, 6, 22))), 2)

    def test_a_company_that_fails_stops_no_other(self):
        other = self._create_company("Other")
        self._at_risk("Here")
        self._done(MONDAY)
        make = churn_save_list.ChurnSave._make_lists

        def fail_there(saves, company, user_ids=None):
            if company == other:
                raise ValueError("no luck")
            return make(saves, company, user_ids)

        self._done(MONDAY, other)
        with (
            patch.object(self.registry["churn.save"], "_make_lists", fail_there),
            # the other one comes first
            patch.object(self.registry["res.company"], "_order", "id desc"),
            mute_logger("odoo.addons.lifecycle_play.models.res_company_each"),
        ):
            self._cron()
        self.assertEqual(len(self._items()), 1)
        self.assertEqual(self.company.churn_save_week, MONDAY)
        self.assertFalse(other.churn_save_week)

    def test_waits_for_the_first_scores(self):
        """A list made before them would stand for a week, without values."""
        partner = self._at_risk("Not Scored Yet", churn_method=False)
        self._done(MONDAY)
        self._cron()
        self.assertFalse(self._items())  # nothing was trained yet
        training = self.env["churn.model"]._request(self.company, "install").sudo()
        self._cron()
        self.assertFalse(self._items())
        training.state = "active"
        self._cron()
        self.assertFalse(self._items())  # the run that scores is still to come
        self._profile(partner).churn_method = "rule"
        self._cron()
        self.assertEqual(self._items().partner_id, partner)

    def test_does_not_wait_for_a_training_that_failed(self):
        self._at_risk("Never Scored", churn_method=False)
        self._done(MONDAY)
        training = self.env["churn.model"]._request(self.company, "install").sudo()
        training.state = "failed"
        self._cron()
        self.assertEqual(len(self._items()), 1)

    def test_a_run_calls_it(self):
        cron = self.env.ref("churn_scoring.ir_cron_save_lists")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self._recompute()
        later = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(later - triggers)

    def _done(self, day, company=None):
        """A run of the engine that ended on a day."""
        return self.env["lifecycle.run"].create(
            {
                "company_id": (company or self.company).id,
                "reason": "nightly",
                "state": "done",
                "as_of": day,
            }
        )

    def test_scheduled_action_is_there(self):
        cron = self.env.ref("churn_scoring.ir_cron_save_lists")
        self.assertTrue(cron.active)
        self.assertEqual(cron.model_id.model, "churn.save")
