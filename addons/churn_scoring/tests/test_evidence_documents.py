"""Evidence from credit notes, payments, salespersons and the blacklist."""

from datetime import date, datetime

from odoo.tests import tagged

from .evidence_common import EvidenceCase


@tagged("post_install", "-at_install")
class TestCreditNote(EvidenceCase):
    def test_order_in_full(self):
        order = self._order(self.customer, "2026-02-01", 1200)
        invoice = self._invoice_order(order)
        refund = self._refund(invoice, "2026-03-03")
        line = self._found("credit_note")
        self.assertEqual(
            (line.partner_id, line.date, line.amount, line.weight),
            (self.customer, date(2026, 3, 3), 1200, 1),
        )
        self.assertEqual((line.res_model, line.res_id), ("account.move", refund.id))
        self.assertEqual(
            line.sentence,
            f"Order {order.name} came back in full on March 3, 2026 ($\xa01,200.00)",
        )

    def test_part_of_an_order(self):
        order = self._order(self.customer, "2026-02-01", 1000)
        self._refund(self._invoice_order(order), "2026-03-03", 250)
        line = self._found("credit_note")
        self.assertEqual((line.amount, line.weight), (250, 0.25))
        self.assertIn(f"Part of order {order.name}", line.sentence)

    def test_second_part_completes_it(self):
        order = self._order(self.customer, "2026-02-01", 1000)
        invoice = self._invoice_order(order)
        self._refund(invoice, "2026-03-03", 400)
        self._refund(invoice, "2026-04-04", 600)
        second, first = self._found("credit_note")
        self.assertIn("Part of", first.sentence)
        self.assertIn("in full", second.sentence)
        # what was known on a day
        past = self._found("credit_note", as_of=date(2026, 4, 3))
        self.assertEqual(past.mapped("amount"), [400])

    def test_a_correction_is_none(self):
        order = self._order(self.customer, "2026-02-01", 1000)
        invoice = self._invoice_order(order)
        self._refund(invoice, "2026-02-03")
        self.assertTrue(self._found("credit_note"))
        self._invoice_order(order, "2026-02-04")
        self.assertFalse(self._found("credit_note"))

    def test_of_an_invoice_without_order(self):
        invoice = self._invoice(self.customer, "2026-02-01", 800)
        self._refund(invoice, "2026-02-20", 200)
        line = self._found("credit_note")
        self.assertEqual((line.amount, line.weight), (200, 0.25))
        self.assertIn(f"Part of invoice {invoice.name}", line.sentence)

    def test_of_nothing(self):
        move = self._invoice(self.customer, "2026-02-01", 80, move_type="out_refund")
        line = self._found("credit_note")
        self.assertEqual((line.amount, line.weight), (80, 0.5))
        self.assertTrue(line.sentence.startswith(f"Credit note {move.name} on"))

    def test_draft_and_other_company(self):
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        invoice = self._invoice(self.customer, "2026-02-01", 800, company=other)
        self._refund(invoice, "2026-02-20")
        mine = self._invoice(self.customer, "2026-02-01", 800)
        self._refund(mine, "2026-02-20", post=False)
        self.assertFalse(self._found("credit_note"))
        self.assertEqual(self._found("credit_note", company=other).amount, 800)

    def test_currency(self):
        euro = self._currency("EUR")
        self._rate(euro, "2026-01-01", 0.5)
        order = self._order(self.customer, "2026-02-01", 100, currency=euro)
        self._refund(self._invoice_order(order), "2026-03-03")
        line = self._found("credit_note")
        self.assertEqual((line.amount, line.currency_id), (200, self.usd))

    def test_contact_counts_for_its_company(self):
        kid = self._partner("Kid", parent_id=self.customer.id)
        self._invoice(kid, "2026-02-01", 80, move_type="out_refund")
        self.assertEqual(self._found("credit_note").partner_id, self.customer)

    def test_stranger_and_retention(self):
        self._invoice(self._partner(), "2026-02-01", 80, move_type="out_refund")
        self._invoice(self.customer, "2024-06-14", 80, move_type="out_refund")
        self.assertFalse(self._found("credit_note"))
        self._invoice(self.customer, "2024-06-15", 80, move_type="out_refund")
        self.assertEqual(len(self._found("credit_note")), 1)
        self.company.churn_evidence_months = 1
        self.assertFalse(self._found("credit_note"))


