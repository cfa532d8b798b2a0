"""Every customer's facts and scores as of a day, as CSV: for analysts and audits.

Nothing is kept of what is computed for it.
"""

import codecs
from contextlib import contextmanager
from datetime import date

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .lifecycle_profile import STAGING

# Before it the window of the scores would leave the calendar.
_FIRST_DAY = date(1900, 1, 1)
# A spreadsheet takes a text that begins so for a formula, and runs it; the wide ones
# too, where people write Chinese.  A plain negative number is none.
_FORMULA = "^[-=+@\t\r\n＝＋－＠]"
_NUMBER = "^-[0-9]+([.][0-9]+)?$"
_TEXTS = ("char", "text", "html", "selection", "reference")


class LifecycleScore(models.AbstractModel):
    _name = "lifecycle.score"
    _description = "Scores of a Day"

    @api.model
    def _write_csv(self, companies, as_of, out, bom=False, horizon=None):
        """Write the profile of every customer as it would have been on a day.

        The columns are reference, customer, company, currency and partner_id, then
        the stored fields of the profile by their technical names.  Records (stage,
        segment) are written by name in the language of the user, dates as in
        2026-03-31, numbers without separators and with a point; what there is not is
        empty.  Text that a spreadsheet would run as a formula has ' put before it.

        Nothing changes in the database: all of it happens in a savepoint that is
        rolled back.

        :param companies: in this order; the user must be at home in all of them
        :param as_of: a day in the time zone of each company, not in the future
        :param out: a binary file, written to piece by piece
        :param bom: begin with the mark by which Excel knows UTF-8
        :param horizon: days ahead that probabilities stand for, None for those of each
            company; an addon that computes probabilities uses it
        :return: the number of customers written
        :raises AccessError: for who is no lifecycle manager, or not of a company
        :raises UserError: for a day that cannot be computed
        """
        self._check_rights(companies)
        self._check_day(companies, as_of)
        self._check_horizon(horizon)
        if bom:
            out.write(codecs.BOM_UTF8)
        count = 0
        for number, company in enumerate(companies):
            with self._undone():
                count += self._write_company(
                    company, as_of, out, header=not number, horizon=horizon
                )
        return count

    @api.model
    def _check_rights(self, companies):
        manager = "lifecycle_crm.group_lifecycle_manager"
        if not self.env.su and not self.env.user.has_group(manager):
            raise AccessError(
                self.env._("Only a lifecycle manager can write out the scores.")
            )
        if not self.env.su and companies - self.env.user.company_ids:
            raise AccessError(
                self.env._("Companies: choose among those that you may work in.")
            )
        if not companies:
            raise UserError(self.env._("Companies: choose at least one."))

    @api.model
    def _check_day(self, companies, as_of):
        if as_of < _FIRST_DAY:
            raise UserError(
                self.env._(
                    "As Of: %(day)s is too early. Choose %(first)s or a later day.",
                    day=format_date(self.env, as_of),
                    first=format_date(self.env, _FIRST_DAY),
                )
            )
        for company in companies:
            today = company._get_lifecycle_today()
            if as_of > today:
                raise UserError(
                    self.env._(
                        "As Of: %(day)s is in the future. Choose today (%(today)s in "
                        "the time zone of %(company)s) or an earlier day.",
                        day=format_date(self.env, as_of),
                        today=format_date(self.env, today),
                        company=company.sudo().name,  # of who may work in it
                    )
                )

    @api.model
    def _check_rules(self, companies, as_of):
        """Refuse, in words, where a rule of a stage is broken."""
        for company in companies:
            self.env["lifecycle.stage"]._check_company_rules(company, as_of)

    @contextmanager
    def _undone(self):
        """Take back whatever is done to the database meanwhile."""
        # what the caller did is not ours to take back
        self.env.flush_all()
        self.env["lifecycle.dirty"]._write_marks()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            savepoint.close(rollback=True)

    @api.model
    def _write_company(self, company, as_of, out, header=True, horizon=None):
        # computed of all customers, whoever asks: scores are relative to the others;
        # what is handed out below is what the user may read
        engine = self.env["lifecycle.engine"].sudo().with_company(company)
        self._stage(engine, company, as_of, horizon)
        self.env.cr.execute(SQL("SET LOCAL datestyle = 'ISO'"))
        query = self._get_query(company, as_of)
        head = SQL(", HEADER") if header else SQL()
        copy = SQL("COPY (%s) TO STDOUT WITH (FORMAT csv%s)", query, head)
        self.env.cr.copy_expert(self.env.cr.mogrify(copy), out)
        return self.env.cr.rowcount

    @api.model
    def _stage(self, engine, company, as_of, horizon):
        """Fill the staging table with the profiles of a day."""
        engine._stage_company(company, as_of)

    @api.model
    def _check_horizon(self, horizon):
        """Refuse a horizon that nothing can be computed for."""
        if horizon is not None:
            raise UserError(
                self.env._(
                    "Horizon: no addon that is installed computes a probability. "
                    "Leave it empty, or install Churn Scoring."
                )
            )

    # -- columns -------------------------------------------------------------

    @api.model
    def _get_query(self, company, as_of):
        """The rows of the CSV: a SELECT over the staging table."""
        profiles = (
            self.env["lifecycle.profile"]
            .with_company(company)
            .with_context(lifecycle_staging=STAGING, active_test=False)
        )
        # with the rules of the user, as in the list of customers
        query = profiles._search(Domain("company_id", "=", company.id))
        columns = self._get_columns(profiles, query, as_of)
        query.order = SQL.identifier(query.table, "partner_id")
        return query.select(
            *(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            )
        )

    @api.model
    def _get_columns(self, profiles, query, as_of):
        """Columns of the CSV in their order: ``{name: SQL expression}``.

        Stored fields that other addons give the profile come by themselves.
        """
        table = query.table
        partner = query.left_join(table, "partner_id", "res_partner", "id", "partner")
        company = profiles.env.company.sudo()  # of who may work in it
        columns = {
            "reference": self._get_text(SQL.identifier(partner, "ref")),
            "customer": self._get_text(SQL.identifier(partner, "name")),
            "company": self._get_text(SQL("%s::text", company.name)),
            "currency": SQL("%s::text", company.currency_id.name),
            "partner_id": SQL.identifier(table, "partner_id"),
        }
        for name in self._get_profile_fields(profiles):
            columns[name] = self._get_value(profiles, query, name)
        return {**columns, **self._get_known_values(profiles, query, as_of)}

    @api.model
    def _get_profile_fields(self, profiles):
        """Names of the fields written, as far as the user may read them."""
        return [
            name
            for name, field in profiles._fields.items()
            if field.store
            and field.column_type
            and name not in ("id", "partner_id", "company_id")
            and profiles._has_field_access(field, "read")
        ]

    @api.model
    def _get_value(self, profiles, query, name):
        """Expression for one field of the profile, in the way of the CSV."""
        field = profiles._fields[name]
        value = profiles._field_to_sql(query.table, name, query)
        if field.type == "many2one":
            comodel = profiles.env[field.comodel_name].sudo()  # names only
            if not comodel._fields.get(comodel._rec_name or "", field).store:
                return value
            other = query.left_join(query.table, name, comodel._table, "id", name)
            value = comodel._field_to_sql(other, comodel._rec_name, query)
            return self._get_text(SQL("(%s)::text", value))
        if field.type in _TEXTS or field.column_type[0] == "jsonb":
            return self._get_text(SQL("(%s)::text", value))
        if field.type == "boolean":
            return SQL("(%s)::text", value)  # true, false
        if field.column_type[0] == "float8":
            return SQL("(%s)::numeric", value)  # never 1e-05
        return value

    @api.model
    def _get_known_values(self, profiles, query, as_of):
        """What no scorer computes, as it was known on the day: ``{name: SQL}``."""
        return {}

    @api.model
    def _get_text(self, value):
        """A text that no spreadsheet takes for a formula."""
        return SQL(
            """CASE WHEN %(value)s ~ %(formula)s AND %(value)s !~ %(number)s
                THEN '''' || %(value)s ELSE %(value)s END""",
            value=value,
            formula=_FORMULA,
            number=_NUMBER,
        )
