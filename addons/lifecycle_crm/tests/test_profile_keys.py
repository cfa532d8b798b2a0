"""What foreign keys would do for company, stage and segment of a profile."""

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import SQL

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestProfileKeys(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner("Customer")
        cls.profiles = cls.env["lifecycle.profile"]

    def _trade(self):
        self._order(self.customer, "2026-06-01", 10)
        self._recompute()
        return self._profile(self.customer)

    def _read(self, profile):
        """As it is in the database."""
        [row] = self.env.execute_query(
            SQL(
                """SELECT company_id, stage_id, segment_id FROM lifecycle_profile
                WHERE id = %s""",
                profile.id,
            )
        )
        return row

    def test_only_these_have_none(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT a.attname FROM pg_constraint c
                JOIN pg_attribute a ON a.attrelid = c.conrelid
                    AND a.attnum = ANY(c.conkey)
                WHERE c.contype = 'f' AND c.conrelid = 'lifecycle_profile'::regclass"""
            )
        )
        names = {name for (name,) in rows}
        self.assertLessEqual({"partner_id", "pinned_stage_id"}, names)
        self.assertFalse({"company_id", "stage_id", "segment_id"} & names)

    def test_stage_is_deleted(self):
        profile = self._trade()
        stage = self.env["lifecycle.stage"].create(
            {
                "name": "Our own",
                "company_id": self.company.id,
                "sequence": 999,
                "domain": "[('order_count', '>', 0)]",
            }
        )
        self._recompute()
        self.assertEqual(profile.stage_id, stage)
        stage.unlink()
        self.assertFalse(self._read(profile)[1])
        self.assertFalse(profile.stage_id)
        self._recompute()
        self.assertTrue(profile.stage_id)

    def test_segment_is_deleted(self):
        profile = self._trade()
        segment = profile.segment_id.copy({"company_id": self.company.id})
        profile.segment_id = segment
        self.env.flush_all()
        self.assertEqual(self._read(profile)[2], segment.id)
        segment.unlink()
        self.assertFalse(self._read(profile)[2])
        self.assertFalse(profile.segment_id)

    def test_company_is_deleted(self):
        profile = self._trade()
        other = self._create_company("Other")
        self._order(self.customer, "2026-06-01", 10, company=other)
        self._recompute(other)
        there = self._profile(self.customer, other)
        # what Odoo itself keeps a company for
        self.env["sale.order"].search([("company_id", "=", other.id)]).write(
            {"company_id": self.company.id}
        )
        self.env["account.journal"].search([("company_id", "=", other.id)]).unlink()
        self._drop_payment_providers(other)
        other.unlink()
        self.assertFalse(there.exists())
        self.assertTrue(profile.exists())

    def test_a_batch_whose_segment_is_gone(self):
        """The reading was done with segments as they were."""
        self._trade()
        engine = self.env["lifecycle.engine"].with_company(self.company)
        reading = engine._read_all(self.company, self.today)
        facts, _context = engine._score_reading(self.company, self.today, reading)
        run = self.env["lifecycle.run"]._get_last_done(self.company)
        store = engine.env["lifecycle.store"]
        store._write_batch(self.company, self.today, run, facts)
        facts["segment_id"] = 2**30
        with self.assertRaises(errors.SerializationFailure):
            store._write_batch(self.company, self.today, run, facts)

    def test_what_a_killed_server_left(self):
        profile = self._trade()
        before = self._read(profile)
        self.profiles._gc_targets()
        self.assertEqual(self._read(profile), before)
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_profile SET stage_id = %s, segment_id = %s
                WHERE id = %s""",
                2**30,
                2**30,
                profile.id,
            )
        )
        self.profiles._gc_targets()
        self.assertEqual(self._read(profile), (self.company.id, None, None))
        self.env.cr.execute(
            SQL(
                "UPDATE lifecycle_profile SET company_id = %s WHERE id = %s",
                2**30,
                profile.id,
            )
        )
        self.profiles._gc_targets()
        self.assertFalse(
            self.env.execute_query(
                SQL("SELECT 1 FROM lifecycle_profile WHERE id = %s", profile.id)
            )
        )
