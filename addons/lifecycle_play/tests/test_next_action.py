from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..scoring.arms import get_arm
from .play_common import StepCase


@tagged("post_install", "-at_install")
class TestNextAction(StepCase):
    """What the contact says is to be done next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage_text = "Call them now"
        cls.env["lifecycle.stage"].search([]).next_action = cls.stage_text
        cls.other_company = cls._create_company("Other Company")

    def _lines(self, partner=None, user=None, company=None):
        partner = (partner or self.partner).with_user(user or self.env.user)
        company = company or self.company
        partner = partner.with_context(allowed_company_ids=company.ids)
        partner.invalidate_recordset(["lifecycle_next_action"])
        return (partner.lifecycle_next_action or "").split("\n")

    def test_plays_first_then_what_the_stage_asks_for(self):
        self._recompute()
        play = self._by_hand({"delay_value": 3}, name="Win back")
        if "churn_risk" in self._profile(self.partner)._fields:
            self._profile(self.partner).sudo().churn_risk = "low"
        self.assertEqual(self._lines(), [self.stage_text])
        self._enroll(play, self.partner)
        contact = self._customer("Clerk", parent_id=self.partner.id)
        for partner in (self.partner, contact):
            self.assertEqual(
                self._lines(partner),
                [
                    "06/18/2026, by itself: Step 1 (play “Win back”)",
                    self.stage_text,
                ],
            )
        play.action_pause()
        self.assertEqual(self._lines(), [self.stage_text])

    def test_whom_not_to_write_to(self):
        self._recompute()
        self.env["lifecycle.consent"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "state": "opted_out",
            }
        )
        self.assertEqual(self._lines()[-1], "Do not write: opted out.")

    def test_nobody_else_reads_it(self):
        self._recompute()
        play = self._by_hand({"delay_value": 3})
        self._enroll(play, self.partner)
        companies = {
            "company_id": self.company.id,
            "company_ids": [Command.set((self.company | self.other_company).ids)],
        }
        seller = new_test_user(
            self.env,
            "next_seller",
            "sales_team.group_sale_salesman_all_leads",
            **companies,
        )
        self.assertEqual(len(self._lines(user=seller)), 2)
        self.assertEqual(self._lines(user=seller, company=self.other_company), [""])
        employee = new_test_user(self.env, "next_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.partner.with_user(employee).read(["lifecycle_next_action"])

    def test_who_is_held_out_is_not_told_of_steps(self):
        self._recompute()
        play = self._by_hand({"delay_value": 3}, control_share=0.5)
        play.seed = next(
            seed
            for seed in map(str, range(100))
            if get_arm(seed, self.partner.id, 0.5) == "control"
        )
        self._enroll(play, self.partner)
        self.assertEqual(self._ways(play).arm, "control")
        self.assertFalse(any("by itself" in line for line in self._lines()))

    def test_defaults_say_nothing_over_what_somebody_said(self):
        stages = self.env["lifecycle.stage"]
        stages._set_default_actions()
        self.assertEqual(self._stage("lapsed").next_action, self.stage_text)
        self._stage("lapsed").next_action = False
        stages._set_default_actions()
        self.assertIn("Win back", self._stage("lapsed").next_action)
