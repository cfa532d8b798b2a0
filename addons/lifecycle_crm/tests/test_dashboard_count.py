"""Counts that are kept for large companies: the same figures, and for whom."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_dashboard import DashboardCase

PARTS = ("stages", "segments", "rfm", "totals")


@tagged("post_install", "-at_install")
class TestDashboardCount(DashboardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counts = cls.env["lifecycle.dashboard.count"]

    def _count(self):
        self.counts._count(self.company)

    def _parts(self, **options):
        data = self._data(**options)
        return {name: data[name] for name in PARTS}, data["counted"]

    def test_kept_is_what_would_be_counted(self):
        self.profiles[:2].partner_id.active = False
        live, counted = self._parts()
        self.assertFalse(counted)
        self._count()
        kept, counted = self._parts()
        self.assertTrue(counted)
        self.assertEqual(kept, live)

    def test_kept_is_of_its_moment_and_ends(self):
        self._count()
        before = self._parts()[0]["totals"]["contacts"]
        self.profiles[:3].partner_id.active = False
        self.assertEqual(self._parts()[0]["totals"]["contacts"], before)
        with self.at(fields.Datetime.now() + timedelta(minutes=16)):
            parts, counted = self._parts()
        self.assertFalse(counted)
        self.assertEqual(parts["totals"]["contacts"], before - 3)

    def test_one_team_or_owner_is_counted_when_asked(self):
        self._count()
        self.profiles[:2].partner_id.user_id = self.manager
        parts, counted = self._parts(owner="mine")
        self.assertFalse(counted)
        self.assertEqual(parts["totals"]["contacts"], 2)

    def test_rules_of_the_company_are_kept(self):
        self._count()
        self.env["ir.rule"].create(
            {
                "name": "Only one customer",
                "model_id": self.env["ir.model"]._get_id("lifecycle.profile"),
                "domain_force": [("id", "=", self.profiles[0].id)],
            }
        )
        parts, counted = self._parts()
        self.assertFalse(counted)
        self.assertEqual(parts["totals"]["contacts"], 1)

    def test_scheduled_action_leaves_small_companies_alone(self):
        self._count()
        with self._no_commit():
            self.counts._cron_count()
        self.assertFalse(self.counts.search([("company_id", "=", self.company.id)]))
