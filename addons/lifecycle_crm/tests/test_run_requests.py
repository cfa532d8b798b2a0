from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, LifecycleCase

WORK = "odoo.addons.lifecycle_crm.models.lifecycle_run_work"
TRANSITIONS = "odoo.addons.lifecycle_crm.models.lifecycle_store_transitions"


class HeardCase(LifecycleCase):
    """Something acts on transitions, and what it hears is counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["lifecycle.run"]
        cls.partner = cls._partner("Buyer")
        cls.neighbour = cls._partner("Neighbour")
        for partner in cls.partner | cls.neighbour:
            cls._order(partner, "2026-06-01", 100)

    def setUp(self):
        super().setUp()
        self._recompute()
        self._recompute()
        self._dirty()
        self.heard = heard = Counter()
        transitions = self.registry["lifecycle.transition"]
        create = transitions.create

        def listen(records, vals_list):
            rows = [vals_list] if isinstance(vals_list, dict) else vals_list
            heard.update(vals["cause"] for vals in rows)
            return create(records, vals_list)

        self.patch(transitions, "_has_listeners", lambda records: True)
        self.patch(transitions, "create", listen)

    def _add_history(self, partner, day, amount):
        """Imported history of a customer, without any request."""
        env = self.env(context={**self.env.context, "lifecycle_no_recompute": True})
        imported = env["lifecycle.import"].create(
            {"name": "old.csv", "company_id": self.company.id}
        )
        env["lifecycle.history"].create(
            {
                "import_id": imported.id,
                "partner_id": partner.id,
                "company_id": self.company.id,
                "date": day,
                "amount": amount,
                "amount_company": amount,
                "currency_id": self.usd.id,
            }
        )

    def _import(self, partner, day, amount):
        self._add_history(partner, day, amount)
        return self.runs._request(self.company, "import", quiet=True)

    @mute_logger(WORK, "odoo.sql_db")
    def _fail_once(self):
        engine = self.registry["lifecycle.engine"]
        with patch.object(engine, "_score_rfm", side_effect=OSError("no disk")):
            self._process_pending()

    def _night(self, days=1):
        with self.at(TODAY + timedelta(days=days)), self._no_commit():
            self.runs._cron_recompute()
        return self.runs._get_last_done(self.company)


@tagged("post_install", "-at_install")
class TestUnfulfilled(HeardCase):
    """A request that failed is not forgotten: neither its silence nor its reach."""

    def test_failed_import_is_never_heard(self):
        run = self._import(self.partner, "2026-05-01", 500)
        self._fail_once()
        self.assertEqual(run.state, "failed")
        # nor do its customers reach anybody through a mark
        self._order(self.partner, TODAY, 10)
        self._refresh()
        self.assertFalse(self.heard)
        night = self._night()
        self.assertEqual(
            (night.quiet, night.reason, night.partial), (True, "import", False)
        )
        self.assertEqual(self._facts(self.partner, "revenue_total"), (610,))
        self.assertFalse(self.heard)
        self.assertEqual(self._night(2).reason, "nightly")

    def test_failed_change_of_settings_is_applied(self):
        self.company.lifecycle_source = "invoice"
        self._fail_once()
        night = self._night()
        self.assertFalse(night.partial)
        self.assertFalse(self._profile(self.partner).order_count)

    def test_failed_change_of_rules_is_not_heard(self):
        self._stage("new").domain = "[('order_count', '>', 99)]"
        self._fail_once()
        self._night()
        self.assertNotEqual(
            self._facts(self.partner, "stage_id"), (self._stage("new"),)
        )
        self.assertFalse(self.heard)

    def test_rules_changed_while_a_run_works(self):
        """What a batch sees was committed with its request."""
        engine = self.registry["lifecycle.engine"]
        prepare = engine._prepare

        def changed(records, *args, **kwargs):
            result = prepare(records, *args, **kwargs)
            self._stage("new").domain = "[('order_count', '>', 99)]"
            return result

        self.runs._request(self.company, "nightly", full=False)
        with patch.object(engine, "_prepare", changed):
            self._process_pending()
        self.assertNotEqual(
            self._facts(self.partner, "stage_id"), (self._stage("new"),)
        )
        self.assertFalse(self.heard)

    def test_pin_set_while_a_run_works(self):
        store = self.registry["lifecycle.store"]
        move = store._move_batch
        advocate = self._stage("advocate")

        def pinned(records, *args, **kwargs):
            self._profile(self.partner)._pin_stage(advocate)
            self.env.flush_all()
            return move(records, *args, **kwargs)

        # both are at risk by then, and nothing else about them changes
        self.runs._request(self.company, "nightly")
        with (
            self.at(TODAY + timedelta(days=130)),
            patch.object(store, "_move_batch", pinned),
        ):
            self._process_pending()
        self.assertEqual(self._facts(self.partner, "stage_id"), (advocate,))
        self.assertEqual(
            self._facts(self.neighbour, "stage_id"), (self._stage("at_risk"),)
        )
        self.assertEqual(self._transitions(self.partner).mapped("cause"), ["manual"])

    def test_failing_automation_stops_nobody(self):
        transitions = self.registry["lifecycle.transition"]
        create = transitions.create

        def refuse(records, vals_list):
            if self.partner.id in [vals["partner_id"] for vals in vals_list]:
                raise ValueError("No such template")
            return create(records, vals_list)

        self.patch(transitions, "create", refuse)
        for partner in self.partner | self.neighbour:
            self._order(partner, TODAY, 10)
        with mute_logger(TRANSITIONS):
            self._refresh()
        for partner in self.partner | self.neighbour:
            self.assertEqual(self._facts(partner, "order_count"), (2,))
            self.assertEqual(self._transitions(partner).mapped("cause"), ["purchase"])
        self.assertFalse(self._dirty())
        self.assertGreater(self.heard["purchase"], 0)

    def test_clock_that_was_ahead(self):
        self._recompute(day=TODAY + timedelta(days=300))
        self.assertEqual(self._night().as_of, TODAY + timedelta(days=1))

    def test_without_a_full_run_left(self):
        self.runs.search(
            [("company_id", "=", self.company.id), ("partial", "=", False)]
        ).unlink()
        self.assertFalse(self._night().partial)

    def test_last_runs_are_kept(self):
        self._recompute()
        last, _between, first = self.runs.search([("company_id", "=", self.company.id)])
        with self.at(TODAY + timedelta(days=800)):
            self.runs._gc_runs()
        self.assertEqual((last | _between | first).exists(), last | first)

    def test_customer_deleted_while_a_run_works(self):
        engine = self.registry["lifecycle.engine"]
        prepare = engine._prepare
        gone = self._partner("Gone")
        self._lead(gone, "2026-06-01")

        def deleted(records, *args, **kwargs):
            result = prepare(records, *args, **kwargs)
            gone.unlink()
            return result

        with patch.object(engine, "_prepare", deleted):
            run = self._recompute()
        self.assertEqual((run.state, run.attempt_count), ("done", 1))

    def test_rule_over_the_stage_itself(self):
        for rule in ("[('stage_id', '=', 2)]", "[('stage_id.phase', '=', 'churn')]"):
            with self.assertRaisesRegex(ValidationError, "what the rules decide"):
                self._stage("new").domain = rule


@tagged("post_install", "-at_install")
class TestDocumentsAhead(HeardCase):
    """Documents that count from a later day change others than their own contact."""

    def _assert_as_full(self, days):
        night = self._night(days)
        self.assertTrue(night.partial)
        names = ("order_count", "revenue_total", "order_days")
        found = self._facts(self.partner, *names)
        self._recompute(day=TODAY + timedelta(days=days))
        self.assertEqual(self._facts(self.partner, *names), found)

    def test_receipt_without_a_customer(self):
        self.company.lifecycle_source = "invoice"
        invoice = self._invoice(self.partner, "2026-06-02", 70, move_type="out_receipt")
        invoice.button_draft()
        invoice.partner_id = False
        invoice.action_post()
        run = self._recompute()
        self.assertEqual((run.state, run.error), ("done", False))

    def test_order_billed_again_ahead(self):
        order = self._order(self.partner, "2026-06-05", 60)
        invoice = self._invoice_order(order)
        self._refund(invoice, TODAY)
        self._refresh()
        self._night(1)
        again = self._invoice_order(order, TODAY + timedelta(days=3))
        self.assertEqual(again.state, "posted")
        self._dirty()
        self._night(2)
        self._assert_as_full(4)
