from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common import LifecycleCase


class DirtyCase(LifecycleCase):
    """Two companies that had their first run, and nothing marked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other")
        cls.env.user.company_ids |= cls.other
        cls.env["lifecycle.run"].create(
            [
                {"company_id": company.id, "reason": "install", "state": "done"}
                for company in cls.company | cls.other
            ]
        )
        cls.customer = cls._partner("Customer", is_company=True)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)
        cls.stranger = cls._partner("Stranger", is_company=True)
        cls.cron = cls.env.ref("lifecycle_crm.ir_cron_refresh")
        cls.env.cr.flush()
        cls._sql(SQL("DELETE FROM lifecycle_dirty RETURNING 1"))
        cls._sql(SQL("DELETE FROM ir_cron_trigger RETURNING 1"))

    @classmethod
    def _sql(cls, query):
        return cls.env.execute_query(query)

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()
        self._dirty()

    def _pairs(self, *contacts, companies=None):
        return {
            (contact.id, company.id)
            for contact in contacts
            for company in companies or self.company
        }

    def _everywhere(self, *contacts):
        """Marked in every company that had a run."""
        companies = self.env["lifecycle.run"].search([]).company_id
        return self._pairs(*contacts, companies=companies)

    def _triggers(self):
        self.env.cr.flush()
        return self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])

    @contextmanager
    def _statements(self):
        """The statements that write marks, as a list that fills."""
        found, execute = [], self.env.cr.execute

        def listen(query, *args, **kwargs):
            if "INTO lifecycle_dirty" in str(query):
                found.append(query)
            return execute(query, *args, **kwargs)

        self.env.cr.execute = listen
        try:
            yield found
        finally:
            del self.env.cr.execute


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


@tagged("post_install", "-at_install")
class TestDirtyCost(DirtyCase):
    """What marking adds to the transactions of users."""

    def _quotations(self, count):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.contact.id,
                    "company_id": self.company.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
                for _number in range(count)
            ]
        )
        self._dirty()
        return orders

    def _count(self, action):
        """Queries of an action as the whole transaction of a user."""
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _off(self, records):
        """Marking switched off in everything that this transaction flushes."""
        dirty = self.registry["lifecycle.dirty"]
        self.patch(dirty, "_get_marks", lambda self: None)
        return records

    def test_confirming_costs_one_query(self):
        warm, with_marks, without = self._quotations(3)
        warm.action_confirm()
        self._dirty()
        costs = self._count(with_marks.action_confirm)
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        self._off(without)
        self.assertEqual(costs, self._count(without.action_confirm) + 1)
        self.assertEqual(self._dirty(), set())

    def test_one_statement_for_many_orders(self):
        orders = self._quotations(20)
        with self._statements() as statements:
            for order in orders:
                order.action_confirm()
            self.assertEqual(self._dirty(), self._pairs(self.contact))
        self.assertEqual(len(statements), 1)

    def test_batch_costs_one_query(self):
        vals = {"partner_id": self.contact.id, "company_id": self.company.id}

        def create():
            self.env["sale.order"].create([dict(vals) for _number in range(100)])

        create()
        self._dirty()
        costs = self._count(create)
        self.assertEqual(self._dirty(), self._pairs(self.contact))
        self._off(self.env["sale.order"])
        self.assertEqual(costs, self._count(create) + 1)

    def test_new_contacts_cost_nothing(self):
        def create():
            self._partner("Newcomer", parent_id=self.stranger.id)

        create()
        costs = self._count(create)
        self._off(self.env["res.partner"])
        self.assertEqual(costs, self._count(create))

    def test_rollback_leaves_no_mark(self):
        order = self._quotations(1)
        self._triggers().unlink()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            order.action_confirm()
            self.env.flush_all()
            raise ZeroDivisionError
        self.assertEqual(self._dirty(), set())
        self.assertFalse(self._triggers())

    def test_marks_survive_a_savepoint(self):
        order = self._quotations(1)
        order.action_confirm()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            raise ZeroDivisionError
        self.assertEqual(self._dirty(), self._pairs(self.contact))


@tagged("post_install", "-at_install")
class TestDirtyAction(DirtyCase):
    """The scheduled action: woken once, and for all companies."""

    def setUp(self):
        super().setUp()
        self._sql(SQL("DELETE FROM ir_cron_trigger RETURNING 1"))
        self.env.cr.postcommit.clear()

    def _is_woken(self):
        """Whether the commit would wake the scheduled action."""
        self.env.cr.flush()
        calls = list(self.env.cr.postcommit._funcs)
        self.env.cr.postcommit.clear()
        self._dirty()
        return "_wake_soon" in [call.__name__ for call in calls]

    def _wake_up(self):
        """What happens after the commit: whether the cron workers were told."""
        self.env.flush_all()
        self.env["lifecycle.dirty"]._wake_up()
        told = len(self.env.cr.postcommit)
        self.env.cr.postcommit.clear()
        return bool(told)

    def test_woken_by_marks_only(self):
        order = self._order(self.contact, "2026-06-01", 10)
        self.assertTrue(self._is_woken())
        order.note = "Nothing that counts"
        self.env.cr.flush()
        self.assertFalse(self._is_woken())

    def test_woken_once(self):
        self.assertTrue(self._wake_up())
        self.assertEqual(len(self._triggers()), 1)
        self.assertFalse(self._wake_up())
        self.assertEqual(len(self._triggers()), 1)
        # used up by a run that may not have seen the marks
        self._triggers().unlink()
        self.assertTrue(self._wake_up())
        self.assertEqual(len(self._triggers()), 1)

    def test_later_trigger_is_not_due(self):
        self.cron._trigger(at=self.env.cr.now().replace(year=2100))
        self.assertTrue(self._wake_up())
        self.assertEqual(len(self._triggers()), 2)

    def test_not_woken_while_switched_off(self):
        self.cron.active = False
        self.assertFalse(self._wake_up())
        self.assertFalse(self._triggers())
        self._order(self.contact, "2026-06-01", 10)
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_marks_of_a_company_that_is_gone(self):
        self._sql(
            SQL(
                """INSERT INTO lifecycle_dirty (company_id, partner_id)
                VALUES (-1, 1), (%s, 1) RETURNING id""",
                self.company.id,
            )
        )
        dirty = self.env["lifecycle.dirty"]
        self.assertEqual(dirty._get_marked_companies(), self.company)
        self.assertEqual(self._dirty(), {(1, self.company.id)})


@tagged("post_install", "-at_install")
class TestDirtyRights(DirtyCase):
    """Anybody's change marks, nobody marks by hand."""

    def _user(self, login, groups):
        return new_test_user(
            self.env,
            login=login,
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_portal_user_confirms(self):
        order = self._order(self.contact, "2026-06-01", 10, state="sent")
        self._dirty()
        portal = self._user("buyer", "base.group_portal")
        # as the portal does when the customer signs or pays
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_portal_user_marks_as_himself(self):
        portal = self._user("buyer", "base.group_portal")
        orders = self.env["sale.order"].with_user(portal)
        orders.sudo().create({"partner_id": self.contact.id})
        orders.env.cr.flush()
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    def test_salesperson_confirms(self):
        seller = self._user("seller", "sales_team.group_sale_salesman_all_leads")
        order = self._order(self.contact, "2026-06-01", 10, state="draft")
        self._dirty()
        order.with_user(seller).with_context(
            allowed_company_ids=self.company.ids
        ).action_confirm()
        self.assertEqual(self._dirty(), self._pairs(self.contact))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_manager_reads_only(self):
        manager = self._user("manager", "lifecycle_crm.group_lifecycle_manager")
        user = self._user("user", "lifecycle_crm.group_lifecycle_user")
        self.env["lifecycle.dirty"].create(
            [
                {"company_id": self.company.id, "partner_id": 1},
                {"company_id": -1, "partner_id": 1},
            ]
        )
        dirty = self.env["lifecycle.dirty"].with_user(manager)
        self.assertEqual(dirty.search([]).mapped("company_id"), [self.company.id])
        for action in (
            lambda: dirty.create({"company_id": 1, "partner_id": 1}),
            lambda: dirty.search([]).write({"partner_id": 2}),
            lambda: dirty.search([]).unlink(),
            lambda: dirty.with_user(user).search([]),
        ):
            with self.assertRaises(AccessError):
                action()
