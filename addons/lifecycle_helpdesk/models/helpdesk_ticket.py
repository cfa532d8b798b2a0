"""Whom a ticket is about: the customer's profile in the company of the ticket.

Agents see a few figures of the customers whose tickets they may read, and no profile
of anybody else: they need no sales rights for it.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import (
    ProfileMany2one,
    search_profile,
)

# Agents, and who sees the scores anyway; not portal users, who read their tickets.
TICKET_GROUPS = (
    "helpdesk_mgmt.group_helpdesk_user_own,lifecycle_crm.group_lifecycle_user"
)


class TicketProfileMany2one(ProfileMany2one):
    """Virtual many2one to the profile of the customer in the ticket's company."""

    def join(self, model, alias, query):
        comodel = model.env[self.comodel_name]
        coalias = query.make_alias(alias, self.name)
        query.add_join(
            "LEFT JOIN",
            coalias,
            comodel._table_sql,
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(coalias, "partner_id"),
                model._field_to_sql(alias, "commercial_partner_id", query),
                SQL.identifier(coalias, "company_id"),
                model._field_to_sql(alias, "company_id", query),
            ),
        )
        return comodel, coalias


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "lifecycle.mixin"]

    lifecycle_profile_id = TicketProfileMany2one(
        "lifecycle.profile",
        string="Customer Profile",
        compute="_compute_lifecycle_profile_id",
        search="_search_lifecycle_profile_id",
        compute_sudo=True,
        groups=TICKET_GROUPS,
        help="Profile of the customer in the company of the ticket.",
    )
    customer_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the Company",
        compute="_compute_customer_currency_id",
        groups=TICKET_GROUPS,
    )
    lifecycle_stage_id = fields.Many2one(
        related="lifecycle_profile_id.stage_id",
        string="Customer's Stage",
        groups=TICKET_GROUPS,
    )
    lifecycle_stage_color = fields.Integer(
        related="lifecycle_profile_id.stage_color",
        string="Colour of the Customer's Stage",
        aggregator=None,
        groups=TICKET_GROUPS,
    )
    lifecycle_segment_id = fields.Many2one(
        related="lifecycle_profile_id.segment_id",
        string="Customer's Segment",
        groups=TICKET_GROUPS,
    )
    lifecycle_segment_color = fields.Integer(
        related="lifecycle_profile_id.segment_color",
        string="Colour of the Customer's Segment",
        aggregator=None,
        groups=TICKET_GROUPS,
    )
    rfm_code = fields.Char(
        related="lifecycle_profile_id.rfm_code", groups=TICKET_GROUPS
    )
    rfm_monetary = fields.Integer(
        related="lifecycle_profile_id.rfm_monetary",
        string="Customer's Value (1-5)",
        aggregator=None,
        groups=TICKET_GROUPS,
    )
    clv_historic = fields.Monetary(
        related="lifecycle_profile_id.clv_historic",
        string="Customer's Historic Value",
        currency_field="customer_currency_id",
        aggregator="sum",
        groups=TICKET_GROUPS,
        help="What the customer has brought since the first purchase, untaxed and net "
        "of returns. Totals count each customer once.",
    )
    lifecycle_order_count = fields.Integer(
        related="lifecycle_profile_id.order_count",
        string="Customer's Orders",
        aggregator="sum",
        groups=TICKET_GROUPS,
    )
    last_order_date = fields.Date(
        related="lifecycle_profile_id.last_order_date",
        string="Customer's Last Order",
        groups=TICKET_GROUPS,
    )
    at_risk_date = fields.Date(
        related="lifecycle_profile_id.at_risk_date",
        string="Customer at Risk From",
        groups=TICKET_GROUPS,
    )
    lapse_date = fields.Date(
        related="lifecycle_profile_id.lapse_date",
        string="Customer Lapsed From",
        groups=TICKET_GROUPS,
    )
    lifecycle_at_risk = fields.Boolean(
        string="Customer is at Risk",
        compute="_compute_lifecycle_at_risk",
        compute_sudo=True,
        groups=TICKET_GROUPS,
        help="The next order is overdue, and the customer has not lapsed yet.",
    )
    lifecycle_play_id = fields.Many2one(
        "lifecycle.play",
        string="Made by the Play",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=TICKET_GROUPS,
        help="A play opened this ticket; the customer did not ask for anything.",
    )

    # the customer is asked for by profiles, the gate, plays and evidence
    _customer_company_idx = models.Index("(commercial_partner_id, company_id)")

    @api.depends("commercial_partner_id", "company_id")
    def _compute_lifecycle_profile_id(self):
        # read with all that is shown of it, in one query; of archived contacts, too
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        names = [
            name
            for name, field in profiles._fields.items()
            if field.store and field.column_type  # else the history is read, too
        ]
        profiles = profiles.search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            [name for name in names if name != "id"],
        )
        known = {(p.partner_id.id, p.company_id.id): p for p in profiles}
        for ticket in self:
            key = ticket.commercial_partner_id.id, ticket.company_id.id
            ticket.lifecycle_profile_id = known.get(key)

    @api.depends("company_id.currency_id")
    def _compute_customer_currency_id(self):
        known = self.env["res.company"]._get_ticket_currencies()
        for ticket in self:
            ticket.customer_currency_id = known.get(ticket.company_id.id)

    @api.depends("at_risk_date", "lapse_date")
    def _compute_lifecycle_at_risk(self):
        for ticket in self:
            today = ticket.company_id._get_lifecycle_today()
            since, until = ticket.at_risk_date, ticket.lapse_date
            ticket.lifecycle_at_risk = bool(
                since and since <= today and (not until or today < until)
            )

    @api.model
    def _search_lifecycle_profile_id(self, operator, value):
        if operator == "any" and not self._may_ask_profiles():
            return Domain.FALSE  # agents ask for what the ticket shows, as "any!"
        return search_profile(self, operator, value)

    @api.model
    def _may_ask_profiles(self):
        """Whether the user may ask for anything of a profile, not for a few figures."""
        return self.env.su or self.env["lifecycle.profile"].has_access("read")

    def _field_to_sql(self, alias, field_expr, query=None):
        name, dot, _rest = field_expr.partition(".")
        if name == "lifecycle_profile_id" and dot and not self._may_ask_profiles():
            raise AccessError(
                self.env._("You may not group or sort by the profiles of customers.")
            )
        if name == "customer_currency_id":
            # for totals; nor do these check the groups of what is not stored
            self._check_field_access(self._fields[name], "read")
            companies, coalias = self._fields["company_id"].join(self, alias, query)
            return companies._field_to_sql(coalias, "currency_id", query)
        return super()._field_to_sql(alias, field_expr, query)

    def action_view_lifecycle_profile(self):
        """Open the customer behind the ticket, with the user's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.commercial_partner_id.display_name,
            "res_model": "lifecycle.profile",
            "res_id": self.lifecycle_profile_id.id,
            "views": [(False, "form")],
        }
