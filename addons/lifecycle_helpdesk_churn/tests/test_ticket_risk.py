"""Churn risk on tickets, and rules by risk."""

from ast import literal_eval

from lxml import etree

from odoo.tests import tagged

from odoo.addons.lifecycle_helpdesk.tests.helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestTicketRisk(HelpdeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = {}
        for risk, probability in (("low", 0.1), ("medium", 0.5), ("high", 0.9)):
            partner = cls._partner(f"Risk {risk}")
            cls._score(
                partner,
                churn_risk=risk,
                churn_probability=probability,
                clv_expected=100,
                revenue_at_risk=100 * probability,
            )
            cls.partners[risk] = partner
        cls.partners["unknown"] = cls._partner("Unknown")
        cls._score(cls.partners["unknown"])

    def test_agents_see_the_risk(self):
        made = {risk: self._ticket(partner) for risk, partner in self.partners.items()}
        mine = [("id", "in", [ticket.id for ticket in made.values()])]
        tickets = self._as(self.agent)
        high = tickets.browse(made["high"].id)
        self.assertEqual(high.churn_risk, "high")
        self.assertAlmostEqual(high.churn_probability, 0.9)
        for domain, risks in (
            ([("churn_risk", "=", "high")], {"high"}),
            ([("churn_probability", "<", 0.6)], {"low", "medium"}),
            ([("churn_probability", "=", False)], {"unknown"}),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(
                    set(tickets.search(mine + domain).ids),
                    {made[risk].id for risk in risks},
                )
        groups = tickets.formatted_read_group(
            mine, ["churn_risk"], ["revenue_at_risk:sum"]
        )
        sums = {group["churn_risk"]: group["revenue_at_risk:sum"] for group in groups}
        self.assertAlmostEqual(sums["high"], 90)
        self.assertNotIn("churn_risk", self._as(self._user("plain")).fields_get())

    def test_filter_counts_high_risk(self):
        made = {risk: self._ticket(partner) for risk, partner in self.partners.items()}
        arch = self.env["helpdesk.ticket"].get_view(view_type="search")["arch"]
        [domain] = etree.fromstring(arch).xpath(
            "//filter[@name='lifecycle_urgent']/@domain"
        )
        found = self._as(self.agent).search(
            [("company_id", "=", self.company.id), *literal_eval(domain)]
        )
        self.assertEqual(found.ids, made["high"].ids)

    def test_rules_by_risk(self):
        high = self._rule(name="High", sequence=1, risk_from="high", priority="3")
        risky = self._rule(name="Risky", sequence=2, risk_from="medium", priority="2")
        self.assertEqual(
            [
                self._ticket(self.partners[risk]).lifecycle_rule_ids
                for risk in ("low", "medium", "high", "unknown")
            ],
            [self.rules, risky, high | risky, self.rules],
        )
