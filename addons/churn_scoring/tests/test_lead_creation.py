"""Leads keep the risk of their customer; those of lapsed customers are win-backs."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .save_common import SaveCase


@tagged("post_install", "-at_install")
class TestLeadCreation(SaveCase):
    def _make(self, partner, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": partner.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def _lapsed(self, name="Lapsed", **values):
        return self._at_risk(
            name,
            lapse_date=self.today,
            churn_risk=False,
            stage_id=self._stage("lapsed").id,
            **values,
        )

    def test_the_risk_at_creation_stays(self):
        partner = self._at_risk("Ann")
        lead = self._make(partner)
        self.assertEqual(lead.churn_risk_at_creation, "high")
        self._profile(partner).churn_risk = "low"
        self.assertEqual(lead.churn_risk_at_creation, "high")
        self.assertEqual(lead.churn_risk, "low")

    def test_predictive_lead_scoring_can_use_it(self):
        offered = self.env["crm.lead.scoring.frequency.field"].search([])
        self.assertIn("churn_risk_at_creation", offered.field_id.mapped("name"))

    def test_a_lead_of_a_lapsed_customer_is_a_win_back(self):
        lead = self._make(self._lapsed())
        self.assertTrue(lead.win_back)
        self.assertEqual(lead.tag_ids, self.env.ref("churn_scoring.tag_win_back"))

    def test_a_contact_that_comes_later_makes_it_one(self):
        partner = self._lapsed()
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "company_id": self.company.id}
        )
        self.assertFalse(lead.win_back)
        lead.partner_id = self._partner("Contact", parent_id=partner.id)
        self.assertTrue(lead.win_back)

    def test_other_leads_are_not(self):
        tomorrow = self.today + timedelta(days=1)
        self.assertFalse(self._make(self._at_risk("A", lapse_date=tomorrow)).win_back)
        self.assertFalse(self._make(self._partner("Nobody")).win_back)
        never = self._lapsed("Never", order_count=0)
        self.assertFalse(self._make(never).win_back)

    def test_of_another_company_it_is_not(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        self.assertFalse(self._make(self._lapsed(), company_id=other.id).win_back)

    def test_tags_that_are_there_stay(self):
        tag = self.env["crm.tag"].create({"name": "Mine"})
        lead = self._make(self._lapsed(), tag_ids=[Command.link(tag.id)])
        self.assertEqual(len(lead.tag_ids), 2)

    def test_the_early_warning_lets_valuable_customers_in(self):
        play = self.env.ref("churn_scoring.play_early_warning").sudo()
        play = play.copy({"company_id": self.company.id})
        valuable = self._at_risk("Valuable", rfm_monetary=5)
        cheap = self._at_risk("Cheap", rfm_monetary=2)
        self.assertFalse(play._find_problems())
        play._start()
        last = play._get_last_transition_id()
        self.env["lifecycle.transition"].create(
            [
                {
                    "partner_id": partner.id,
                    "profile_id": self._profile(partner).id,
                    "company_id": self.company.id,
                    "kind": "risk",
                    "from_risk": "medium",
                    "to_risk": "high",
                    "date": self.today,
                    "cause": "time",
                }
                for partner in valuable | cheap
            ]
        )
        self.env.flush_all()
        play._enter_by_transitions(self.company, last, ["time"])
        self.assertEqual(play.enrollment_ids.partner_id, valuable)
        # and the opportunity is made with what is at stake
        profile = self._profile(valuable)
        self.env.ref("churn_scoring.action_win_back_lead").sudo().with_context(
            active_model="lifecycle.profile", active_ids=profile.ids
        ).run()
        lead = self.env["crm.lead"].search(
            [("partner_id", "=", valuable.id), ("win_back", "=", True)]
        )
        self.assertEqual(lead.expected_revenue, profile.clv_expected)
