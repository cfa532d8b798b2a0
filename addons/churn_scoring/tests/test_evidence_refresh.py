"""How evidence is kept: only differences are written, batch by batch."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

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
