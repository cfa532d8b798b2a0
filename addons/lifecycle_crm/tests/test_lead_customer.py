"""What a lead keeps of its customer, and whom it knows without a contact."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestLeadCustomer(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner(
            "Ann", email="ann@buyer.test", phone="+32 456 00 11 22"
        )
        cls._order(cls.customer, cls.today - timedelta(days=5), 100)

    def setUp(self):
        super().setUp()
        self._recompute()
        self.stage = self._stage("new")
        self.assertEqual(self._profile(self.customer).stage_id, self.stage)

    def _make(self, **values):
        return self.env["crm.lead"].create(
            {"name": "Lead", "company_id": self.company.id, **values}
        )

    # -- the stage at creation -------------------------------------------------------

    def test_the_stage_at_creation_stays(self):
        contact = self._partner("Bob", parent_id=self.customer.id)
        lead = self._make(partner_id=contact.id)
        self.assertEqual(lead.lifecycle_stage_at_creation_id, self.stage)
        for ago in (4, 3, 2):
            self._order(self.customer, self.today - timedelta(days=ago), 500)
        self._recompute()
        self.assertNotEqual(lead.lifecycle_stage_id, self.stage)
        self.assertEqual(lead.lifecycle_stage_at_creation_id, self.stage)
        copied = lead.copy()
        self.assertEqual(
            copied.lifecycle_stage_at_creation_id, copied.lifecycle_stage_id
        )

    def test_nobody_chooses_it(self):
        other = self._stage("loyal")
        lead = self._make(
            partner_id=self.customer.id, lifecycle_stage_at_creation_id=other.id
        )
        self.assertEqual(lead.lifecycle_stage_at_creation_id, self.stage)

    def test_it_is_that_of_the_company_of_the_lead(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        lead = self._make(partner_id=self.customer.id, company_id=other.id)
        self.assertFalse(lead.lifecycle_stage_at_creation_id)
        team = self.env["crm.team"].create(
            {"name": "Team", "company_id": self.company.id}
        )
        mine = self.env["crm.lead"].create(
            {"name": "Of a team", "partner_id": self.customer.id, "team_id": team.id}
        )
        self.assertEqual(mine.lifecycle_stage_at_creation_id, self.stage)

    def test_a_lead_without_customer_has_none(self):
        self.assertFalse(self._make().lifecycle_stage_at_creation_id)
        self.assertFalse(
            self._make(partner_id=self._partner().id).lifecycle_stage_at_creation_id
        )

    def test_a_contact_that_comes_later_brings_the_stage_of_that_day(self):
        lead = self._make()
        self._created_on(lead, self.today)
        for ago in (4, 3, 2):
            self._order(self.customer, self.today - timedelta(days=ago), 500)
        self._recompute(day=self.today + timedelta(days=1))
        self.assertNotEqual(self._profile(self.customer).stage_id, self.stage)
        lead.partner_id = self.customer
        self.assertEqual(lead.lifecycle_stage_at_creation_id, self.stage)

    def test_leads_from_before_get_the_stage_of_the_month_before(self):
        day = self.today - timedelta(days=40)  # in May
        old = self._partner("Old")
        for ago in (300, 290, 280):
            self._order(old, self.today - timedelta(days=ago), 50)
        lead = self._make(partner_id=old.id, type="opportunity")
        self.assertFalse(lead.lifecycle_stage_at_creation_id)
        self._created_on(lead, day)
        newer = self._make(partner_id=self.customer.id)
        rebuild = self.env["lifecycle.snapshot"]._rebuild(self.company, 6)
        self.assertEqual(rebuild.state, "done", rebuild.error)
        month = self.env["lifecycle.snapshot"].search(
            [("partner_id", "=", old.id), ("month", "=", "2026-04-30")]
        )
        self.assertTrue(month.stage_id)
        self.assertEqual(lead.lifecycle_stage_at_creation_id, month.stage_id)
        self.assertEqual(newer.lifecycle_stage_at_creation_id, self.stage)

    def test_as_many_queries_for_many_leads(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(30)]
        )
        counts = []
        for number in (2, 30):
            self.env.flush_all()
            self.env.invalidate_all()
            vals = [{"partner_id": partner.id} for partner in partners[:number]]
            before = self.env.cr.sql_log_count
            self.env["crm.lead"]._find_creation_profiles(vals)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_predictive_lead_scoring_can_use_it(self):
        offered = self.env["crm.lead.scoring.frequency.field"].search([])
        self.assertIn("lifecycle_stage_at_creation_id", offered.field_id.mapped("name"))
        self.env["ir.config_parameter"].set_param(
            "crm.pls_fields", "lifecycle_stage_at_creation_id"
        )
        self.env["ir.config_parameter"].set_param(
            "crm.pls_start_date", self.today - timedelta(days=30)
        )
        Lead = self.env["crm.lead"]
        prospect = self._partner("Prospect")
        team = self.env["crm.team"].create(
            {"name": "Scored", "company_id": self.company.id}
        )
        for partner, won in ((self.customer, True), (prospect, False)):
            for _number in range(6):
                lead = self._make(
                    partner_id=partner.id, team_id=team.id, type="opportunity"
                )
                # prospects have no profile: the scoring must tell them apart
                if not won:
                    lead.lifecycle_stage_at_creation_id = self._stage("lead")
                if won:
                    lead.action_set_won()
                else:
                    lead.action_set_lost()
        Lead._cron_update_automated_probabilities()
        good, bad = (
            self._make(partner_id=self.customer.id, team_id=team.id),
            self._make(team_id=team.id),
        )
        bad.lifecycle_stage_at_creation_id = self._stage("lead")
        self.assertGreater(good.automated_probability, bad.automated_probability)
        names = good.prepare_pls_tooltip_data()["top_3_data"]
        self.assertIn("New", [entry["value"] for entry in names])

    def test_who_may_not_see_scores_does_not_see_it(self):
        lead = self._make(partner_id=self.customer.id)
        user = new_test_user(self.env, "lead_plain", "base.group_user")
        self.assertFalse(
            lead.with_user(user)._has_field_access(
                lead._fields["lifecycle_stage_at_creation_id"], "read"
            )
        )

    # -- known customers -------------------------------------------------------------

    def _known(self, **values):
        return self._make(**values).lifecycle_known_partner_id

    def test_the_customer_is_known_by_email_or_phone(self):
        self.assertEqual(self._known(email_from="Ann <ANN@Buyer.test>"), self.customer)
        self.assertEqual(self._known(phone="+32456001122"), self.customer)
        self.assertFalse(self._known(email_from="nobody@buyer.test"))
        self.assertFalse(self._known())

    def test_the_lead_shows_stage_and_value_of_whom_it_knows(self):
        lead = self._make(email_from="ann@buyer.test")
        self.assertEqual(lead.lifecycle_known_stage_id, self.stage)
        self.assertEqual(lead.lifecycle_known_value, 100)

    def test_who_has_a_contact_gets_no_suggestion(self):
        self.assertFalse(
            self._known(email_from="ann@buyer.test", partner_id=self._partner().id)
        )

    def test_who_bought_most_comes_first(self):
        twin = self._partner("Twin", email="ann@buyer.test")
        self._order(twin, self.today - timedelta(days=3), 900)
        self._recompute()
        self.assertEqual(self._known(email_from="ann@buyer.test"), twin)

    def test_contacts_of_another_company_are_not_told(self):
        other = self._create_company("Other Company")
        self._partner("Secret", email="secret@buyer.test", company_id=other.id)
        self.assertFalse(self._known(email_from="secret@buyer.test"))

    def test_colleagues_are_no_customers(self):
        user = new_test_user(self.env, "lead_colleague", "base.group_user")
        user.partner_id.email = "colleague@own.test"
        self.assertFalse(self._known(email_from="colleague@own.test"))

    def test_one_click_sets_the_customer(self):
        lead = self._make(email_from="ann@buyer.test")
        lead.action_set_known_customer()
        self.assertEqual(lead.partner_id, self.customer)
        self.assertFalse(lead.lifecycle_known_partner_id)
        with self.assertRaisesRegex(UserError, "No contact has the email"):
            self._make().action_set_known_customer()

    def test_as_many_queries_for_a_list(self):
        counts = []
        for number in (2, 20):
            leads = self.env["crm.lead"].create(
                [
                    {"name": "Lead", "email_from": "ann@buyer.test"}
                    for _number in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.mapped("lifecycle_known_partner_id")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
