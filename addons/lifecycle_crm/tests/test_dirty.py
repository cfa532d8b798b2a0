from odoo import Command
from odoo.tests import new_test_user, tagged

from .dirty_common import DirtyCase


@tagged("post_install", "-at_install")
class TestDirtyEvents(DirtyCase):
    """Each event marks the customers concerned, and nobody else."""

    def test_order(self):
        order = self._order(self.contact, "2026-06-01", 10, state="draft")
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        order.action_confirm()
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        order.order_line.price_unit = 20
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        order.date_order = "2026-05-01 10:00:00"
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        order.currency_rate = 2
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        order._action_cancel()
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        order.action_draft()
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        order.unlink()
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_what_does_not_matter(self):
        order = self._order(self.contact, "2026-06-01", 10, state="draft")
        invoice = self._invoice(self.contact, "2026-06-01", 10, post=False)
        lead = self._lead(self.contact, "2026-06-01")
        sold = self._order(self.contact, "2026-06-01", 10)
        self._dirty()
        with self._statements() as statements:
            order.write({"note": "Hello", "client_order_ref": "X"})
            order.order_line.price_unit = 5
            sold.client_order_ref = "Y"
            invoice.invoice_line_ids.price_unit = 5
            invoice.ref = "Z"
            lead.write({"name": "Other", "expected_revenue": 5, "active": False})
            self.customer.write({"name": "Renamed", "street": "Street"})
            self.contact.active = False
            self._partner("Newcomer", parent_id=self.stranger.id)
            self._partner("Newcomer", is_company=True)
            self.assertEqual(self._dirty(), set())
        self.assertEqual(statements, [])

    def test_order_changes_hands(self):
        order = self._order(self.contact, "2026-06-01", 10)
        self._dirty()
        order.partner_id = self.stranger
        self.assertEqual(self._dirty(), self._pairs(self.contact, self.stranger))

    def test_draft_order_changes_hands(self):
        order = self._order(self.contact, "2026-06-01", 10, state="draft")
        self._dirty()
        order.partner_id = self.stranger
        self.assertEqual(self._dirty(), self._pairs(self.contact, self.stranger))

    def test_order_of_the_other_company(self):
        self._order(self.contact, "2026-06-01", 10, company=self.other)
        self.assertEqual(self._dirty(), self._pairs(self.contact, companies=self.other))

    def test_invoice(self):
        invoice = self._invoice(self.contact, "2026-06-01", 10, post=False)
        self.assertEqual(self._dirty(), set())
        invoice.action_post()
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        invoice.button_draft()
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        invoice.partner_id = self.stranger
        invoice.action_post()
        self.assertGreaterEqual(self._dirty(), self._pairs(self.stranger))
        invoice.button_cancel()
        self.assertEqual(self._dirty(), self._pairs(self.stranger))

    def test_invoice_taken_back_and_given_to_another(self):
        invoice = self._invoice(self.contact, "2026-06-01", 10)
        self._dirty()
        invoice.button_draft()
        self.env.flush_all()
        invoice.partner_id = self.stranger
        invoice.action_post()
        self.assertEqual(self._dirty(), self._pairs(self.contact, self.stranger))

    def test_other_entries(self):
        with self._statements() as statements:
            account = self.env["account.account"].search(
                [("company_ids", "in", self.company.ids)], limit=1
            )
            journal = self.env["account.journal"].search(
                [("company_id", "=", self.company.id), ("type", "=", "general")]
            )
            move = self.env["account.move"].create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "partner_id": self.contact.id,
                    "line_ids": [
                        Command.create({"account_id": account.id, "debit": 1}),
                        Command.create({"account_id": account.id, "credit": 1}),
                    ],
                }
            )
            move.action_post()
            self.assertEqual(self._dirty(), set())
        self.assertEqual(statements, [])

    def test_refund_marks_the_customer_of_the_order(self):
        """Who gets the invoice need not be who ordered."""
        order = self._order(
            self.contact, "2026-06-01", 10, partner_invoice_id=self.stranger.id
        )
        invoice = self._invoice_order(order)
        self._dirty()
        self._refund(invoice, "2026-06-02")
        self.assertEqual(self._dirty(), self._pairs(self.contact, self.stranger))

    def test_refund_marks_the_customer_of_the_invoice(self):
        invoice = self._invoice(self.contact, "2026-06-01", 10)
        self._dirty()
        refund = self._refund(invoice, "2026-06-02", post=False)
        refund.partner_id = self.stranger
        self._dirty()
        refund.action_post()
        self.assertEqual(self._dirty(), self._pairs(self.contact, self.stranger))

    def test_contact_gets_another_company(self):
        self.contact.parent_id = self.stranger
        self.assertEqual(self._dirty(), self._everywhere(self.customer, self.stranger))

    def test_contact_becomes_a_company(self):
        self.contact.is_company = True
        self.assertEqual(self._dirty(), self._everywhere(self.contact, self.customer))

    def test_company_becomes_a_contact_with_its_contacts(self):
        self.customer.write({"is_company": False, "parent_id": self.stranger.id})
        self.assertEqual(self._dirty(), self._everywhere(self.customer, self.stranger))

    def test_contact_is_deleted(self):
        self._lead(self.contact, "2026-06-01")
        self._dirty()
        self.contact.unlink()
        self.assertEqual(self._dirty(), self._everywhere(self.customer))

    def test_merge(self):
        twin = self._partner("Twin", email="twin@example.com")
        self._order(twin, "2026-06-01", 10)
        self._dirty()
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [Command.set((twin | self.stranger).ids)],
                "dst_partner_id": self.stranger.id,
            }
        ).action_merge()
        self.assertEqual(self._dirty(), self._everywhere(self.stranger))

    def test_lead(self):
        lead = self._lead(self.contact, "2026-06-01")
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        lead.partner_id = self.stranger
        self.assertEqual(self._dirty(), self._pairs(self.contact, self.stranger))
        lead.company_id = self.other
        self.assertEqual(
            self._dirty(),
            self._pairs(self.stranger, companies=self.company | self.other),
        )
        lead.unlink()
        self.assertEqual(
            self._dirty(), self._pairs(self.stranger, companies=self.other)
        )

    def test_lead_of_nobody(self):
        with self._statements() as statements:
            lead = self.env["crm.lead"].create({"name": "Who?"})
            self.assertEqual(self._dirty(), set())
        self.assertEqual(statements, [])
        lead.company_id = self.company
        lead.partner_id = self.contact
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_lead_without_company_is_of_its_salesperson(self):
        here, there = (
            new_test_user(
                self.env,
                login=f"seller {company.id}",
                groups="sales_team.group_sale_salesman",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for company in (self.company, self.other)
        )
        lead = self._lead(self.contact, "2026-06-01")
        lead.write({"company_id": False, "team_id": False, "user_id": here.id})
        self.assertFalse(lead.company_id)
        self._dirty()
        lead.write({"user_id": there.id, "company_id": False, "team_id": False})
        self.assertEqual(
            self._dirty(),
            self._pairs(self.contact, companies=self.company | self.other),
        )

    def test_history(self):
        imported = self.env["lifecycle.import"].create(
            {"name": "file.csv", "company_id": self.company.id}
        )
        rows = self.env["lifecycle.history"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.contact.id,
                "date": "2026-06-01",
                "amount": 1,
                "amount_company": 1,
                "currency_id": self.usd.id,
                "import_id": imported.id,
            }
        )
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        rows.amount_company = 2
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        rows.unlink()
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_own_contact_of_a_company(self):
        former = self.other.partner_id
        self.other.partner_id = self.stranger
        self.assertEqual(self._dirty(), self._everywhere(former, self.stranger))
        self.env["res.company"].create(
            {"name": "Third", "partner_id": self.customer.id}
        )
        self.assertEqual(self._dirty(), self._everywhere(self.customer))

    def test_company_before_its_first_run(self):
        young = self._create_company("Young")
        self._order(self.contact, "2026-06-01", 10, company=young)
        self.assertEqual(self._dirty(), set())

    def test_switched_off(self):
        partner = self.contact.with_context(lifecycle_no_recompute=True)
        partner.parent_id = self.stranger
        partner.flush_recordset()
        self.assertEqual(self._dirty(), set())
