"""The tier of the customer on tickets, rules by tier, and the promise to a tier."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.lifecycle_helpdesk.tests.ticket_list_common import TicketListCase


@tagged("post_install", "-at_install")
class TestTicketTier(TicketListCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._program(cls.company)
        cls.silver, cls.gold = cls.program.tier_ids
        cls._score(cls.customer, tier_id=cls.gold.id)
        cls.other = cls._partner("Silver Member")
        cls._score(cls.other, tier_id=cls.silver.id)

    @classmethod
    def _program(cls, company):
        return cls.env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "company_id": company.id,
                "tier_ids": [
                    Command.create({"name": "Silver", "threshold": 100}),
                    Command.create({"name": "Gold", "threshold": 1000, "color": 3}),
                ],
            }
        )

    def test_agents_see_the_tier(self):
        gold, silver = self._ticket(), self._ticket(self.other)
        mine = [("id", "in", (gold | silver).ids)]
        tickets = self._as(self.agent)
        ticket = tickets.browse(gold.id)
        self.assertEqual(ticket.loyalty_tier_id.display_name, self.gold.display_name)
        self.assertEqual(ticket.loyalty_tier_color, 3)
        found = tickets.search([*mine, ("loyalty_tier_id", "=", self.gold.id)])
        self.assertEqual(found.ids, gold.ids)
        groups = tickets.formatted_read_group(mine, ["loyalty_tier_id"], ["__count"])
        self.assertEqual(len(groups), 2)
        plain = self._as(self._user("plain"))
        self.assertNotIn("loyalty_tier_id", plain.fields_get())

    def test_promise_to_a_tier(self):
        rule = self._rule(
            name="Gold", tier_ids=[Command.set(self.gold.ids)], answer_hours=24
        )
        self.assertEqual(self._ticket().promise_rule_id, rule)
        self.assertFalse(self._ticket(self.other).promise_rule_id)
        self._answer(self._ticket())
        self.env["helpdesk.ticket"].flush_model()
        self.assertIn(
            "Gold, answered within 24 hours: kept 100 %", rule.promise_summary
        )

    def test_tier_of_another_company_is_refused(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        foreign = self._program(other).tier_ids[0]
        with self.assertRaisesRegex(ValidationError, "Other Company"):
            self._rule(tier_ids=[Command.set(foreign.ids)], answer_hours=24)

    def test_list_of_80_tickets(self):
        """Of members, and whatever else is installed shows its columns, too."""
        scores = {"tier_id": lambda number: self.program.tier_ids[number % 2].id}
        if "churn_risk" in self.env["lifecycle.profile"]._fields:
            scores["churn_risk"] = lambda number: ("low", "high")[number % 2]
            scores["churn_probability"] = lambda number: number / 100
            scores["clv_expected"] = lambda number: 10 * number
        self._make_80_tickets(**scores)
        self._check_list_of_80(["lifecycle_stage_id", "loyalty_tier_id"])
