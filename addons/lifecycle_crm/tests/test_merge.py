from odoo import Command
from odoo.tests import tagged

from .common import TODAY, LifecycleCase


@tagged("post_install", "-at_install")
class TestMerge(LifecycleCase):
    """Contacts that are merged, deleted or moved take their profiles along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other")
        cls.source = cls._partner("Twin", email="twin@example.com")
        cls.target = cls._partner("Twin", email="twin@example.com")

    def _merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [Command.set((self.source | self.target).ids)],
                "dst_partner_id": self.target.id,
            }
        )
        wizard.action_merge()
        self.assertFalse(self.source.exists())

    def _trade(self):
        self._order(self.source, "2026-06-01", 10)
        self._order(self.source, "2026-06-02", 20)
        self._order(self.target, "2026-06-03", 40)
        # in the other company the source only
        self._order(self.source, "2026-06-04", 80, company=self.other)
        self._recompute(self.company | self.other)

    def test_profile_of_each_company_is_kept(self):
        self._trade()
        here = self._profile(self.target)
        there = self._profile(self.source, self.other)
        self._merge()
        self.assertEqual(self._profile(self.target), here)
        self.assertEqual(self._profile(self.target, self.other), there)
        self.assertEqual(
            self.env["lifecycle.profile"].search(
                [("company_id", "in", (self.company | self.other).ids)]
            ),
            here | there,
        )

    def test_next_refresh_adds_them_up(self):
        self._trade()
        self._merge()
        self._refresh()
        self.assertEqual(
            self._facts(self.target, "order_count", "revenue_total"), (3, 70)
        )
        self.assertEqual(
            self._facts(
                self.target, "order_count", "revenue_total", company=self.other
            ),
            (1, 80),
        )

    def test_history_that_is_being_rebuilt_begins_anew(self):
        """It has read customers who are not the same any more."""
        rebuilds = self.env["lifecycle.rebuild"]
        begun = rebuilds._request(self.company, "manual")
        begun.state = "running"
        self._merge()
        asked = rebuilds.search(
            [("company_id", "=", self.company.id), ("state", "=", "pending")]
        )
        self.assertEqual(asked.reason, "manual")
        self.assertGreater(asked.id, begun.id)

    def test_transitions_stay_with_the_profile(self):
        self._trade()
        self._recompute(day="2027-06-30")  # both have lapsed
        moves = self._transitions(self.source) | self._transitions(self.target)
        self.assertGreater(len(moves), 1)
        self._merge()
        self.assertEqual(moves.exists(), moves)
        self.assertEqual(moves.partner_id, self.target)
        self.assertEqual(moves.profile_id, self._profile(self.target))
        self.assertTrue(all(move.profile_id for move in moves))

    def test_pin_of_the_target_is_kept(self):
        self._trade()
        advocate = self._stage("advocate")
        self._profile(self.target)._pin_stage(advocate)
        self._merge()
        self._refresh()
        self.assertEqual(self._profile(self.target).stage_id, advocate)

    def test_archived_contacts(self):
        self._trade()
        self.source.active = False
        self._merge()
        self._refresh()
        self.assertEqual(self._facts(self.target, "order_count"), (3,))

    def test_without_profiles(self):
        self._merge()
        self.assertFalse(self._profile(self.target))

    def test_deleted_contact(self):
        self._lead(self.source, "2026-06-01")
        self._lead(self._partner("Stays"), "2026-06-01")
        self._recompute()
        with self.at("2026-06-16"):
            order = self._order(self.source, "2026-06-16", 10)
            self._recompute()
            profile = self._profile(self.source)
            moves = self._transitions(self.source)
            self.assertTrue(profile and moves)
            order._action_cancel()
            order.unlink()
        self.source.unlink()
        self.env.invalidate_all()
        self.assertFalse(profile.exists())
        self.assertFalse(moves.exists())
        self._recompute()

    def test_contact_that_moves_to_a_company(self):
        company = self._partner("Company", is_company=True)
        self._order(self.source, "2026-06-01", 10)
        self._order(company, "2026-06-02", 20)
        self._recompute()
        old = self._profile(self.source)
        self.source.parent_id = company
        run = self._recompute()
        self.assertEqual(run.deleted_count, 1)
        self.assertFalse(old.exists())
        self.assertEqual(self._facts(company, "order_count", "revenue_total"), (2, 30))
        self.assertEqual(self.source.lifecycle_profile_id.partner_id, company)
        # and back
        self.source.parent_id = False
        run = self._recompute()
        self.assertEqual(run.created_count, 1)
        self.assertEqual(self._facts(company, "order_count", "revenue_total"), (1, 20))
        self.assertEqual(self._facts(self.source, "order_count"), (1,))


@tagged("post_install", "-at_install")
class TestQueries(LifecycleCase):
    """The lists that people open cost no query per row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Listed {number}"} for number in range(80)]
        )
        leads = cls.env["crm.lead"].create(
            [
                {
                    "name": partner.name,
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                }
                for partner in cls.partners[::2]
            ]
        )
        cls._created_on(leads, TODAY)

    NAMES = (
        "lifecycle_stage_id",
        "lifecycle_segment_id",
        "rfm_code",
        "clv_historic",
        "lifecycle_order_count",
        "last_order_date",
        "at_risk_date",
    )

    def _count(self, partners, names):
        self.env.flush_all()
        self.env.invalidate_all()
        specification = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in ("name", "email", *names)
        }
        before = self.env.cr.sql_log_count
        partners.web_search_read(
            [("id", "in", partners.ids)], specification, order="name"
        )
        return self.env.cr.sql_log_count - before

    def test_list_of_contacts(self):
        self._recompute()
        self._count(self.partners, self.NAMES)  # what is cached for good
        without = self._count(self.partners, ())
        ours = self._count(self.partners, self.NAMES) - without
        # the profiles, their stages, segments, currency and company
        self.assertLessEqual(ours, 6)
        few = self._count(self.partners[:4], self.NAMES)
        self.assertEqual(few - self._count(self.partners[:4], ()), ours)
