"""Rules decide about new tickets: in order, and they tell what they did."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .helpdesk_common import HelpdeskCase

MAIL = """\
From: Customer <{sender}>
To: care@example.com
Subject: The box was empty
Message-ID: <{sender}-1@example.com>
Content-Type: text/plain

Please help.
"""


@tagged("post_install", "-at_install")
class TestHelpdeskRules(HelpdeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._score(cls.customer)
        cls.expert = cls._user("expert", "helpdesk_mgmt.group_helpdesk_user")
        cls.experts = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Experts",
                "company_id": cls.company.id,
                "user_ids": [Command.set(cls.expert.ids)],
            }
        )

    def _log(self, ticket):
        return " ".join(
            str(body)
            for body in ticket.message_ids.mapped("body")
            if body and "Rule" in body
        )

    def test_first_rule_decides_each_thing(self):
        loyal = self._stage("loyal")
        first = self._rule(
            name="Loyal", sequence=1, stage_ids=[Command.set(loyal.ids)], priority="3"
        )
        second = self._rule(
            name="All",
            sequence=2,
            priority="0",
            team_id=self.experts.id,
            user_id=self.expert.id,
        )
        ticket = self._ticket()
        self.assertEqual(ticket.lifecycle_rule_ids, first | second)
        self.assertEqual(ticket.priority, "3")
        self.assertEqual((ticket.team_id, ticket.user_id), (self.experts, self.expert))
        self.assertTrue(ticket.assigned_date)
        log = self._log(ticket)
        self.assertIn("Rule “Loyal”: priority: Very High", log)
        self.assertIn("Rule “All”: team: Experts, assignee: Expert User", log)
        # the other way round
        second.sequence = 0
        self.assertEqual(self._ticket().priority, "0")
        # another customer
        stranger = self._ticket(self._partner("Stranger"))
        self.assertEqual(stranger.lifecycle_rule_ids, second)

    def test_conditions(self):
        category = self.env["helpdesk.ticket.category"].create({"name": "Returns"})
        segments = self.env.ref("lifecycle_crm.segment_loyal")
        for values, holds in (
            ({"stage_ids": [Command.set(self._stage("loyal").ids)]}, True),
            ({"stage_ids": [Command.set(self._stage("lapsed").ids)]}, False),
            ({"segment_ids": [Command.set(segments.ids)]}, True),
            ({"value_min": 1000}, True),
            ({"value_min": 1000.01}, False),
            ({"at_risk": True}, False),
            ({"profile_domain": "[('rfm_monetary', '>=', 5)]"}, True),
            ({"profile_domain": "[('rfm_monetary', '<', 5)]"}, False),
            ({"category_ids": [Command.set(category.ids)]}, False),
        ):
            with self.subTest(**values):
                rule = self._rule(priority="3", **values)
                self.assertEqual(bool(self._ticket().lifecycle_rule_ids), holds)
                rule.unlink()
        rule = self._rule(priority="3", category_ids=[Command.set(category.ids)])
        self.assertEqual(self._ticket(category_id=category.id).lifecycle_rule_ids, rule)
        # of nobody nothing is known, so only rules without a condition hold
        nobody = self._ticket(self.env["res.partner"], category_id=category.id)
        self.assertEqual(nobody.lifecycle_rule_ids, rule)
        rule.value_min = 0.01
        nobody = self._ticket(self.env["res.partner"], category_id=category.id)
        self.assertFalse(nobody.lifecycle_rule_ids)

    def test_of_the_own_company_only(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        self._rule(priority="3", company_id=other.id)
        self.assertFalse(self._ticket().lifecycle_rule_ids)
        # what another company knows of the customer does not count
        self._score(self.customer, "lapsed", company=other)
        self._rule(priority="3", stage_ids=[Command.set(self._stage("lapsed").ids)])
        self.assertFalse(self._ticket().lifecycle_rule_ids)

    def test_assignee_who_is_not_in_the_team(self):
        self._rule(name="Who", user_id=self.expert.id)
        ticket = self._ticket(team_id=self.team.id)
        self.assertNotEqual(ticket.user_id, self.expert)
        self.assertIn("Expert User is not in the team “Care”", self._log(ticket))

    def test_agent_hands_on_what_it_may_not_see(self):
        self._rule(team_id=self.experts.id, user_id=self.expert.id)
        personal = self._user("own", "helpdesk_mgmt.group_helpdesk_user_own")
        ticket = self._as(personal).create(
            {
                "name": "Help",
                "description": "x",
                "partner_id": self.customer.id,
                "user_id": personal.id,
            }
        )
        self.assertEqual(ticket.sudo().user_id, self.expert)

    def test_customer_known_later(self):
        rule = self._rule(priority="3", value_min=500)
        ticket = self._ticket(self.env["res.partner"], partner_email="x@example.com")
        self.assertFalse(ticket.lifecycle_rule_ids)
        ticket.partner_id = self.customer
        self.assertEqual(ticket.lifecycle_rule_ids, rule)
        self.assertEqual(ticket.priority, "3")
        # what an agent decided since, stays
        ticket.priority = "1"
        ticket.partner_id = self._partner("Somebody else")
        ticket.partner_id = self.customer
        self.assertEqual(ticket.priority, "1")

    def test_mail_gateway(self):
        self._rule(name="Valuable", value_min=500, priority="3")
        domain = self.env["mail.alias.domain"].create({"name": "example.com"})
        self.company.alias_domain_id = domain
        self.team.alias_id.write({"alias_name": "care", "alias_domain_id": domain.id})
        found = self.env["helpdesk.ticket"]
        for sender in (self.customer.email, "stranger@example.com"):
            before = found.search([]).ids
            self.env["mail.thread"].with_context(
                tracking_disable=False
            ).message_process(False, MAIL.format(sender=sender))
            found |= found.search([("id", "not in", before)])
        ours, theirs = found
        self.assertEqual(ours.partner_id, self.customer)
        self.assertEqual((ours.priority, ours.team_id), ("3", self.team))
        self.assertIn("Rule “Valuable”", self._log(ours))
        self.assertEqual(theirs.priority, "1")
        self.assertTrue(ours.waiting_since)

    def test_bad_rules_are_refused(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        foreign = self.env["helpdesk.ticket.team"].create(
            {"name": "Foreign", "company_id": other.id}
        )
        for values, words in (
            ({}, "changes nothing"),
            ({"priority": "3", "profile_domain": "[('nonsense', '=', 1)]"}, "nonsense"),
            ({"priority": "3", "profile_domain": "[("}, "filter"),
            ({"answer_hours": -1}, "Enter hours from 0"),
            ({"answer_hours": 9000}, "Enter hours from 0"),
            ({"priority": "3", "value_min": -5}, "Enter an amount"),
            ({"team_id": foreign.id}, "Foreign"),
            (
                {"team_id": self.team.id, "user_id": self.expert.id},
                "is not in the team",
            ),
        ):
            with (
                self.subTest(**values),
                self.assertRaisesRegex(ValidationError, words),
                self.cr.savepoint(),
            ):
                self._rule(name="Bad", **values)

    def test_rule_that_broke_later_keeps_nobody_from_being_heard(self):
        rule = self._rule(name="Broken", priority="3", value_min=1)
        good = self._rule(name="Good", sequence=20, priority="2")
        self.env.cr.execute(
            "UPDATE lifecycle_ticket_rule SET profile_domain = %s WHERE id = %s",
            ["[('gone_field', '=', 1)]", rule.id],
        )
        self.env.invalidate_all()
        with mute_logger(
            "odoo.addons.lifecycle_helpdesk.models.lifecycle_ticket_rule_apply"
        ):
            ticket = self._ticket()
        self.assertEqual(ticket.lifecycle_rule_ids, good)
        self.assertEqual(ticket.priority, "2")
        self.assertIn("gone_field", rule.error)
        rule.profile_domain = False
        self.assertFalse(rule.error)

    def test_many_tickets_at_once(self):
        self._rule(value_min=500, priority="3")
        self._rule(stage_ids=[Command.set(self._stage("loyal").ids)], answer_hours=8)
        asked = []
        profiles = type(self.env["lifecycle.profile"])
        search = profiles.search

        def count(model, *args, **kwargs):
            asked.append(args)
            return search(model, *args, **kwargs)

        with patch.object(profiles, "search", count):
            tickets = self.env["helpdesk.ticket"].create(
                [
                    {
                        "name": f"Ticket {number}",
                        "description": "x",
                        "partner_id": self.customer.id,
                        "company_id": self.company.id,
                    }
                    for number in range(30)
                ]
            )
        self.assertEqual(len(asked), 2)  # one for each rule
        self.assertEqual(set(tickets.mapped("priority")), {"3"})
