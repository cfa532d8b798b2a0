"""What the placeholders of a text ask for, and whether who saves it may ask that.

Texts of mailings are filled in by a scheduled action, which may read everything. So the
placeholders are read when they are saved, as filters of recipients are.
"""

import ast
import re

from lxml import etree, html

from odoo import api, models, tools
from odoo.exceptions import AccessError
from odoo.tools.rendering_tools import parse_inline_template

from .lifecycle_mailing_rule import _SCORED

# Texts that are filled in for each recipient, here or in addons for text messages.
TEXTS = {
    "subject": "inline_template",
    "preview": "inline_template",
    "email_from": "inline_template",
    "reply_to": "inline_template",
    "body_plaintext": "inline_template",
    "body_arch": "qweb",
    "body_html": "qweb",
}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
# Of texts, dates and numbers; what is called by these names reads no record.
_PLAIN = {name for kind in (str, int, float, dict) for name in dir(kind)}
# They read what a text names, and a text can be put together.
_OPAQUE = {"env", "format", "format_map", "self", "request"}
_HARMLESS = {"ids", "exists", "get_base_url"}
# Attributes of QWeb that are no expressions, and those with expressions in a text.
_WORDS = {"t-set", "t-as", "t-else", "t-translation", "t-styles", "t-id", "t-mimetype"}
_MIXED = ("t-attf-", "t-valuef", "t-call")
_PLACEHOLDER = re.compile(r"{{(.+?)}}|#{(.+?)}", re.DOTALL)


class LifecycleMailingRule(models.AbstractModel):
    _inherit = "lifecycle.mailing.rule"

    @api.model
    def _get_expressions(self, text, engine):
        """Expressions of a text, as they are written.

        :param engine: ``qweb`` or ``inline_template``, as Odoo fills it in
        """
        if not text:
            return []
        if engine != "qweb":
            parts = parse_inline_template(str(text))
            return [
                expression for _literal, expression, _default in parts if expression
            ]
        try:
            root = html.fragment_fromstring(str(text), create_parent="div")
        except (etree.ParserError, ValueError):
            return []
        expressions = []
        for node in root.iter(etree.Element):
            for name, value in node.attrib.items():
                if name.startswith(_MIXED):
                    found = _PLACEHOLDER.findall(value)
                    expressions += [one or other for one, other in found]
                elif name.startswith("t-") and name not in _WORDS and value:
                    expressions.append(value)
        return expressions

    @api.model
    def _find_scored(self, expressions):
        """Fields of customers' scores that are named: pairs of model and field."""
        words = {
            part
            for expression in expressions
            for word in _WORD.findall(expression)
            for part in (word, *word.split("."))
        }
        pairs = [
            (self.env[model], self.env[model]._fields[name])
            for name, models_of in (self._get_scored_names().items() if words else ())
            if name in words
            for model in models_of
        ]
        pairs += [
            (self.env[word], self.env[word]._fields["id"])
            for word in words
            if word.startswith(_SCORED) and word in self.env
        ]
        return pairs

    @api.model
    @tools.ormcache()
    def _get_scored_names(self):
        """Fields by which one gets to scores from elsewhere: ``{name: [model, …]}``."""
        names = {}
        for model in self.env.values():
            if model._abstract or model._name.startswith(_SCORED):
                continue
            for name, field in model._fields.items():
                if self._is_scored(model, field):
                    names.setdefault(name, []).append(model._name)
        return names

    @api.model
    def _find_opaque(self, expression):
        """The part of an expression that could read anything, or None."""
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            # Odoo may still understand it
            words = {
                part for word in _WORD.findall(expression) for part in word.split(".")
            }
            return next(filter(self._is_opaque, sorted(words)), None)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and self._is_opaque(node.attr):
                return node.attr
            if isinstance(node, ast.Name) and node.id in _OPAQUE:
                return node.id
            if isinstance(node, ast.Subscript) and not isinstance(
                node.slice, ast.Constant | ast.Slice | ast.UnaryOp
            ):
                return ast.unparse(node)
        return None

    @api.model
    def _is_opaque(self, name):
        if name in _OPAQUE or name.startswith("_"):
            return True
        base = self.env["base"]
        return (
            hasattr(type(base), name)
            and name not in base._fields
            and name not in _PLAIN | _HARMLESS
        )

    @api.model
    def _check_text(self, text, engine):
        """Refuse a text that asks for what the user may not read.

        :raises AccessError: in words that name the placeholder and the mend
        """
        if self.env.su:
            return
        expressions = self._get_expressions(text, engine)
        if not expressions:
            return
        problem = next(
            (
                field.name if field.name != "id" else model._name
                for model, field in self._find_scored(expressions)
                if not self._may_read(model, field)
            ),
            None,
        )
        if not problem and not self.env["lifecycle.profile"].has_access("read"):
            problem = next(filter(None, map(self._find_opaque, expressions)), None)
        if problem:
            raise AccessError(
                self.env._(
                    "Text: “%s” in a placeholder could show what is known of "
                    "customers' purchases, which you may not see. Ask somebody with "
                    "access to Customer Lifecycle, or take the placeholder out.",
                    problem,
                )
            )
