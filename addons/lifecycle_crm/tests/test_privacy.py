from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .privacy_common import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacy(PrivacyCase):
    """Who is not profiled has no profile, whatever runs."""

    def test_switch_removes_what_was_computed(self):
        self._score()
        lead = self._lead(self.contact, "2026-06-14")
        before = self._count()
        for name in ("profile", "transition", "snapshot"):
            self.assertGreater(before[f"lifecycle.{name}"], 0, name)
        self.assertTrue(lead.lifecycle_stage_at_creation_id)
        others = self._count(self.other)
        self._switch()
        self._assert_forgotten()
        self.assertFalse(lead.lifecycle_stage_at_creation_id)
        self.assertFalse(self.partner.lifecycle_profile_id)
        self.assertFalse(self.contact.lifecycle_stage_id)
        # and of nobody else
        self.assertEqual(self._count(self.other), others)

    def test_switch_is_the_customer_s(self):
        """Thrown at a contact, it is that of its company."""
        self._switch(partner=self.contact)
        self.assertTrue(self.partner.lifecycle_profiling_off)
        self.assertFalse(self.contact.lifecycle_profiling_off)
        self.assertTrue(self.contact.lifecycle_customer_profiling_off)

    def test_no_run_brings_it_back(self):
        self._score()
        self._switch()
        self._refresh()
        self._assert_forgotten()
        self._order(self.contact, "2026-06-14", 50)
        self._refresh()
        self._recompute(reason="nightly")
        self._recompute(reason="manual")
        self._recompute(reason="rules", quiet=True)
        self._rebuild(months=6)
        self._recompute(day="2026-08-01")
        self._assert_forgotten()
        self.assertEqual(self._count(self.other)["lifecycle.snapshot"], 3)

    def test_who_never_had_a_profile_gets_none(self):
        self._switch()
        self._recompute()
        self._rebuild(months=3)
        self._assert_forgotten()
        self.assertTrue(self._profile(self.other))

    def test_no_source_tells_of_them(self):
        self._switch()
        query = self.env["lifecycle.transaction"]._get_query(self.company)
        rows = self.env.execute_query(SQL("SELECT partner_id FROM (%s) t", query))
        found = {partner_id for [partner_id] in rows}
        self.assertIn(self.other.id, found)
        self.assertNotIn(self.partner.id, found)
        scores = self.env["lifecycle.transaction"].search([])
        self.assertNotIn(self.partner, scores.partner_id)

    def test_run_that_had_read_them_already(self):
        """The switch is thrown between reading and writing."""
        engine = self.env["lifecycle.engine"].with_company(self.company)
        reading = engine._read_all(self.company, self.today)
        facts, _context = engine._score_reading(self.company, self.today, reading)
        self.assertIn(self.partner.id, facts["partner_id"].tolist())
        self._switch()
        store = engine.env["lifecycle.store"]
        runs = self.env["lifecycle.run"]
        store._write_batch(self.company, self.today, runs, facts)
        self._assert_forgotten()
        self.assertTrue(self._profile(self.other))
        self.env["lifecycle.profile"].invalidate_model()
        self.env.execute_query(
            SQL("DELETE FROM lifecycle_profile RETURNING id")  # as in a first run
        )
        store._write_new(self.company, self.today, facts)
        self._assert_forgotten()
        self.assertTrue(self._profile(self.other))

    def test_what_slipped_through_is_swept(self):
        """A transaction that did not see the switch commits after it."""
        self._score()
        self._switch()
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_profile (partner_id, company_id)
                VALUES (%s, %s)""",
                self.partner.id,
                self.company.id,
            )
        )
        self._refresh()  # the switch has marked its customer
        self._assert_forgotten()
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_transition
                    (partner_id, company_id, kind, date, cause)
                VALUES (%s, %s, 'stage', %s, 'time')""",
                self.partner.id,
                self.company.id,
                self.today,
            )
        )
        others = self._count(self.other)
        self.env["lifecycle.privacy"]._gc_objectors()
        self._assert_forgotten()
        self.assertEqual(self._count(self.other), others)

    def test_switched_on_again(self):
        self._score()
        self._switch()
        self._refresh()
        self._switch(off=False, reason="Changed their mind")
        self._refresh()
        self.assertEqual(self._facts(self.partner, "order_count"), (3,))
        self.assertEqual(self.partner.lifecycle_profiling_reason, "Changed their mind")

    def test_all_companies(self):
        there = self._create_company("Other")
        self._order(self.contact, "2026-06-01", 100, company=there)
        self._order(self.other, "2026-06-01", 100, company=there)
        self._recompute(self.company | there)
        self.assertTrue(self._profile(self.partner, there))
        self._switch()
        self._assert_forgotten()
        self._recompute(self.company | there)
        self._assert_forgotten()
        self.assertTrue(self._profile(self.other, there))

    def test_merged_with_one_who_is_profiled(self):
        """Who did not want it, does not want it under another number either."""
        self._score()
        self._switch()
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [(6, 0, (self.partner | self.other).ids)],
                "dst_partner_id": self.other.id,
            }
        )
        wizard.action_merge()
        self.assertFalse(self.partner.exists())
        self.assertTrue(self.other.lifecycle_profiling_off)
        self._refresh()
        self._assert_forgotten(self.other)

    def test_as_many_queries_for_many(self):
        """Set-based: a hundred customers cost what one costs."""
        partners = self.env["res.partner"].create(
            [{"name": f"Shy {number}"} for number in range(101)]
        )
        privacy = self.env["lifecycle.privacy"]
        self.env.flush_all()
        privacy._forget(partners[:1].ids)  # what is read once is read now
        counts = []
        for ids in (partners[:1].ids, partners[1:].ids):
            before = self.env.cr.sql_log_count
            privacy._forget(ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_reason_is_needed(self):
        for reason in (False, "", "  \n "):
            with self.assertRaisesRegex(ValidationError, "Reason: it is empty"):
                self._switch(reason=reason)
        with self.assertRaisesRegex(ValidationError, "Shorten it to 500"):
            self._switch(reason="x" * 501)
        self.assertFalse(self.partner.lifecycle_profiling_off)


@tagged("post_install", "-at_install")
class TestPrivacyRights(PrivacyCase):
    """Who may throw the switch, and what is told of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("privacy_seller", "sales_team.group_sale_salesman")

    @classmethod
    def _user(cls, login, *groups, company=None, **values):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=",".join(["base.group_user", "base.group_partner_manager", *groups])
            if groups
            else "base.group_portal",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            **values,
        )

    def _open_wizard(self, user, partner):
        partner = partner.with_user(user)
        action = partner.action_lifecycle_profiling()
        return (
            self.env["lifecycle.profiling.wizard"]
            .with_user(user)
            .with_context(**action["context"])
            .create({"reason": "Letter of 12 June"})
        )

    def test_salesperson_with_reason_in_the_chatter(self):
        self._score()
        tracked = self.contact.with_context(tracking_disable=False)
        self.env.flush_all()
        self.env.cr.precommit.run()
        wizard = self._open_wizard(self.seller, tracked)
        self.assertEqual(wizard.partner_ids, self.partner)
        self.assertEqual(wizard.profiling, "off")
        wizard.with_context(tracking_disable=False).action_apply()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._assert_forgotten()
        told = self.partner.message_ids.filtered("tracking_value_ids")[:1]
        self.assertEqual(told.author_id, self.seller.partner_id)
        values = {
            value.field_id.name: value.new_value_char or value.new_value_integer
            for value in told.sudo().tracking_value_ids
        }
        self.assertEqual(
            values,
            {
                "lifecycle_profiling_off": 1,
                "lifecycle_profiling_reason": "Letter of 12 June",
            },
        )
        # the next time it is offered the other way round
        self.assertEqual(self._open_wizard(self.seller, self.contact).profiling, "on")

    def test_customer_of_another_company_is_out_of_reach(self):
        self._score()
        there = self._create_company("Other")
        stranger = self._user(
            "privacy_stranger", "sales_team.group_sale_salesman", company=there
        )
        (self.partner | self.contact).company_id = self.company
        before = self._count()
        with self.assertRaises(AccessError):
            self._open_wizard(stranger, self.partner).action_apply()
        with self.assertRaises(AccessError):
            self.partner.with_user(stranger).write({"lifecycle_profiling_off": True})
        self.assertEqual(self._count(), before)
        self.assertFalse(self.partner.lifecycle_profiling_off)

    def test_portal_user_neither_reads_nor_writes_it(self):
        portal = self._user(
            "privacy_portal", partner_id=self.contact.id, name="Shy's Buyer"
        )
        for partner in (self.contact, self.partner, self.other):
            own = partner.with_user(portal)
            with self.assertRaises(AccessError):
                own.write({"lifecycle_profiling_off": True})
            with self.assertRaises(AccessError):
                own.read(["lifecycle_profiling_reason"])
            with self.assertRaises(AccessError):
                own._lifecycle_set_profiling(True, "I want it")
        with self.assertRaises(AccessError):
            self.env["lifecycle.profiling.wizard"].with_user(portal).create(
                {"partner_ids": [(6, 0, self.other.ids)], "reason": "No"}
            )

    def test_filter_finds_them_with_their_contacts(self):
        self._switch()
        view = self.env["res.partner"].get_view(
            self.env.ref("base.view_res_partner_filter").id, "search"
        )
        self.assertIn("lifecycle_profiling_off", view["arch"])
        found = self.env["res.partner"].search(
            [("commercial_partner_id.lifecycle_profiling_off", "=", True)]
        )
        self.assertEqual(found, self.partner | self.contact)
