from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import ContractCase


class ScreenCase(ContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._contract(cls.tenant, "2025-07-01", "2026-07-20", [("2026-01-01", 240)])
        cls.other = cls._customer("Other")
        cls._contract(cls.other, "2025-07-01", "2026-12-31", [("2026-01-01", 30)])
        cls.seller = new_test_user(
            cls.env,
            "contract_seller",
            "sales_team.group_sale_salesman_all_leads",
            password="contract_seller_password",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )


@tagged("post_install", "-at_install")
class TestContractScreens(ScreenCase):
    def _data(self, **options):
        dashboard = self.env["lifecycle.dashboard"].with_user(self.seller)
        return dashboard.with_company(self.company).get_data(**options)

    def test_sum_and_part_of_the_dashboard(self):
        self._recompute()
        data = self._data()
        sums = {row["name"]: row for row in data["totals"]["sums"]}
        self.assertEqual(sums["contract_revenue"]["value"], 270)
        self.assertEqual(sums["contract_revenue"]["string"], "Contracts, 12 Months")
        [line] = data["contracts"]
        self.assertEqual(
            (line["name"], line["count"], line["value"]), ("July 2026", 1, 240)
        )
        found = self.env["lifecycle.profile"].search(
            [*line["domain"], ("company_id", "=", self.company.id)]
        )
        self.assertEqual(found.partner_id, self.tenant)

    def test_of_ones_own_customers(self):
        self._recompute()
        self.assertFalse(self._data(owner="mine")["contracts"])
        self.tenant.user_id = self.seller
        self.assertEqual(len(self._data(owner="mine")["contracts"]), 1)

    def test_report_by_any_measure(self):
        self._recompute()
        [[total]] = self.env["lifecycle.profile"]._read_group(
            [("company_id", "=", self.company.id)], [], ["contract_revenue:sum"]
        )
        self.assertEqual(total, 270)

    def test_not_for_portal_users(self):
        self._recompute()
        portal = new_test_user(self.env, "contract_portal", "base.group_portal")
        for model in ("example.contract", "example.contract.charge"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(portal).search([])

    def test_of_own_companies(self):
        other = self._create_company("Other Company")
        self._contract(self.tenant, "2026-01-01", "2026-12-31", company=other)
        seen = self.env["example.contract"].with_user(self.seller).search([])
        self.assertEqual(seen.company_id, self.company)


@tagged("post_install", "-at_install")
class TestContractTour(ScreenCase, HttpCase):
    def test_from_the_dashboard_to_the_customer(self):
        self._recompute()
        self.start_tour(
            "/odoo/lifecycle", "lifecycle_example_contract", login=self.seller.login
        )
