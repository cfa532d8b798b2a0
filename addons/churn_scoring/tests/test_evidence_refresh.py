"""How evidence is kept: only differences are written, batch by batch."""

from datetime import date
from unittest.mock import patch

from odoo import api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import churn_evidence_run
from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestRefresh(EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = [cls._customer(f"Customer {n}") for n in range(3)]
        for partner in (cls.customer, *cls.others):
            cls._invoice(partner, "2026-02-01", 80, move_type="out_refund")
            cls._invoice(partner, "2026-01-01", 50, invoice_date_due="2026-04-01")
            cls._order(partner, "2026-01-01", 100)
            cls._order(partner, "2026-03-01", 150)

    def _stored(self):
        return self.evidence.search([("company_id", "=", self.company.id)])

    def test_second_time_writes_nothing(self):
        first = self.evidence._refresh(self.company)
        self.assertEqual(
            dict(first), {"created_count": 12, "changed_count": 0, "deleted_count": 0}
        )
        before = self._stored().read()
        self.assertEqual(set(self.evidence._refresh(self.company).values()), {0})
        with self.at(date(2026, 6, 16)):
            again = self.evidence._refresh(self.company)
        self.assertEqual(set(again.values()), {0})
        self.assertEqual(self._stored().read(), before)

    def test_only_what_differs(self):
        self.evidence._refresh(self.company)
        [line] = self._stored().filtered(
            lambda e: e.kind == "overdue" and e.partner_id == self.customer
        )
        invoice = self.env["account.move"].browse(line.res_id)
        self._pay(invoice, "2026-06-01", 20)
        self._order(self.others[0], "2026-04-01", 150)
        counts = self.evidence._refresh(self.company)
        self.assertEqual(
            dict(counts), {"created_count": 0, "changed_count": 1, "deleted_count": 1}
        )
        self.assertEqual((line.amount, line.as_of), (30, self.today))

    def test_some_customers(self):
        self.evidence._refresh(self.company)
        stored = self._stored()
        self.env["account.move"].search(
            [("company_id", "=", self.company.id)]
        ).button_draft()
        counts = self.evidence._refresh(self.company, self.customer.ids)
        self.assertEqual(counts["deleted_count"], 2)
        self.assertEqual(len(self._stored()), len(stored) - 2)
        self.assertEqual(
            self._stored().filtered(lambda e: e.partner_id == self.customer).kind,
            "price",
        )

    def test_one_at_a_time_is_the_same(self):
        self.evidence._refresh(self.company)

        def lines():
            return sorted(
                (e.partner_id.id, e.kind, e.date, e.amount, e.weight, e.sentence)
                for e in self._stored()
            )

        together = lines()
        self._stored().unlink()
        for partner in (self.customer, *self.others):
            self.evidence._refresh(self.company, partner.ids)
        self.assertEqual(lines(), together)

    def test_a_bridge_adds_one_select(self):
        sources = self.registry["churn.evidence"]._get_evidence_sources

        def get_sources(self):
            return {**sources(self), "rating": ("Ratings", "_select_rating", "_say")}

        def select(self, scope):
            return SQL(
                """SELECT id AS contact_id, 'x' AS source_key, %s::date AS day,
                    '{"text": "Slow"}'::jsonb AS figures, NULL::numeric AS amount,
                    7 AS weight, 'res.partner' AS res_model, id AS res_id
                FROM res_partner WHERE id = %s""",
                scope.as_of,
                partner_id,
            )

        partner_id = self.customer.id
        cls = self.registry["churn.evidence"]
        with (
            patch.object(cls, "_get_evidence_sources", get_sources),
            patch.object(cls, "_select_rating", select, create=True),
            patch.object(cls, "_say", lambda e: e.figures["text"], create=True),
        ):
            line = self._found("rating")
            self.assertEqual((line.weight, line.sentence), (1, "Slow"))
        # the addon is removed
        self.env.invalidate_all()
        self.assertFalse(line.sentence)
        self.assertEqual(self.evidence._forget_strangers(self.company), 1)

    def test_deleted_and_merged_partners(self):
        self.evidence._refresh(self.company)
        gone, source = self._customer("Gone"), self.others[1]
        line = self._stored()[0].copy({"partner_id": gone.id})
        gone.unlink()
        self.assertFalse(line.exists())
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | self.customer).ids, self.customer
        )
        self.assertFalse(source.exists())
        partners = self._stored().partner_id
        self.assertEqual(partners, partners.exists())
        self.evidence._refresh(self.company, self.customer.ids)
        credits = self._stored().filtered(
            lambda e: e.kind == "credit_note" and e.partner_id == self.customer
        )
        self.assertEqual(len(credits), 2)

    def test_who_is_no_customer_any_more(self):
        self.evidence._refresh(self.company)
        self._profile(self.customer).unlink()
        self.assertEqual(self.evidence._forget_strangers(self.company), 3)
        self.assertNotIn(self.customer, self._stored().partner_id)

    def test_vacuum(self):
        self.evidence._refresh(self.company)
        self.company.churn_evidence_months = 4
        self.evidence._gc_evidence()
        self.assertEqual(set(self._stored().mapped("kind")), {"overdue", "price"})

    def test_months(self):
        for months in (0, 121):
            with self.assertRaisesRegex(ValidationError, "Keep Evidence.*1 to 120"):
                self.company.churn_evidence_months = months


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


