"""What happens to a new ticket, by who is asking: a record that an admin edits."""

from odoo import fields, models


class LifecycleTicketRule(models.Model):
    """A condition on the customer, and what it means for the ticket.

    Rules are asked in their order.  Each thing (priority, team, assignee, promise) is
    decided by the first rule that says something about it.
    """

    _name = "lifecycle.ticket.rule"
    _inherit = "lifecycle.play.rule.mixin"
    _description = "Rule for Tickets"
    _order = "sequence, id"

    # identity
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The first rule that says something about a thing decides it."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="For the tickets of this company.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    # condition
    stage_ids = fields.Many2many(
        "lifecycle.stage",
        string="Customer's Stage",
        help="Only customers in one of these stages. Empty: in any, or in none.",
    )
    segment_ids = fields.Many2many(
        "lifecycle.segment",
        string="Customer's Segment",
        help="Only customers in one of these segments. Empty: in any, or in none.",
    )
    at_risk = fields.Boolean(
        string="Only Customers at Risk",
        help="Only customers whose next order is overdue and who have not lapsed yet.",
    )
    value_min = fields.Monetary(
        string="Historic Value from",
        help="Only customers who have brought at least so much, untaxed and net of "
        "returns. 0: whatever they brought.",
    )
    profile_domain = fields.Char(
        string="Only Customers Who",
        help="Any other condition on the customer profile.",
    )
    category_ids = fields.Many2many(
        "helpdesk.ticket.category",
        string="Ticket's Category",
        help="Only tickets that have one of these categories when they are made.",
    )

    # what it means
    priority = fields.Selection(
        selection=lambda self: (
            self.env["helpdesk.ticket"]
            ._fields["priority"]
            ._description_selection(self.env)
        ),
        help="Priority that the ticket gets. Empty: this rule does not decide it.",
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        ondelete="restrict",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Team that the ticket goes to. Empty: this rule does not decide it.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assignee",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who gets the ticket. Empty: this rule does not decide it.",
    )
    answer_hours = fields.Float(
        string="Answer Within (hours)",
        digits=(8, 2),
        help="The promise: the customer gets a first answer within so many hours, "
        "counted around the clock. 0: this rule promises nothing.",
    )
    error = fields.Char(
        readonly=True,
        copy=False,
        help="Why the rule was left out when a ticket was last made.",
    )

    # what came of it
    ticket_ids = fields.One2many("helpdesk.ticket", "promise_rule_id", string="Tickets")
    promised_count = fields.Integer(
        string="Promised",
        compute="_compute_promises",
        help="Tickets with this promise.",
    )
    open_count = fields.Integer(
        string="Still Open",
        compute="_compute_promises",
        help="Not answered yet, and still in time.",
    )
    kept_count = fields.Integer(
        string="Kept",
        compute="_compute_promises",
        help="Answered in time.",
    )
    broken_count = fields.Integer(
        string="Broken",
        compute="_compute_promises",
        help="Answered too late, or not yet although the time is over.",
    )
    kept_share = fields.Float(
        string="Kept (%)",
        compute="_compute_promises",
        help="Share of the promises that were kept, of those that are decided.",
    )
    promise_summary = fields.Char(
        string="In Words",
        compute="_compute_promises",
        help="What became of the promise.",
    )
