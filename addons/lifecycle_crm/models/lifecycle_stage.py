"""Stages: where a customer stands, as rules that an admin edits.

A rule is an ordinary domain over the profile.  A customer stands in the last
stage of the list whose rule holds: "At risk" overrides "Loyal", which overrides
"Active".  So each rule stays short, and customers move both ways.
"""

from ast import literal_eval

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..scoring.relative_dates import is_relative, resolve_date

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
    )
    phase = fields.Selection(
        PHASES,
        required=True,
        default="retention",
        help="The phase of the customer lifecycle that this stage belongs to.",
    )
    domain = fields.Char(
        string="Rule",
        default="[]",
        help="Which customers stand here, as a filter on their profile. Use the "
        "fields in days for what depends on today; dates can be relative, too: "
        "“today”, “today -30d”, “today -6m”. Without a rule nobody gets here but "
        "by hand.",
    )
    fold = fields.Boolean(
        string="Folded in Kanban", help="Show the column folded in kanban views."
    )

    @api.constrains("domain")
    def _check_domain(self):
        for stage in self:
            try:
                domain = stage._parse_domain()
                if domain is None:
                    continue
                profiles = self.env["lifecycle.profile"]
                # as the user, not as superuser: a rule must not be a way to ask
                # about fields that its author may not read
                with self.env.cr.savepoint():
                    profiles.search(
                        self._resolve_dates(domain, fields.Date.today(), profiles),
                        limit=1,
                    )
            except (ValueError, TypeError, AccessError, UserError, psycopg2.Error) as e:
                raise ValidationError(
                    self.env._(
                        "Rule of the stage “%(name)s” cannot be used: %(reason)s\n"
                        "Open the rule editor, mend or remove that condition and "
                        "save again. The rule was: %(rule)s",
                        name=stage.name,
                        reason=str(e).strip().splitlines()[0] if str(e) else repr(e),
                        rule=stage.domain,
                    )
                ) from e

    def _parse_domain(self):
        """The rule as a Domain, or None where there is none.

        Only literals are read: text of a user is never evaluated.

        :raises ValueError: in words, where the text is no domain
        """
        self.ensure_one()
        text = (self.domain or "").strip()
        try:
            value = literal_eval(text) if text else []
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as e:
            raise ValueError(
                self.env._(
                    "it is not a filter made of fixed values and of dates such as "
                    "“today -30d”."
                )
            ) from e
        if not isinstance(value, list):
            raise ValueError(self.env._("it is not a list of conditions."))
        return Domain(value) if value else None

    @api.model
    def _resolve_dates(self, domain, as_of, model):
        """The rule with every relative date replaced by the day it means.

        :param as_of: the day that stands for "today"
        """

        def resolve(condition):
            path, operator, value = (
                condition.field_expr,
                condition.operator,
                condition.value,
            )
            field = self._get_path_field(model, path)
            if operator.removeprefix("not ").startswith("any") and field:
                comodel = self.env[field.comodel_name]
                value = self._resolve_dates(Domain(value), as_of, comodel)
                return Domain(path, operator, value)
            if field and field.type in ("date", "datetime") and is_relative(value):
                return Domain(path, operator, resolve_date(value, as_of))
            return condition

        return domain.map_conditions(resolve)

    @api.model
    def _get_path_field(self, model, path):
        """The field at the end of a dotted path, None where there is none."""
        field = None
        for name in path.split("."):
            field = model._fields.get(name)
            if field is None or not field.relational:
                break
            model = self.env[field.comodel_name]
        return field
