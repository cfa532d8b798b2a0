"""The scheduled action that refreshes the evidence, whatever gets in its way."""

from unittest.mock import patch

from odoo import api
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import churn_evidence_run
from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestEvidenceRun(EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["churn.evidence.run"]
        cls.partners = [cls._partner(f"Buyer {n}") for n in range(5)]
        for partner in cls.partners:
            order = cls._order(partner, "2026-01-01", 100)
            cls._refund(cls._invoice_order(order), "2026-02-01", 50)

    def _own(self):
        return self.runs.search([("company_id", "=", self.company.id)])

    def _stored(self):
        return self.evidence.search([("company_id", "=", self.company.id)])

    def _cron(self):
        with self._no_commit():
            self.runs._cron_refresh()

    def _triggered(self):
        cron = self.env.ref("churn_scoring.ir_cron_evidence")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def test_after_a_run(self):
        self._cron()
        self.assertFalse(self._own())  # nobody is known yet
        before = self._triggered()
        run = self._recompute()
        self.assertGreater(self._triggered(), before)
        self._cron()
        self.assertEqual((self._own().state, self._own().run_id), ("done", run))
        self.assertEqual(self._own().created_count, 5)
        self.assertEqual(len(self._stored()), 5)
        # nothing new: not even asked
        with patch.object(self.registry["churn.evidence.run"], "_step") as step:
            self._cron()
            step.assert_not_called()
        self._recompute()
        self._cron()
        self.assertEqual(self._own().created_count, 0)

    def test_out_of_time(self):
        """Each call does one step; together they do all, each customer once."""
        self._recompute()
        steps = []
        step = self.registry["churn.evidence.run"]._step

        def count(own):
            steps.append((own.kind, own.partner_position))
            return step(own)

        with (
            patch.object(churn_evidence_run, "BATCH", 2),
            patch.object(self.registry["churn.evidence.run"], "_step", count),
            patch.object(
                self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 0.0
            ),
        ):
            self.runs._cron_refresh()
            self.assertEqual(len(steps), 1)
            self.assertEqual(len(self._stored()), 2)
            for _call in range(200):
                if self._own().state == "done":
                    break
                self.runs._cron_refresh()
        self.assertEqual(self._own().state, "done")
        self.assertEqual(len(steps), len(set(steps)))
        self.assertEqual(len(self._stored()), 5)
        self.assertEqual(self._own().created_count, 5)

    @mute_logger("odoo.addons.churn_scoring.models.churn_evidence_run")
    def test_a_company_that_fails_stops_no_other(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        self._recompute()
        self._order(self.partners[0], "2026-01-01", 100, company=other)
        self._recompute(other)
        step = self.registry["churn.evidence.run"]._step

        def fail(own):
            if own.company_id == self.company:
                self.env.execute_query(SQL("SELECT 1 / 0"))
            return step(own)

        with (
            patch.object(self.registry["churn.evidence.run"], "_step", fail),
            mute_logger("odoo.sql_db"),
        ):
            self._cron()
        self.assertEqual(self._own().state, "failed")
        self.assertIn("DivisionByZero", self._own().error)
        theirs = self.runs.search([("company_id", "=", other.id)])
        self.assertEqual(theirs.state, "done")
        # and it does not fail for ever
        self._recompute()
        self._cron()
        self.assertEqual((self._own().state, self._own().error), ("done", False))

    @mute_logger("odoo.addons.churn_scoring.models.churn_evidence_run")
    def test_a_kind_that_fails_stops_no_other(self):
        self._recompute()

        @api.model
        def select(self, scope):
            return SQL("SELECT broken")

        with (
            patch.object(self.registry["churn.evidence"], "_select_discount", select),
            mute_logger("odoo.sql_db"),
        ):
            self._cron()
        # the report of that kind, too
        self.assertEqual(self._own().state, "failed")
        self.assertEqual(self._own().error.count("Buys at a discount only: "), 2)
        self.assertEqual(self._own().error.count("UndefinedColumn"), 2)
        self.assertEqual(len(self._stored()), 5)
        reports = self.env["churn.evidence.report"].search(
            [("company_id", "=", self.company.id)]
        )
        sources = self.evidence._get_evidence_sources()
        self.assertEqual(set(reports.mapped("kind")), set(sources) - {"discount"})
        health = self.env["lifecycle.health"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertIn("Buys at a discount only", health.attention)

    @mute_logger("odoo.addons.churn_scoring.models.churn_evidence_run")
    def test_a_kind_that_is_always_killed_is_given_up(self):
        self._recompute()
        own = self.runs._get_run(self.company, self._own().run_id)
        own.run_id = self.env["lifecycle.run"]._get_last_done(self.company)
        first, second = list(self.evidence._get_evidence_sources())[:2]
        self.assertEqual((first, len(self._stored())), ("credit_note", 0))
        own.stop_count = 5  # as left behind by who was killed
        self._cron()
        self.assertEqual((own.state, own.stop_count), ("failed", 0))
        self.assertIn("Credit notes: stopped 5 times in a row", own.error)
        self.assertIn("limit_time_cpu", own.error)
        self.assertNotIn(self.evidence._get_evidence_sources()[second][0], own.error)
        self.assertEqual(len(self._stored()), 0)
        # not again before the next run of the engine
        with patch.object(self.registry["churn.evidence.run"], "_step") as step:
            self._cron()
            step.assert_not_called()
        self._recompute()
        self._cron()
        self.assertEqual((own.state, own.error), ("done", False))
        self.assertEqual(len(self._stored()), 5)

    def test_who_was_killed_tries_fewer_customers(self):
        self._recompute()
        own = self.runs._get_run(self.company, self.env["lifecycle.run"])
        own.stop_count = 2
        asked = []
        refresh = self.registry["churn.evidence"]._refresh

        def count(evidence, company, partner_ids, kinds, as_of):
            asked.append((kinds[0], len(partner_ids)))
            return refresh(evidence, company, partner_ids, kinds, as_of)

        with (
            patch.object(churn_evidence_run, "BATCH", 8),
            patch.object(self.registry["churn.evidence"], "_refresh", count),
        ):
            self._cron()
        # 8, halved twice; the rest at once, for nothing stopped it
        self.assertEqual(asked[:2], [("credit_note", 2), ("credit_note", 3)])
        self.assertEqual(own.state, "done")
        self.assertEqual(len(self._stored()), 5)

    def test_marked_customers_at_once(self):
        self._recompute()
        self._cron()
        order = self._order(self.partners[0], "2026-03-01", 500)
        self._refund(self._invoice_order(order), "2026-04-01")
        self._refresh()
        [newest] = self._stored().filtered(lambda e: e.amount == 500)
        self.assertEqual(newest.partner_id, self.partners[0])

    @mute_logger("odoo.addons.churn_scoring.models.churn_evidence_engine")
    def test_bad_source_does_not_stop_scores(self):
        self._recompute()

        @api.model
        def select(self, scope):
            return SQL("SELECT broken")

        with (
            patch.object(
                self.registry["churn.evidence"], "_select_credit_note", select
            ),
            mute_logger("odoo.sql_db"),
        ):
            self._order(self.partners[0], "2026-03-01", 500)
            self._refresh()
        self.assertEqual(self._profile(self.partners[0]).order_count, 2)

    def test_health_knows_the_action(self):
        names = self.env["lifecycle.health"]._get_scheduled_actions()
        self.assertIn("churn_scoring.ir_cron_evidence", names)
