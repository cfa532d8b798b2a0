"""Prospects and days that move to another company, or to another day, on their own."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestMovedCompanies(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other")
        cls.env.user.company_ids |= cls.other
        cls.partner = cls._partner("Prospect")
        cls.team = cls.env["crm.team"].create({"name": "Team", "company_id": False})
        cls.seller = new_test_user(
            cls.env,
            login="seller",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.other).ids)],
        )

    def _lead_of(self, **values):
        """A lead without a company of its own."""
        lead = self._lead(self.partner, "2026-06-01")
        lead.write({"company_id": False, "team_id": False, "user_id": False, **values})
        lead.company_id = False
        self.env.flush_all()
        self._recompute(self.company | self.other)
        return lead

    def _assert_prospect_of(self, company):
        for one in self.company | self.other:
            profile = self._profile(self.partner, one)
            self.assertEqual(len(profile), one == company, one.name)

    def _assert_moves(self, action, companies):
        """An action asks for quiet runs, which move the prospect."""
        action()
        runs = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertEqual(runs.company_id, companies)
        for run in runs:
            self.assertEqual((run.reason, run.quiet, run.full), ("rules", True, True))
        self._process_pending()
        self.assertEqual(set(runs.mapped("state")), {"done"})

    def test_team_gets_a_company_and_is_deleted(self):
        lead = self._lead_of(team_id=self.team.id, user_id=self.seller.id)
        self._assert_prospect_of(self.company)
        both = self.company | self.other
        self._assert_moves(lambda: self.team.write({"company_id": self.other.id}), both)
        self.assertFalse(lead.company_id)
        self._assert_prospect_of(self.other)
        self._assert_moves(self.team.unlink, both)
        self.assertFalse(lead.team_id)
        self._assert_prospect_of(self.company)

    def test_salesperson_gets_another_company(self):
        self._lead_of(user_id=self.seller.id)
        self._assert_prospect_of(self.company)
        self._assert_moves(
            lambda: self.seller.write({"company_id": self.other.id}),
            self.company | self.other,
        )
        self._assert_prospect_of(self.other)

    def test_nothing_moves(self):
        """Where every lead is of a company anyway, or nothing changes, no run."""
        self._lead(self.partner, "2026-06-01", user_id=self.seller.id)
        self._recompute(self.company | self.other)
        self.team.company_id = self.other
        self.seller.company_id = self.other
        self.seller.company_id = self.other
        self.env.flush_all()
        runs = self.env["lifecycle.run"]
        self.assertFalse(runs.search([("state", "=", "pending")]))

    # -- the time zone of the company's own contact --------------------------------

    def _pending(self):
        runs = self.env["lifecycle.run"].search([("state", "=", "pending")])
        return [(run.company_id, run.reason, run.quiet, run.full) for run in runs]

    def test_time_zone_of_the_own_contact(self):
        asked = [(self.company, "rules", True, True)]
        self.company.partner_id.tz = "Asia/Tehran"
        self.assertEqual(self._pending(), [])  # it has one of its own
        self.company.lifecycle_tz = False
        self.assertEqual(self._pending(), asked)
        self._process_pending()
        self.company.partner_id.tz = "Asia/Tehran"
        self.assertEqual(self._pending(), [])
        self.company.partner_id.tz = "America/New_York"
        self.assertEqual(self._pending(), asked)

    def test_own_contact_changes(self):
        self.company.lifecycle_tz = False
        self._process_pending()
        self.company.partner_id = self._partner("Here too", tz=False)
        self.assertEqual(self._pending(), [])
        self.company.partner_id = self._partner("Elsewhere", tz="Asia/Tehran")
        self.assertEqual(self._pending(), [(self.company, "rules", True, True)])
