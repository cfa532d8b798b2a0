from datetime import date

from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .common import ContractCase

NAMES = ("order_count", "revenue_total", "first_order_date", "last_order_date")


@tagged("post_install", "-at_install")
class TestContractTransactions(ContractCase):
    """What is charged counts as a purchase, beside all the others."""

    def test_charges_count_beside_orders(self):
        self._order(self.tenant, "2026-01-20", 500)
        self._contract(
            self.tenant,
            "2026-01-01",
            "2026-12-31",
            [("2026-02-01", 100), ("2026-03-01", 120), ("2026-03-09", -20)],
        )
        self._recompute()
        self.assertEqual(
            self._facts(self.tenant, *NAMES),
            (3, 700, date(2026, 1, 20), date(2026, 3, 1)),
        )
        rows = self.env["lifecycle.transaction"].search(
            [("partner_id", "=", self.tenant.id), ("source", "=", "contract_charge")]
        )
        self.assertEqual(
            sorted((str(row.date), row.amount, row.is_order) for row in rows),
            [
                ("2026-02-01", 100, True),
                ("2026-03-01", 120, True),
                ("2026-03-09", -20, False),
            ],
        )
        action = rows[0].action_open_document()
        self.assertEqual(action["res_model"], "example.contract.charge")

    def test_they_count_beside_invoices_too(self):
        self._order(self.tenant, "2026-01-20", 500)  # not invoiced
        self._contract(self.tenant, "2026-01-01", "2026-12-31", [("2026-02-01", 100)])
        self.company.lifecycle_source = "invoice"
        self._recompute()
        self.assertEqual(
            self._facts(self.tenant, "order_count", "revenue_total"), (1, 100)
        )

    def test_a_contact_of_a_company_buys_for_it(self):
        contact = self._customer("Janitor", parent_id=self.tenant.id)
        self._contract(contact, "2026-01-01", "2026-12-31", [("2026-02-01", 100)])
        self._recompute()
        self.assertEqual(self._facts(self.tenant, "revenue_total"), (100,))

    def test_other_companies_see_nothing_of_it(self):
        other = self._create_company("Other Company")
        self._contract(
            self.tenant, "2026-01-01", "2026-12-31", [("2026-02-01", 9)], company=other
        )
        self._order(self.tenant, "2026-01-20", 500)
        self._recompute(self.company | other)
        self.assertEqual(self._facts(self.tenant, "revenue_total"), (500,))
        facts = self._facts(self.tenant, "revenue_total", company=other)
        self.assertEqual(facts, (9,))

    def test_as_of_a_day_of_the_past(self):
        self._contract(
            self.tenant,
            "2026-01-01",
            "2026-12-31",
            [("2026-02-01", 100), ("2026-03-01", 120)],
        )
        query = self.env["lifecycle.transaction"]._get_query(
            self.company, date(2026, 2, 28), self.tenant.ids
        )
        self.env.flush_all()
        rows = self.env.execute_query(query)
        self.assertEqual([row[2] for row in rows], [100])

    def test_shown_at_once_and_the_same_at_night(self):
        self._order(self.tenant, "2026-01-20", 500)
        self._recompute()
        self._dirty()
        contract = self._contract(self.tenant, "2026-01-01", "2026-12-31")
        charge = self.env["example.contract.charge"].create(
            {"contract_id": contract.id, "date": TODAY, "amount": 80}
        )
        self._refresh()
        self.assertEqual(self._facts(self.tenant, *NAMES)[:2], (2, 580))
        charge.amount = 90
        self._refresh()
        at_once = self._facts(self.tenant, *NAMES, "rfm_code", "stage_id")
        self.assertEqual(at_once[:2], (2, 590))
        self._recompute()
        self.assertEqual(
            self._facts(self.tenant, *NAMES, "rfm_code", "stage_id"), at_once
        )
        charge.unlink()
        self._refresh()
        self.assertEqual(self._facts(self.tenant, *NAMES)[:2], (1, 500))

    def test_another_customer_marks_both(self):
        self._recompute()
        contract = self._contract(
            self.tenant, "2026-01-01", "2026-12-31", [("2026-02-01", 100)]
        )
        other = self._customer("Other")
        self._dirty()
        contract.partner_id = other
        pairs = {(partner.id, self.company.id) for partner in (self.tenant, other)}
        self.assertEqual(self._dirty(), pairs)
