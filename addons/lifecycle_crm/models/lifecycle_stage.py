"""Stages: where a customer stands, as rules that an admin edits.

A rule is an ordinary domain over the profile.  A customer stands in the last
stage of the list whose rule holds: "At risk" overrides "Loyal", which overrides
"Active".  So each rule stays short, and customers move both ways.
"""

from odoo import fields, models

PHASES = [
    ("acquisition", "Acquisition"),
    ("conversion", "Conversion"),
    ("retention", "Retention"),
    ("loyalty", "Loyalty"),
    ("churn", "Churn"),
]


class LifecycleStage(models.Model):
    _name = "lifecycle.stage"
    _inherit = "lifecycle.rule.mixin"
    _description = "Lifecycle Stage"
    _order = "sequence, id"

    _profile_field = "stage_id"
    _rule_fields = {"sequence", "active", "company_id", "domain"}

    sequence = fields.Integer(
        help="A customer stands in the last stage of the list whose rule holds.",
        tracking=True,
    )
    phase = fields.Selection(
        PHASES,
        required=True,
        default="retention",
        help="The phase of the customer lifecycle that this stage belongs to.",
        tracking=True,
    )
    domain = fields.Char(
        string="Rule",
        default="[]",
        help="Which customers stand here, as a filter on their profile. Use the "
        "fields in days for what depends on today; dates can be relative, too: "
        "“today”, “today -30d”, “today -6m”. Without a rule nobody gets here but "
        "by hand.",
        tracking=True,
    )
    fold = fields.Boolean(
        string="Folded in Kanban", help="Show the column folded in kanban views."
    )