@tagged("post_install", "-at_install")
class TestOverdue(EvidenceCase):
    def _due(self, day, amount=500, **values):
        return self._invoice(
            self.customer, "2026-01-01", amount, invoice_date_due=day, **values
        )

    def test_open(self):
        invoice = self._due("2026-05-23")
        line = self._found("overdue")
        self.assertEqual(
            (line.date, line.amount, line.weight), (date(2026, 5, 24), 500, 0.3)
        )
        self.assertEqual((line.res_model, line.res_id), ("account.move", invoice.id))
        self.assertEqual(
            line.sentence,
            f"Invoice {invoice.name} is overdue for 23 days ($\xa0500.00 open)",
        )

    def test_due_today_is_not_overdue(self):
        self._due("2026-06-15")
        self.assertFalse(self._found("overdue"))
        self._due("2026-06-14")
        self.assertEqual(self._found("overdue").date, self.today)

    def test_weight(self):
        for day, weight in (
            ("2026-05-16", 0.3),
            ("2026-05-15", 0.6),
            ("2026-03-17", 0.6),
            ("2026-03-16", 1),
        ):
            invoice = self._due(day)
            line = self._found("overdue").filtered(
                lambda e, i=invoice: e.res_id == i.id
            )
            self.assertEqual(line.weight, weight, day)

    def test_paid_in_time(self):
        self._pay(self._due("2026-03-01"), "2026-03-01")
        self.assertFalse(self._found("overdue"))

    def test_paid_late(self):
        invoice = self._due("2026-03-01")
        self._pay(invoice, "2026-03-24")
        line = self._found("overdue")
        self.assertEqual(
            (line.date, line.amount, line.weight), (date(2026, 3, 24), 500, 0.15)
        )
        self.assertEqual(
            line.sentence,
            f"Paid 23 days late: invoice {invoice.name} ($\xa0500.00)",
        )
        # on an earlier day it was open
        line = self._found("overdue", as_of=date(2026, 3, 10))
        self.assertEqual((line.date, line.weight), (date(2026, 3, 2), 0.3))

    def test_a_week_late_is_nothing(self):
        self._pay(self._due("2026-03-01"), "2026-03-08")
        self.assertFalse(self._found("overdue"))
        self._pay(self._due("2026-03-01"), "2026-03-09")
        self.assertEqual(len(self._found("overdue")), 1)

    def test_part_is_open(self):
        self._pay(self._due("2026-05-01"), "2026-04-01", 380)
        self.assertEqual(self._found("overdue").amount, 120)

    def test_settled_by_credit_note(self):
        invoice = self._due("2026-03-01")
        refund = self._refund(invoice, "2026-05-01")
        (invoice | refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.assertFalse(self._found("overdue"))

    def test_draft_refund_and_other_company(self):
        other = self._create_company("Other Company", "EUR")
        self._known(self.customer, other)
        self._due("2026-03-01", company=other)
        self._due("2026-03-01", post=False)
        self._due("2026-03-01", move_type="out_refund")
        self.assertFalse(self._found("overdue"))
        theirs = self._found("overdue", company=other)
        self.assertEqual((theirs.amount, theirs.currency_id.name), (500, "EUR"))

    def test_currency(self):
        euro = self._currency("EUR")
        self._rate(euro, "2026-01-01", 0.5)
        self._due("2026-03-01", currency=euro)
        self.assertEqual(self._found("overdue").amount, 1000)


@tagged("post_install", "-at_install")
class TestSalesperson(EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob = (
            cls.env["res.users"].create({"name": name, "login": name})
            for name in ("Ann", "Bob")
        )

    def _give(self, user, day):
        """As a person does it, with tracking, on a day."""
        self.env.flush_all()
        partner = self.customer.with_context(tracking_disable=False)
        partner.user_id = user
        self.env.flush_all()
        self.env.cr.precommit.run()
        messages = self.customer.message_ids
        newest = messages.filtered("tracking_value_ids").sorted("id")[-1:]
        newest.date = datetime.combine(day, datetime.min.time())
        self.env.flush_all()
        return newest

    def test_tracked(self):
        self._give(self.ann, date(2026, 1, 1))
        self.assertFalse(self._found("salesperson"))  # the first one is no change
        self._give(self.bob, date(2026, 2, 2))
        line = self._found("salesperson")
        self.assertEqual((line.date, line.weight), (date(2026, 2, 2), 0.5))
        self.assertEqual(
            line.sentence,
            "The salesperson changed from Ann to Bob on February 2, 2026",
        )
        self.assertEqual(
            (line.res_model, line.res_id), ("res.partner", self.customer.id)
        )
        self._give(self.env["res.users"], date(2026, 3, 3))
        self.assertEqual(
            self._found("salesperson")[0].sentence,
            "Has had no salesperson since March 3, 2026; it was Bob",
        )
        past = self._found("salesperson", as_of=date(2026, 2, 1))
        self.assertFalse(past)

    def test_partner_of_another_company(self):
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        self._give(self.ann, date(2026, 1, 1))
        self._give(self.bob, date(2026, 2, 2))
        self.assertTrue(self._found("salesperson", company=other))
        self.customer.company_id = self.company
        self.env.flush_all()
        self.assertFalse(self._found("salesperson", company=other))
        self.assertTrue(self._found("salesperson"))

    def test_by_orders(self):
        for month in (1, 2, 3):
            self._order(self.customer, date(2026, month, 1), 100, user_id=self.ann.id)
        self.assertFalse(self._found("salesperson"))
        order = self._order(self.customer, "2026-04-01", 100, user_id=self.bob.id)
        line = self._found("salesperson")
        self.assertEqual((line.date, line.res_id), (date(2026, 4, 1), order.id))
        self.assertIn("from Ann to Bob", line.sentence)

    def test_whoever_is_there_serves(self):
        for month, user in enumerate((self.ann, self.bob, self.ann, self.bob), 1):
            self._order(self.customer, date(2026, month, 1), 100, user_id=user.id)
        self.assertFalse(self._found("salesperson"))


@tagged("post_install", "-at_install")
class TestOptOut(EvidenceCase):
    def _refuse(self, email):
        entry = self.env["mail.blacklist"]._add(email)
        self._created_on(entry, date(2026, 3, 3))
        return entry

    def test_blacklist(self):
        self.customer.email = "Ann@Example.com"
        self.assertFalse(self._found("opt_out"))
        entry = self._refuse("ann@example.com")
        line = self._found("opt_out")
        self.assertEqual(
            (line.date, line.weight, line.res_id),
            (date(2026, 3, 3), 0.7, self.customer.id),
        )
        self.assertEqual(
            line.sentence,
            "ann@example.com does not want mailings any more since March 3, 2026",
        )
        self.assertFalse(self._found("opt_out", as_of=date(2026, 3, 2)))
        entry.active = False
        self.assertFalse(self._found("opt_out"))

    def test_address_of_a_contact(self):
        self._partner("Kid", parent_id=self.customer.id, email="kid@example.com")
        self._refuse("kid@example.com")
        self.assertEqual(self._found("opt_out").partner_id, self.customer)

    def test_contact_of_another_company(self):
        other = self._create_company("Other Company")
        self._known(self.customer, other)
        self.customer.email = "ann@example.com"
        self._refuse("ann@example.com")
        self.assertTrue(self._found("opt_out", company=other))
        self.customer.company_id = self.company
        self.env.flush_all()
        self.assertFalse(self._found("opt_out", company=other))
        self.assertTrue(self._found("opt_out"))
