"""A rule gives the tickets of a customer an SLA that others do not have."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.lifecycle_helpdesk.tests.helpdesk_common import HelpdeskCase


@tagged("post_install", "-at_install")
class TestRuleSla(HelpdeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._score(cls.customer)
        cls.other = cls._partner("Other")
        cls.team.write(
            {
                "use_sla": True,
                "resource_calendar_id": cls.company.resource_calendar_id.id,
            }
        )
        values = {"stage_id": cls.progress.id, "company_id": cls.company.id}
        slas = cls.env["helpdesk.sla"]
        slas.search([]).active = False
        cls.all = slas.create({"name": "All", "hours": 40, **values})
        cls.fast = slas.create({"name": "Fast", "hours": 4, **values})
        cls.rule = cls._rule(
            name="Valuable", value_min=500, sla_ids=[Command.set(cls.fast.ids)]
        )

    def test_for_the_tickets_of_the_rule(self):
        ours = self._ticket(team_id=self.team.id)
        theirs = self._ticket(self.other, team_id=self.team.id)
        self.assertEqual(ours.sla_ids, self.all | self.fast)
        self.assertEqual(theirs.sla_ids, self.all)
        bodies = " ".join(map(str, ours.message_ids.mapped("body")))
        self.assertIn("Rule “Valuable”: SLA: Fast", bodies)
        # and so it stays when somebody asks again
        ticket = self._as(self.agent).browse(ours.id)
        self.assertTrue(ticket.sla_fits)
        ours.refresh_sla()
        self.assertEqual(ours.sla_ids, self.all | self.fast)

    def test_together_with_the_team(self):
        self.rule.team_id = self.team
        ticket = self._ticket()
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.sla_ids, self.all | self.fast)

    def test_what_cannot_work_is_refused(self):
        self.team.use_sla = False
        with self.assertRaisesRegex(ValidationError, "Use SLA"), self.cr.savepoint():
            self.rule.team_id = self.team
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        foreign = self.fast.copy({"company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "Other Company"):
            self.rule.sla_ids = foreign

    def test_a_rule_may_say_nothing_else(self):
        with self.assertRaisesRegex(ValidationError, "changes nothing"):
            self.rule.sla_ids = False
