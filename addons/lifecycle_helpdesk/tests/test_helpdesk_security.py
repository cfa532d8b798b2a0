"""Scores of customers do not leak through their tickets."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .helpdesk_common import HelpdeskCase

SHOWN = {
    "lifecycle_profile_id": 0,
    "lifecycle_stage_id": 0,
    "clv_historic": 1000,
    "rfm_code": "545",
    "waiting_since": "2020-01-01",
    "promise_state": "open",
}


@tagged("post_install", "-at_install")
class TestHelpdeskSecurity(HelpdeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other Company")
        cls.env.user.company_ids |= cls.other
        cls.portal = cls._user("portal", "base.group_portal")
        cls.plain = cls._user("plain")
        cls.personal = cls._user("personal", "helpdesk_mgmt.group_helpdesk_user_own")
        cls.foreigner = cls._user(
            "foreigner", "helpdesk_mgmt.group_helpdesk_user", company=cls.other
        )
        cls.profile = cls._score(cls.customer, revenue_total=4321)
        cls._score(cls.portal.partner_id)
        cls._rule(name="Promise", answer_hours=24)
        cls.ticket = cls._ticket()
        cls.portal_ticket = cls._ticket(cls.portal.partner_id)
        cls.ticket.message_subscribe(cls.plain.partner_id.ids)

    def test_agents_see_whom_they_serve(self):
        ticket = self._as(self.agent).browse(self.ticket.id)
        self.assertEqual(ticket.lifecycle_stage_id.display_name, "Loyal")
        self.assertEqual(ticket.clv_historic, 1000)
        self.assertEqual(ticket.rfm_code, "545")
        [read] = ticket.web_read(
            {
                "lifecycle_stage_id": {"fields": {"display_name": {}}},
                "lifecycle_profile_id": {"fields": {}},
                "clv_historic": {},
            }
        )
        self.assertEqual(read["lifecycle_stage_id"]["display_name"], "Loyal")
        tickets = self._as(self.agent)
        mine = [("id", "=", self.ticket.id)]
        for domain in (
            [("lifecycle_stage_id", "=", "Loyal")],
            [("clv_historic", ">", 500)],
            [("rfm_monetary", ">=", 4)],
        ):
            self.assertEqual(tickets.search(mine + domain).ids, self.ticket.ids)
            self.assertFalse(tickets.search(mine + ["!"] + domain))
        groups = tickets.formatted_read_group(
            mine, ["lifecycle_stage_id"], ["clv_historic:sum"]
        )
        self.assertEqual(groups[0]["clv_historic:sum"], 1000)
        self.assertEqual(
            tickets.search(mine, order="clv_historic desc").ids, self.ticket.ids
        )

    def test_agents_see_no_profiles(self):
        with self.assertRaises(AccessError):
            self._as(self.agent, "lifecycle.profile").search([])
        with self.assertRaises(AccessError):
            self._as(self.agent).browse(self.ticket.id).lifecycle_profile_id.read(
                ["revenue_total"]
            )
        tickets = self._as(self.agent)
        mine = [("id", "=", self.ticket.id)]
        for domain in (
            [("lifecycle_profile_id.revenue_total", "=", 4321)],
            [("lifecycle_profile_id", "any", [("revenue_total", ">", 0)])],
        ):
            self.assertFalse(tickets.search(mine + domain))
        revenue = "lifecycle_profile_id.revenue_total"
        with self.assertRaises(AccessError):
            tickets.search(mine, order=revenue)
        with self.assertRaises(AccessError):
            tickets.formatted_read_group(mine, [revenue], ["__count"])
        # Odoo knows no totals of a field of another model, whoever asks
        with self.assertRaisesRegex(ValueError, "dot notation"):
            tickets.formatted_read_group(mine, [], [f"{revenue}:sum"])
        # who may see profiles may ask for them
        seller = self._user(
            "seller",
            "helpdesk_mgmt.group_helpdesk_user",
            "lifecycle_crm.group_lifecycle_user",
        )
        self.assertTrue(
            self._as(seller).search(
                [*mine, ("lifecycle_profile_id.revenue_total", "=", 4321)]
            )
        )

    def test_agents_see_it_on_their_tickets_only(self):
        self.assertFalse(self._as(self.personal).search([("id", "=", self.ticket.id)]))
        with self.assertRaises(AccessError):
            self._as(self.personal).browse(self.ticket.id).read(["clv_historic"])
        self.ticket.user_id = self.personal
        read = self._as(self.personal).browse(self.ticket.id).read(["clv_historic"])
        self.assertEqual(read[0]["clv_historic"], 1000)

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.domains")
    def test_nobody_else_sees_it(self):
        for user, ticket in (
            (self.portal, self.portal_ticket),
            (self.plain, self.ticket),
        ):
            tickets = self._as(user)
            mine = [("id", "=", ticket.id)]
            self.assertTrue(tickets.search(mine))  # the ticket itself, they see
            for name, value in SHOWN.items():
                with self.subTest(user=user.login, field=name):
                    self.assertNotIn(name, tickets.fields_get())
                    with self.assertRaises(AccessError):
                        tickets.browse(ticket.id).read([name])
                    answers = set()
                    for operator in ("=", "!=", ">", "in"):
                        operand = [value] if operator == "in" else value
                        try:
                            found = tickets.search([*mine, (name, operator, operand)])
                        except (AccessError, ValueError):
                            continue
                        answers.add(bool(found))
                    self.assertLessEqual(len(answers), 1)
                    with self.assertRaises(AccessError):
                        tickets.search(mine, order=name)
                    with self.assertRaises(AccessError):
                        tickets.formatted_read_group(mine, [name], ["__count"])
            with self.assertRaises(AccessError):
                self._as(user, "lifecycle.ticket.rule").search([])

    def test_other_companies_see_nothing(self):
        self.assertFalse(self._as(self.foreigner).search([("id", "=", self.ticket.id)]))
        self.assertFalse(self._as(self.foreigner, "lifecycle.ticket.rule").search([]))
        theirs = self._ticket(company=self.other)
        self.assertFalse(
            self._as(self.foreigner).browse(theirs.id).lifecycle_profile_id
        )

    def test_who_changes_rules(self):
        with self.assertRaises(AccessError):
            self._as(self.agent, "lifecycle.ticket.rule").create(
                {"name": "Mine", "priority": "3"}
            )
        manager = self._user("manager", "helpdesk_mgmt.group_helpdesk_manager")
        rule = self._as(manager, "lifecycle.ticket.rule").create(
            {"name": "Mine", "priority": "3", "value_min": 10}
        )
        self.assertEqual(rule.company_id, self.company)
        self.assertEqual(self._ticket().priority, "3")
