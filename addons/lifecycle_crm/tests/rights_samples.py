"""A row of every model of ours, with something in every column.

The rows are put in by SQL: it matters who sees them, not how they came to be.  A new
model gets its row by itself.
"""

from odoo.tools import SQL, sql

# What cannot be drawn from the type of the field alone.
FIXED = {
    "lifecycle.stage": {"domain": "[]"},
    "lifecycle.play": {"domain": "[]", "state": "paused"},
    "lifecycle.audience": {"domain": "[]"},
    "churn.evidence": {"kind": "of an addon that is gone"},
}


class Samples:
    """Rows of one company.

    :param company: whose rows they are
    :param partner: the customer that they are about
    :param user: the salesperson whose they are
    :param step: another number makes other values
    """

    def __init__(self, env, addons, company, partner, user, step=1):
        self.env = env
        self.addons = addons
        self.known = {
            "res.company": company.id,
            "res.currency": company.currency_id.id,
            "res.partner": partner.id,
            "res.users": user.id,
        }
        self.step = step
        self._making = set()

    def get(self, name):
        """The id of the row of a model, made where there is none yet."""
        if name not in self.known:
            if name in self._making:
                return None  # in a circle
            self._making.add(name)
            self.known[name] = self._insert(self.env[name])
        return self.known[name]

    def _insert(self, model):
        values = self.values(model)
        columns = [SQL.identifier(name) for name in values]
        table = SQL.identifier(model._table)
        insert = SQL(
            "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING RETURNING id",
            table,
            SQL(", ").join(columns),
            SQL(", ").join(map(SQL, ["%s"] * len(columns), values.values())),
        )
        if rows := self.env.execute_query(insert):
            return rows[0][0]
        # one for each company, and it has one
        company = self.known["res.company"]
        query = SQL("SELECT id FROM %s WHERE company_id = %s", table, company)
        return self.env.execute_query(query)[0][0]

    def values(self, model):
        """``{column: value}`` for all columns of a model but its id."""
        values = {}
        columns = sql.table_columns(self.env.cr, model._table)
        for field in model._fields.values():
            if field.name == "id" or not (field.store and field.name in columns):
                continue
            if not self.has_table(model) and not self._is_needed(field):
                continue
            value = FIXED.get(model._name, {}).get(field.name)
            if value is None:
                value = self.value(model, field)
            if value is not None:
                column = field.convert_to_column_insert(value, model, validate=False)
                values[field.name] = column
        return values

    def _is_needed(self, field):
        """Of a model of Odoo's: what a row cannot do without, and whose it is."""
        return field.required or field.name in ("company_id", "partner_id", "code")

    def value(self, model, field):
        """A value that a field can have, None for none."""
        if field.type == "many2one":
            return self._record(field)
        if field.type == "selection":
            keys = field.get_values(self.env)
            return keys[1 % len(keys)] if keys else None
        day = f"2026-0{self.step}-0{self.step}"
        return {
            "boolean": bool(self.step % 2),
            "char": f"{self.step}{self.step}{self.step}",
            "date": day,
            "datetime": f"{day} 12:00:00",
            "float": 0.125 * self.step,
            "html": f"<p>Sample {self.step}</p>",
            "integer": 10 + self.step,
            "json": {},
            "monetary": 1000.5 * self.step,
            "text": f"Sample {self.step}",
        }.get(field.type)

    def has_table(self, model):
        """Whether a model has rows of its own, not those of a query."""
        return (
            model._original_module in self.addons
            and not model._abstract
            and not model._table_query
            and sql.table_kind(self.env.cr, model._table) == sql.TableKind.Regular
        )

    def _record(self, field):
        comodel = self.env[field.comodel_name]
        if field.comodel_name in self.known or self.has_table(comodel):
            return self.get(field.comodel_name)
        if field.required:
            records = comodel.sudo().with_context(active_test=False)
            found = records.search([], limit=1, order="id")
            return found.id or self.get(field.comodel_name)
        return None
