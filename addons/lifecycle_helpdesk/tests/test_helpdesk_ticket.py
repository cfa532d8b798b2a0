"""What a ticket shows of its customer, and what that costs."""

from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo.tests import tagged

from .ticket_list_common import TicketListCase


@tagged("post_install", "-at_install")
class TestHelpdeskTicket(TicketListCase):
    def test_profile_in_the_company_of_the_ticket(self):
        other = self._create_company("Other Company", "EUR")
        self.env.user.company_ids |= other
        self.env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (self.company | other).ids,
            }
        )
        child = self._partner("Child", parent_id=self.customer.id)
        self._score(self.customer, "loyal", clv_historic=1000)
        self._score(self.customer, "lapsed", company=other, clv_historic=7)
        ours, theirs = self._ticket(child), self._ticket(child, company=other)
        tickets = (ours | theirs).with_env(self.env)
        self.assertEqual(
            tickets.mapped("lifecycle_stage_id"),
            self._stage("loyal") | self._stage("lapsed"),
        )
        self.assertEqual(tickets.mapped("clv_historic"), [1000, 7])
        self.assertEqual(
            tickets.customer_currency_id, self.company.currency_id | other.currency_id
        )
        search = self.env["helpdesk.ticket"].search
        mine = [("id", "in", tickets.ids)]
        self.assertEqual(search([*mine, ("clv_historic", ">", 500)]).ids, ours.ids)
        self.assertEqual(
            search([*mine, ("lifecycle_stage_id", "=", "Lapsed")]).ids, theirs.ids
        )
        self.assertEqual(search(mine, order="clv_historic").ids, (theirs | ours).ids)

    def test_without_customer_or_profile(self):
        nobody = self.env["res.partner"]
        bare, unknown = self._ticket(nobody), self._ticket(self._partner("New"))
        known = self._ticket()
        self._score(self.customer)
        tickets = bare | unknown | known
        self.assertFalse((bare | unknown).lifecycle_profile_id)
        self.assertFalse(bare.clv_historic)
        found = self.env["helpdesk.ticket"].search(
            [("id", "in", tickets.ids)], order="clv_historic desc, id"
        )
        self.assertEqual(found, known | bare | unknown)
        self.assertEqual(
            found.search(
                [("id", "in", tickets.ids), ("lifecycle_stage_id", "=", False)]
            ),
            bare | unknown,
        )

    def test_totals_count_a_customer_once(self):
        self._score(self.customer, clv_historic=100)
        other = self._partner("Other")
        self._score(other, clv_historic=10)
        tickets = self._ticket() | self._ticket() | self._ticket(other)
        [(stage, total, count)] = self.env["helpdesk.ticket"]._read_group(
            [("id", "in", tickets.ids)],
            ["lifecycle_stage_id"],
            ["clv_historic:sum", "__count"],
        )
        self.assertEqual((stage, total, count), (self._stage("loyal"), 110, 3))

    def test_at_risk_and_valuable_and_waiting(self):
        day = timedelta(days=1)
        risk = {"at_risk_date": self.today - day, "lapse_date": self.today + day}
        urgent, cheap, calm, answered, lapsed = (
            self._partner(name)
            for name in ("Urgent", "Cheap", "Calm", "Answered", "Lapsed")
        )
        self._score(urgent, **risk)
        self._score(cheap, **risk, rfm_monetary=2)
        self._score(calm, at_risk_date=self.today + day, lapse_date=self.today + day)
        self._score(answered, **risk)
        self._score(lapsed, at_risk_date=self.today - day, lapse_date=self.today)
        tickets = {
            partner: self._ticket(partner)
            for partner in (urgent, cheap, calm, answered, lapsed)
        }
        self._answer(tickets[answered])
        at_risk = [ticket.lifecycle_at_risk for ticket in tickets.values()]
        self.assertEqual(at_risk, [True, True, False, True, False])
        arch = self.env["helpdesk.ticket"].get_view(view_type="search")["arch"]
        [domain] = etree.fromstring(arch).xpath(
            "//filter[@name='lifecycle_urgent']/@domain"
        )
        found = self._as(self.agent).search(
            [*literal_eval(domain), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(found.partner_id, urgent)

    def test_list_of_80_tickets(self):
        """At most three queries more, however much the neighbours know."""
        self._make_80_tickets()
        self._check_list_of_80(["lifecycle_stage_id", "clv_historic"])

    def test_profiles_count_tickets_in_one_query(self):
        profiles = self.env["lifecycle.profile"]
        for number in range(20):
            partner = self._partner(f"Customer {number}")
            profiles |= self._score(partner)
            self._ticket(self._partner("Child", parent_id=partner.id))
            self._ticket(partner, stage_id=self.done.id)
        profiles = self._as(
            self._user(
                "both",
                "helpdesk_mgmt.group_helpdesk_user",
                "lifecycle_crm.group_lifecycle_user",
            ),
            "lifecycle.profile",
        ).browse(profiles.ids)
        profiles.mapped("company_id.name"), profiles.mapped("partner_id.name")
        self.env["helpdesk.ticket.stage"].search([]).mapped("closed")
        profiles.env["helpdesk.ticket"].search_count([])
        with self.assertQueryCount(3):  # the tickets, and their stages
            counts = [(p.ticket_open_count, p.ticket_count) for p in profiles]
        self.assertEqual(counts, [(1, 2)] * 20)
        action = profiles[0].action_view_tickets()
        self.assertEqual(self.env["helpdesk.ticket"].search_count(action["domain"]), 2)