@tagged("post_install", "-at_install")
class TestLinks(EvidenceCase):
    def test_open_with_own_rights(self):
        self._invoice(self.customer, "2026-02-01", 80, move_type="out_refund")
        line = self._found("credit_note")
        users = {
            login: self.env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "company_id": self.company.id,
                    "company_ids": self.company.ids,
                    "group_ids": [(6, 0, [self.env.ref(group).id])],
                }
            )
            for login, group in (
                ("biller", "account.group_account_invoice"),
                ("viewer", "lifecycle_crm.group_lifecycle_user"),
            )
        }
        users["biller"].group_ids |= self.env.ref("lifecycle_crm.group_lifecycle_user")
        action = line.with_user(users["biller"]).action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (line.res_model, line.res_id)
        )
        # reads the line, but not the document
        self.assertTrue(line.with_user(users["viewer"]).sentence)
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            line.with_user(users["viewer"]).action_open_document()

    def test_no_link_to_documents_of_other_salespersons(self):
        users = {
            name: self.env["res.users"].create(
                {
                    "name": name,
                    "login": name,
                    "company_id": self.company.id,
                    "company_ids": self.company.ids,
                    "group_ids": [
                        (6, 0, [self.env.ref("sales_team.group_sale_salesman").id])
                    ],
                }
            )
            for name in ("own", "other")
        }
        for month, price in enumerate((300, 300, 300, 100, 100, 100), 1):
            order = self._sale(
                self.customer, date(2025, month, 1), (self.product, price, {})
            )
            order.user_id = users["own"]
        line = self._found("order_value")
        profile = self._profile(self.customer)
        for name, expected in (("own", True), ("other", False)):
            reader = users[name]
            self.assertEqual(line.with_user(reader).can_open, expected, name)
            [shown] = profile.with_user(reader).churn_why["evidence"]
            self.assertEqual((shown["id"], shown["link"]), (line.id, expected), name)

    def test_every_kind_opens_its_document(self):
        self._invoice(self.customer, "2026-02-01", 80, move_type="out_refund")
        self._invoice(self.customer, "2026-01-01", 50, invoice_date_due="2026-04-01")
        for month, price in enumerate((300, 300, 300, 100, 100, 110), 1):
            self._sale(
                self.customer,
                date(2025, month, 1),
                (self.product, price, {"discount": 10}),
            )
        self.evidence._refresh(self.company)
        lines = self.evidence.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(lines.mapped("kind")),
            {"credit_note", "overdue", "order_value", "discount", "price"},
        )
        for line in lines:
            action = line.action_open_document()
            document = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(document.partner_id, self.customer)
            self.assertEqual(
                line.action_open_profile()["res_id"], self._profile(self.customer).id
            )

    def test_document_is_gone(self):
        order = self._order(self.customer, "2026-01-01", 100)
        self._order(self.customer, "2026-02-01", 100)
        [line] = self.evidence.create(
            {
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "kind": "price",
                "source_key": "x",
                "date": "2026-01-01",
                "as_of": "2026-01-01",
                "res_model": "sale.order",
                "res_id": order.id,
                "figures": {"product": {}, "rise": 0.1},
            }
        )
        order.state = "cancel"
        order.unlink()
        self.assertFalse(line.can_open)
        with self.assertRaisesRegex(UserError, "deleted"):
            line.action_open_document()
        line.res_model = "not.there"
        self.assertFalse(line.can_open)
        with self.assertRaisesRegex(UserError, "not installed"):
            line.action_open_document()
