"""Which rules hold for a ticket, and what they decide together."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS

_logger = logging.getLogger(__name__)


class LifecycleTicketRule(models.Model):
    _inherit = "lifecycle.ticket.rule"

    def _get_customer_domain(self, today):
        """Condition on the profile, without what somebody typed; TRUE: anybody.

        Another addon adds what it knows of customers.
        """
        self.ensure_one()
        domain = Domain.TRUE
        if self.stage_ids:
            domain &= Domain("stage_id", "in", self.stage_ids.ids)
        if self.segment_ids:
            domain &= Domain("segment_id", "in", self.segment_ids.ids)
        if self.at_risk:
            domain &= Domain("at_risk_date", "<=", today)
            domain &= Domain("lapse_date", "=", False) | Domain(
                "lapse_date", ">", today
            )
        if self.value_min:
            domain &= Domain("clv_historic", ">=", self.value_min)
        return domain

    @api.model
    def _find_rules(self, tickets):
        """Rules that hold for each of some new tickets: ``{ticket id: rules}``.

        One query for each rule with a condition, however many tickets there are.
        """
        found = {}
        for company, theirs in tickets.grouped("company_id").items():
            # what the company decided, whoever makes the ticket
            rules = self.sudo().search([("company_id", "=", company.id)])
            for rule in rules:
                of_category = theirs.filtered(
                    lambda ticket, rule=rule: (
                        not rule.category_ids or ticket.category_id in rule.category_ids
                    )
                )
                customers = of_category.commercial_partner_id
                known = rule._find_customers(customers) if of_category else None
                for ticket in of_category:
                    if known is None or ticket.commercial_partner_id.id in known:
                        found[ticket.id] = found.get(ticket.id, self.browse()) | rule
        return found

    def _find_customers(self, customers):
        """Ids of those of some customers for whom the rule holds; None: of anybody."""
        self.ensure_one()
        company = self.company_id
        today = company._get_lifecycle_today()
        try:
            domain = self._get_customer_domain(today)
            typed = self._parse_text(self.profile_domain)
            if domain.is_true() and typed is None:
                return None
            profiles = self._get_profiles(company, today)
            if typed is not None:
                domain &= self._resolve_domain(typed, profiles, today, company)
            domain &= Domain("company_id", "=", company.id)
            domain &= Domain("partner_id", "in", customers.ids)
            with self.env.cr.savepoint():
                return set(profiles.search(domain).partner_id.ids)
        except REFUSALS as error:
            # a rule must not keep a customer from being heard
            _logger.exception("The rule for tickets %s cannot be asked", self.id)
            self.error = self._explain(error, None)
            return set()

    def _decide(self, ticket):
        """What rules that hold for a ticket decide: values, and words for each rule.

        :return: ``(values of the ticket, [(rule, [what it decided])])``
        """
        values, told = {}, []
        team = ticket.team_id
        for rule in self:
            said = []
            if rule.priority and "priority" not in values:
                values["priority"] = rule.priority
                said.append(self.env._("priority: %s", rule._say_priority()))
            if rule.team_id and "team_id" not in values:
                team = rule.team_id
                values["team_id"] = team.id
                said.append(self.env._("team: %s", team.display_name))
            if rule.user_id and "user_id" not in values:
                # a later rule may name a team, but not this person out of it
                if not team or rule.user_id in team.user_ids:
                    values["user_id"] = rule.user_id.id
                    said.append(self.env._("assignee: %s", rule.user_id.name))
                else:
                    said.append(
                        self.env._(
                            "%(user)s is not in the team “%(team)s” and was not "
                            "assigned",
                            user=rule.user_id.name,
                            team=team.display_name,
                        )
                    )
            if rule.answer_hours and "promise_rule_id" not in values:
                values.update(rule._get_promise(ticket))
                said.append(self.env._("answer promised: %s", rule._say_promise()))
            said += rule._decide_more(ticket, values)
            told.append((rule, said))
        return values, told

    def _decide_more(self, ticket, values):
        """For other addons: add to the values, and return what was decided in words."""
        return []

    def _get_promise(self, ticket):
        self.ensure_one()
        made = ticket.create_date or fields.Datetime.now()
        return {
            "promise_rule_id": self.id,
            "promise_deadline": made + timedelta(hours=self.answer_hours),
            "promise_state": "open",
        }

    def _say_priority(self):
        selection = self._fields["priority"]._description_selection(self.env)
        return dict(selection)[self.priority]

    def _say_promise(self):
        return self.env._("within %s hours", f"{self.answer_hours:g}")
