"""What a filter of recipients asks for, and whether who saves it may ask that."""

from ast import literal_eval

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# Models whose records are about customers' scores, by how they are called.
_SCORED = ("lifecycle.", "churn.", "loyalty.tier", "loyalty.membership")


class LifecycleMailingRule(models.AbstractModel):
    _name = "lifecycle.mailing.rule"
    _description = "Fields of a Filter of Recipients"

    @api.model
    def _follow(self, model, text):
        """Every field that a filter goes over: pairs of model and field.

        :param model: name of the model that it is over
        :param text: the filter; one that is no list of literals goes over nothing, and
            Odoo sends it to nobody
        """
        if not model or model not in self.env:
            return []
        try:
            domain = Domain(literal_eval(text or "[]"))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return []
        return list(self._walk(self.env[model], domain))

    @api.model
    def _walk(self, model, domain):
        for condition in domain.iter_conditions():
            comodel = model
            for name in condition.field_expr.split("."):
                field = comodel._fields.get(name)
                if field is None:
                    break
                yield comodel, field
                if not field.relational:
                    break
                comodel = self.env[field.comodel_name]
            if "any" in condition.operator and comodel is not model:
                yield from self._walk(comodel, Domain(condition.value))

    @api.model
    def _is_scored(self, model, field):
        """Whether a filter that goes over a field asks for scores."""
        return (
            model._name.startswith(_SCORED)
            or (field.comodel_name or "").startswith(_SCORED)
            or "lifecycle_crm." in (field.groups or "")
        )

    @api.model
    def _check_fields(self, pairs):
        """Refuse a filter that asks for what the user may not read.

        :param pairs: of :meth:`_follow`
        :raises AccessError: in words that name the field and the mend
        """
        if self.env.su:
            return
        for model, field in pairs:
            if self._may_read(model, field):
                continue
            raise AccessError(
                self.env._(
                    "Recipients: you may not see “%(field)s” of %(model)s, so you "
                    "cannot choose recipients by it. Ask somebody with access to "
                    "Customer Lifecycle, or take the condition out.",
                    field=field._description_string(self.env),
                    model=self.env["ir.model"]._get(model._name).name,
                )
            )

    @api.model
    def _may_read(self, model, field):
        """Whether the user may read a field, and the scores that it leads to."""
        asked = self.env[model._name]
        names = {model._name, field.comodel_name or model._name}
        return asked._has_field_access(field, "read") and all(
            self.env[name].has_access("read")
            for name in names
            if name.startswith(_SCORED)
        )
