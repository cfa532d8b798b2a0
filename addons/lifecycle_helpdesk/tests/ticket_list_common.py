"""What the list of tickets asks the database for, without and with our addons."""

from lxml import etree

from .helpdesk_common import HelpdeskCase

# Queries that we may add to a list, however long it is.
_MORE = 3


class TicketListCase(HelpdeskCase):
    @classmethod
    def _make_80_tickets(cls, **scores):
        """One of each of 80 customers.

        :param scores: functions from the number of a customer to a value of its
            profile
        """
        stages = cls.env["lifecycle.stage"].search([], limit=4)
        segments = cls.env["lifecycle.segment"].search([], limit=4)
        for number in range(80):
            partner = cls._partner(f"Customer {number}")
            cls._score(
                partner,
                stage_id=stages[number % 4].id,
                segment_id=segments[number % 4].id,
                **{name: value(number) for name, value in scores.items()},
            )
            cls._ticket(partner, team_id=cls.team.id, user_id=cls.agent.id)

    def _check_list_of_80(self, names):
        """:param names: fields of ours that the list must have"""
        arch = self._as(self.agent).get_view(
            self.env.ref("helpdesk_mgmt.ticket_view_tree").id, "list"
        )["arch"]
        ours = self._get_specification(arch)
        theirs = {name: spec for name, spec in ours.items() if not self._is_ours(name)}
        self.assertLessEqual({*names}, ours.keys() - theirs.keys())
        self.assertIn("stage_id", theirs)
        self._count_queries(ours)  # what is read once, whatever is asked
        without, with_ours = self._count_queries(theirs), self._count_queries(ours)
        self.assertLessEqual(with_ours, without + _MORE, (without, with_ours))

    def _is_ours(self, name):
        """Whether a field of tickets is there by addons of this suite alone."""
        modules = self.env["helpdesk.ticket"]._fields[name]._modules
        return all(
            module.author == "Customer Lifecycle Contributors"
            for module in map(self.env["ir.module.module"]._get, modules)
        )

    def _get_specification(self, arch):
        """What the web client asks for to show a list."""
        model = self.env["helpdesk.ticket"]
        nodes = {
            node.get("name"): node
            for node in etree.fromstring(arch).xpath("//list/field")
            if node.get("name") != "activity_ids"
        }
        # no names of what the list never shows
        return {
            name: {}
            if not model._fields[name].relational
            else {"fields": {}}
            if node.get("column_invisible") in ("True", "1")
            else {"fields": {"display_name": {}}}
            for name, node in nodes.items()
        }

    def _count_queries(self, specification):
        tickets = self._as(self.agent)
        tickets.web_search_read([], {}, limit=1)  # rights of the user, once
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found = tickets.web_search_read(
            [("company_id", "=", self.company.id)], specification, limit=80
        )
        self.assertEqual(len(found["records"]), 80)
        return self.env.cr.sql_log_count - before
