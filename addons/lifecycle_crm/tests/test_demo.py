"""The demo company, a small one, as it stands in the database."""

from datetime import date
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

TODAY = date(2026, 6, 15)


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """A fiftieth of the demo company: of every archetype at least one customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # where the demo company is, its small sister stands beside it
        cls.env["ir.model.data"].search(
            [("module", "=", "lifecycle_crm"), ("name", "=like", "demo\\_%")]
        ).unlink()
        cls.env["res.company"].search(
            [("name", "in", ["Blue Heron Europe", "Blue Heron America"])]
        ).name = "Old"
        users = cls.env["res.users"].search([("login", "in", ["sara", "mei", "jonas"])])
        for user in users:
            user.login = f"old_{user.login}"
        cls.before = cls._count()
        sent = cls.env.registry["mail.mail"]
        with patch.object(sent, "send", side_effect=AssertionError("a mail is sent")):
            cls.loaded = cls.env["lifecycle.demo"]._generate(0.02, TODAY)
        cls.main = cls.env.ref("base.main_company")
        cls.second = cls.env.ref("lifecycle_crm.demo_company_eu")

    @classmethod
    def _count(cls):
        models = ("mail.mail", "mail.activity", "mail.notification")
        return {model: cls.env[model].search_count([]) for model in models}

    def _customers(self, archetype):
        """The customers of an archetype in the first company."""
        found = self.env["ir.model.data"].search(
            [
                ("module", "=", "lifecycle_crm"),
                ("name", "=like", f"demo\\_customer\\_{archetype}\\____"),
            ]
        )
        return self.env["res.partner"].browse(found.mapped("res_id"))

    def _orders(self, *domain):
        customers = self.env["ir.model.data"].search(
            [("module", "=", "lifecycle_crm"), ("name", "=like", "demo\\_customer\\_%")]
        )
        return self.env["sale.order"].search(
            [
                ("partner_id", "child_of", customers.mapped("res_id")),
                *domain,
            ],
            order="date_order, id",
        )

    def test_loads_once(self):
        self.assertTrue(self.loaded)
        self.assertFalse(self.env["lifecycle.demo"]._generate(0.02, TODAY))

    def test_is_silent(self):
        self.assertEqual(self._count(), self.before)
        orders = self._orders()
        self.assertFalse(orders.message_ids)
        self.assertFalse(orders.activity_ids)

    def test_orders_look_confirmed(self):
        orders = self._orders(("state", "=", "sale"))
        self.assertGreater(len(orders), 200)
        self.assertLess(max(orders.mapped("date_order")).date(), TODAY)
        self.assertEqual(set(orders.order_line.mapped("state")), {"sale"})
        self.assertTrue(all(order.amount_untaxed > 0 for order in orders))
        self.assertTrue(all(order.create_date <= order.date_order for order in orders))
        numbers = [order.name for order in self._orders()]
        self.assertEqual(numbers, sorted(numbers), "numbers follow the dates")
        for order in orders[:20]:
            subtotals = sum(order.order_line.mapped("price_subtotal"))
            self.assertAlmostEqual(order.amount_untaxed, subtotals)

    def test_contacts_order_for_their_company(self):
        orders = self._orders(("state", "=", "sale"))
        by_contact = orders.filtered("partner_id.parent_id")
        self.assertTrue(by_contact)
        self.assertLess(len(by_contact), len(orders))
        self.assertTrue(all(by_contact.partner_id.mapped("user_id")))

    def test_states(self):
        for state in ("draft", "sent", "cancel"):
            self.assertTrue(self._orders(("state", "=", state)), state)
        for archetype in ("quoted", "prospect", "cancelled"):
            partners = self._customers(archetype)
            self.assertTrue(partners, archetype)
            self.assertFalse(
                self._orders(
                    ("state", "=", "sale"), ("partner_id", "child_of", partners.ids)
                )
            )

    def test_two_currencies(self):
        orders = self._orders(("company_id", "=", self.main.id), ("state", "=", "sale"))
        foreign = orders.filtered(lambda o: o.currency_id != self.main.currency_id)
        self.assertTrue(foreign)
        self.assertEqual(foreign.currency_id, self.second.currency_id)
        self.assertGreater(len(set(foreign.mapped("currency_rate"))), 1)
        self.assertNotEqual(self.main.currency_id, self.second.currency_id)

    def test_invoices_are_posted(self):
        recent = self._orders(
            ("state", "=", "sale"),
            ("date_order", ">=", "2025-07-01"),
            ("date_order", "<", "2026-05-31"),
        )
        invoices = recent.order_line.invoice_lines.move_id
        self.assertEqual(recent.filtered("order_line.invoice_lines"), recent)
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        self.assertTrue(all(move.invoice_date < TODAY for move in invoices))

    def test_returns_are_credited(self):
        orders = self._orders(
            ("partner_id", "child_of", self._customers("all_returned").ids)
        )
        self.assertEqual(len(orders), 1)
        moves = orders.order_line.invoice_lines.move_id
        self.assertEqual(set(moves.mapped("move_type")), {"out_invoice", "out_refund"})
        self.assertEqual(sum(moves.mapped("amount_untaxed_signed")), 0)
        note = moves.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual(note.state, "posted")
        self.assertEqual(note.reversed_entry_id, moves - note)

    def test_bargain_hunters_never_pay_the_full_price(self):
        orders = self._orders(
            ("partner_id", "child_of", self._customers("bargain").ids)
        )
        self.assertTrue(orders)
        self.assertTrue(all(line.discount >= 15 for line in orders.order_line))

    def test_second_company(self):
        admin = self.env.ref("base.user_admin")
        self.assertIn(self.second, admin.company_ids)
        self.assertEqual(admin.company_id, self.main)
        both = [
            set(
                self._orders(("company_id", "=", company.id))
                .partner_id.mapped("commercial_partner_id")
                .ids
            )
            for company in (self.main, self.second)
        ]
        self.assertTrue(both[0] & both[1], "some customers buy in both")

    def test_leads(self):
        teams = self.env.ref("lifecycle_crm.demo_team_retail")
        teams += self.env.ref("lifecycle_crm.demo_team_eu")
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search([("team_id", "in", teams.ids)])
        )
        self.assertEqual(set(leads.mapped("won_status")), {"won", "lost", "pending"})
        self.assertTrue(leads.filtered("partner_id"))
        self.assertTrue(leads.filtered(lambda lead: not lead.partner_id))
        self.assertTrue(all(lead.create_date.date() < TODAY for lead in leads))
        if "opportunity_id" in self.env["sale.order"]._fields:
            won = leads.filtered(lambda lead: lead.won_status == "won")
            self.assertTrue(won.order_ids)

    def test_first_scores_are_there(self):
        for company in (self.main, self.second):
            run = self.env["lifecycle.run"]._get_last_done(company)
            self.assertEqual((run.as_of, run.quiet), (TODAY, True))
            # the last year was run through: customers moved, with their causes
            moves = self.env["lifecycle.transition"].search(
                [("company_id", "=", company.id), ("date", "<", TODAY)]
            )
            self.assertLessEqual({"purchase", "time"}, set(moves.mapped("cause")))
            self.assertTrue(run.customer_count)
