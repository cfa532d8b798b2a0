from odoo.tests import tagged

from .common import TODAY, LifecycleCase


@tagged("post_install", "-at_install")
class TestTotals(LifecycleCase):
    """A total counts each customer once, however many records show its value."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._partner("Buyer", is_company=True)
        cls.contacts = [
            cls._partner(name, parent_id=cls.buyer.id) for name in ("Ann", "Ben")
        ]
        cls.other = cls._partner("Other")
        cls._order(cls.contacts[0], TODAY, 1000)
        cls._order(cls.other, TODAY, 50)
        for partner in (cls.buyer, *cls.contacts, cls.other):
            cls._lead(partner, TODAY)

    def setUp(self):
        super().setUp()
        self._recompute()

    def _read(self, model, domain):
        records = self.env[model].with_company(self.company)
        [row] = records.formatted_read_group(
            domain,
            [],
            ["__count", "clv_historic:sum", "clv_historic:sum_currency"],
        )
        return row["__count"], row["clv_historic:sum"], row["clv_historic:sum_currency"]

    def test_contacts_show_the_value_of_their_company(self):
        partners = self.buyer | self.contacts[0] | self.contacts[1]
        for partner in partners.with_company(self.company):
            self.assertEqual(partner.clv_historic, 1000)

    def test_contacts(self):
        ids = [self.buyer.id, self.other.id, *(c.id for c in self.contacts)]
        found = self._read("res.partner", [("id", "in", ids)])
        self.assertEqual(found, (4, 1050, 1050))

    def test_orders_and_average_of_contacts(self):
        ids = [self.buyer.id, self.other.id, *(c.id for c in self.contacts)]
        partners = self.env["res.partner"].with_company(self.company)
        [[orders, average]] = partners._read_group(
            [("id", "in", ids)],
            [],
            ["lifecycle_order_count:sum", "clv_historic:avg"],
        )
        self.assertEqual((orders, average), (2, 525))

    def test_leads(self):
        found = self._read("crm.lead", [("company_id", "=", self.company.id)])
        self.assertEqual(found, (4, 1050, 1050))

    def test_leads_by_stage_of_the_customer(self):
        groups = (
            self.env["crm.lead"]
            .with_company(self.company)
            ._read_group(
                [("company_id", "=", self.company.id)],
                ["lifecycle_stage_id"],
                ["clv_historic:sum", "clv_historic:avg"],
            )
        )
        self.assertEqual(
            [(stage.name, total, mean) for stage, total, mean in groups],
            [("New", 1050, 525)],
        )
