"""A domain that somebody typed, made safe to ask as superuser.

What sorts, enrols or counts customers is asked as superuser, of the customers of one
company.  So a domain is checked with the rights of who saves it, and what belongs to
other companies is out of its sight: else it would be a way to ask about both.
"""

from ast import literal_eval

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..scoring.relative_dates import is_relative, resolve_date

_NUMBERS = ("integer", "float", "monetary")
# Whatever a text that somebody typed can make Odoo or PostgreSQL raise.
REFUSALS = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    RuntimeError,  # recursion, not implemented
    AssertionError,
    UserError,  # no access
    psycopg2.Error,
)


class LifecycleDomainMixin(models.AbstractModel):
    """Reads a domain over the profile, or over what the profile leads to."""

    _name = "lifecycle.domain.mixin"
    _description = "Filter of Customers"

    # fields of the profile that it must not ask about
    _domain_taboo = frozenset()

    @api.model
    def _parse_text(self, text):
        """A text as a Domain, or None where there is none.

        Only literals are read: text of a user is never evaluated.

        :raises ValueError: in words, where the text is no domain
        """
        text = (text or "").strip()
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
    def _resolve_domain(self, domain, model, as_of, company, refused=None):
        """A rule with days for relative dates, within one company.

        :param domain: the rule, over ``model``
        :param as_of: the day that stands for "today"
        :param company: what belongs to other companies does not exist
        :param refused: fields of the profile that the rule must not ask for, default
            those of the model
        """
        refused = self._domain_taboo if refused is None else refused

        def resolve(condition):
            name, _dot, rest = condition.field_expr.partition(".")
            operator, value = condition.operator, condition.value
            field = model._fields.get(name)
            if field is None:
                return condition  # asking will say so
            if model._name == "lifecycle.profile" and name in refused:
                raise ValueError(
                    self.env._(
                        "it asks for the stage itself, which is what the rules decide."
                    )
                )
            if not field.relational:
                self._check_operator(condition, field)
                return self._resolve_value(condition, field, as_of)
            comodel = model.env[field.comodel_name]
            if rest:
                operator, value = "any", Domain(rest, operator, value)
            scope = self._get_company_scope(field, comodel, company)
            if operator in ("any", "not any"):
                inner = self._resolve_domain(
                    Domain(value), comodel, as_of, company, refused
                )
                return Domain(name, operator, inner & scope)
            if scope.is_true():
                return condition
            return self._scope_condition(condition, scope)

        return domain.map_conditions(resolve)

    @api.model
    def _check_operator(self, condition, field):
        """Refuse to look for a piece of text in a number: 1 would be found in 21."""
        if field.type in _NUMBERS and "like" in condition.operator:
            raise UserError(
                self.env._(
                    "“%(label)s” (%(field)s) is a number, and “%(operator)s” looks for "
                    "a piece of text. Compare it by =, !=, >, >=, < or <=.",
                    label=field._description_string(self.env),
                    field=condition.field_expr,
                    operator=condition.operator,
                )
            )

    @api.model
    def _resolve_value(self, condition, field, as_of):
        """A condition on a date with the day that its value means."""
        path, operator, value = (
            condition.field_expr,
            condition.operator,
            condition.value,
        )
        if path != field.name or field.type not in ("date", "datetime"):
            return condition
        if isinstance(value, (list, tuple, set)):
            value = [self._resolve_date(item, as_of) for item in value]
        else:
            value = self._resolve_date(value, as_of)
        return Domain(path, operator, value)

    @api.model
    def _resolve_date(self, value, as_of):
        if not is_relative(value):
            return value
        # the week of who asks, as in Odoo's own domains
        lang = self.env["res.lang"]._get_data(code=self.env.user.lang)
        return resolve_date(value, as_of, int(lang.week_start or 1) - 1)

    @api.model
    def _get_company_scope(self, field, comodel, company):
        """What of a list of records a company may see, as far as they tell."""
        company_field = comodel._fields.get("company_id")
        if field.type == "many2one" or not company_field or not company_field.store:
            return Domain.TRUE
        return Domain("company_id", "in", [False, company.id])

    @api.model
    def _scope_condition(self, condition, scope):
        """A condition on a list of records, asked of those in scope only."""
        name, operator, value = (
            condition.field_expr,
            condition.operator,
            condition.value,
        )
        negative = operator in Domain.NEGATIVE_OPERATORS
        if negative:
            operator = Domain.NEGATIVE_OPERATORS[operator]
        values = value if isinstance(value, (list, tuple, set)) else [value]
        by_name = any(isinstance(v, str) for v in values)
        target = "display_name" if by_name and not operator.endswith("_of") else "id"
        if operator in ("=", "in") and not any(values):
            found = ~Domain(name, "any", scope)  # has none
        else:
            found = Domain(name, "any", Domain(target, operator, value) & scope)
            if operator in ("=", "in") and not all(values):
                found |= ~Domain(name, "any", scope)
        return ~found if negative else found

    # -- refusing ------------------------------------------------------------

    @api.model
    def _explain_where(self, error, condition, model="lifecycle.profile"):
        """What is wrong, and in which condition where that is known."""
        reason = self._explain(error, condition, model)
        if not condition:
            return reason
        return self.env._(
            "in the condition “%(field)s %(operator)s %(value)s”, %(reason)s",
            field=condition.field_expr,
            operator=condition.operator,
            value=str(condition.value)[:100],
            reason=reason,
        )

    @api.model
    def _explain(self, error, condition, model="lifecycle.profile"):
        if isinstance(error, RecursionError):
            return self.env._("it is nested too deeply.")
        if condition and not isinstance(error, UserError):
            model, field = self._follow_path(condition.field_expr, model)
            if field is None:
                return self.env._(
                    "there is no such field on “%s”.", self.env[model]._description
                )
            ends_there = condition.field_expr.endswith(field.name)
            if ends_there and not field._description_searchable:
                return self.env._("Odoo cannot filter by this field.")
            if ends_there and field.type in ("date", "datetime"):
                return self.env._(
                    "there is no such date. Write one as 2026-03-01, or relative to "
                    "today, such as “today -30d”."
                )
            if ends_there and field.type in _NUMBERS:
                return self.env._("the value is not a number that can be used.")
        return next(iter(str(error).strip().splitlines()), "") or repr(error)

    @api.model
    def _follow_path(self, path, model="lifecycle.profile"):
        """Model and field at the end of a dotted path; no field: it breaks there."""
        field = None
        for name in path.split("."):
            if field is not None and not field.relational:
                break  # a part of a date, a property
            model = field.comodel_name if field is not None else model
            field = self.env[model]._fields.get(name)
            if field is None:
                break
        return model, field
