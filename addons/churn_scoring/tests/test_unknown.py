"""Who has no score is in no comparison, wherever it is asked."""

from odoo.fields import Domain
from odoo.tests import tagged

from .churn_common import ChurnCase

NUMBERS = (
    "churn_probability",
    "expected_orders",
    "clv_expected",
    "clv_low",
    "clv_high",
    "revenue_at_risk",
    "revenue_year",
)
SHOWN = ("churn_probability", "expected_orders", "clv_expected", "revenue_at_risk")
CONDITIONS = [
    (operator, value)
    for operator in ("<", "<=", ">", ">=", "=", "!=")
    for value in (0, 0.5, -1)
]


@tagged("post_install", "-at_install")
class TestUnknown(ChurnCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("none", "zero", "half", "one"):
            cls._order(cls._partner(name), "2026-06-01", 100)
        cls._lead(cls._partner("Never Bought"), "2026-06-01")
        cls("test_search")._recompute()
        cls.profiles = cls.env["lifecycle.profile"].search(
            [("company_id", "=", cls.company.id)]
        )
        values = {"zero": 0, "half": 0.5, "one": 1}
        for profile in cls.profiles:
            value = values.get(profile.partner_id.name, False)
            profile.write(dict.fromkeys(NUMBERS, value))
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _expect(self, operator, value):
        compare = {
            "<": lambda n: n < value,
            "<=": lambda n: n <= value,
            ">": lambda n: n > value,
            ">=": lambda n: n >= value,
            "=": lambda n: n == value,
            "!=": lambda n: n != value,
        }[operator]
        known = {"zero": 0, "half": 0.5, "one": 1}
        found = {name for name, number in known.items() if compare(number)}
        # another value than 0.5: that is so of who has none, too
        return found | ({"none", "Never Bought"} if operator == "!=" else set())

    def _check(self, records, domain, expected, model=None):
        domain = Domain(domain) & Domain("id", "in", records.ids)
        names = "partner_id.name" if records._name != "res.partner" else "name"
        for way, found in (
            ("search", records.search(domain)),
            ("filter", records.filtered_domain(domain)),
        ):
            with self.subTest(model=records._name, way=way, domain=str(domain)):
                self.assertEqual(set(found.mapped(names)), expected)

    def test_search(self):
        self.assertEqual(len(self.profiles), 5)
        for name in NUMBERS:
            for operator, value in CONDITIONS:
                self._check(
                    self.profiles,
                    [(name, operator, value)],
                    self._expect(operator, value),
                )
            without = {"none", "Never Bought"}
            self._check(self.profiles, [(name, "=", False)], without)
            self._check(self.profiles, [(name, "!=", False)], {"zero", "half", "one"})
            self._check(self.profiles, [(name, "in", [1, False])], without | {"one"})

    def test_contacts_orders_and_leads(self):
        partners = self.profiles.partner_id
        orders = self.env["sale.order"].search([("partner_id", "in", partners.ids)])
        for name in SHOWN:
            for operator, value in CONDITIONS:
                expected = self._expect(operator, value)
                self._check(partners, [(name, operator, value)], expected)
            self._check(partners, [(name, "<", 0.1)], {"zero"})
            self._check(partners, [(name, "=", False)], {"none", "Never Bought"})
        for name in ("churn_probability", "clv_expected", "revenue_at_risk"):
            self._check(orders, [(name, "<", 0.1)], {"zero"})

    def test_export_and_read(self):
        by_name = {p.partner_id.name: p for p in self.profiles}
        exported = {
            name: by_name[name].export_data(list(SHOWN))["datas"][0] for name in by_name
        }
        self.assertEqual(exported["Never Bought"], [""] * len(SHOWN))
        self.assertEqual(exported["zero"], [0.0] * len(SHOWN))
        partner = by_name["none"].partner_id
        self.assertEqual(
            partner.export_data(list(SHOWN))["datas"][0], [""] * len(SHOWN)
        )
        [row] = by_name["none"].read(["churn_probability", "clv_expected"])
        self.assertIs(row["churn_probability"], False)
        [row] = by_name["zero"].read(["churn_probability"])
        self.assertEqual(row["churn_probability"], 0.0)
        self.assertIsNot(row["churn_probability"], False)

    def test_a_mean_leaves_out_who_has_none(self):
        [[mean]] = self.env["lifecycle.profile"]._read_group(
            [("id", "in", self.profiles.ids)], [], ["churn_probability:avg"]
        )
        self.assertAlmostEqual(mean, 0.5)
