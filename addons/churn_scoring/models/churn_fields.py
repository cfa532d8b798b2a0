"""Numbers that may be unknown: who never bought has no score, not 0.

Odoo takes an empty number for 0: in a filter, a rule or an audience "below 10 %" would
find all who never bought.  Here what is unknown fulfils no comparison; it is found by
"is not set" alone, reads as False, and is exported as nothing.
"""

from odoo import fields


class Unknown:
    """Mixed into the class of a number."""

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column_insert(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is None or value is False else value

    def filter_function(self, records, field_expr, operator, value):
        """As in SQL: a comparison holds for no unknown value."""
        get = self.expression_getter(field_expr)
        if operator == "in":
            numbers = {item for item in value if item is not False and item is not None}
            unknown = any(item is False or item is None for item in value)
            return lambda rec: unknown if get(rec) is False else get(rec) in numbers
        matches = super().filter_function(records, field_expr, operator, value)
        return lambda rec: get(rec) is not False and matches(rec)


class UnknownFloat(Unknown, fields.Float):
    pass


class UnknownMonetary(Unknown, fields.Monetary):
    pass
