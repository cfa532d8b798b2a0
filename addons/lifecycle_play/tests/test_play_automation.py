from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayAutomation(PlayCase):
    """Odoo's own automation rules on what changes for customers."""

    def _automation(self, model, **values):
        model_id = self.env["ir.model"]._get_id(model)
        automation = self.env["base.automation"].create(
            {"name": "Rule", "model_id": model_id, **values}
        )
        self.env["ir.actions.server"].create(
            {
                "name": "Note it",
                "model_id": model_id,
                "state": "code",
                "usage": "base_automation",
                "base_automation_id": automation.id,
                "code": "record.partner_id.write({'ref': 'heard'})",
            }
        )
        return automation

    def test_on_a_transition(self):
        partner = self._customer("Buyer")
        self._order(partner, "2025-01-01", 100)
        self._order(partner, "2025-01-31", 100)
        lapsed = self._stage("lapsed")
        self._automation(
            "lifecycle.transition",
            trigger="on_create",
            filter_domain=f"[('to_stage_id', '=', {lapsed.id})]",
        )
        self._recompute(day="2025-02-10")
        self.assertFalse(partner.ref)
        day = self._profile(partner).lapse_date
        play = self._play()
        with self.at("2025-02-11"):
            self._start(play)
        self._recompute(day=day, reason="nightly")
        self.assertEqual(partner.ref, "heard")
        # and plays hear it as well, once
        self.assertEqual(len(self._ways(play)), 1)

    def test_a_rule_over_dates_begins_now(self):
        past, future = self._customer("Past"), self._customer("Future")
        self._order(past, "2025-01-01", 100)
        self._order(future, "2026-06-01", 100)
        self._recompute()
        moment = fields.Datetime.now() + timedelta(days=1)
        automation = self._automation(
            "lifecycle.profile",
            trigger="on_time",
            trg_date_id=self.env["ir.model.fields"]
            ._get("lifecycle.profile", "last_order_date")
            .id,
            trg_date_range=15,
            trg_date_range_type="day",
        )
        self.assertEqual(automation.last_run, fields.Datetime.now())
        with self.at(moment), self._no_commit():
            self.env["base.automation"]._cron_process_time_based_actions()
        self.assertFalse(past.ref, "its day was over long before the rule was made")
        self.assertEqual(future.ref, "heard")
