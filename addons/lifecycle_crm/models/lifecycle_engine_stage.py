"""Staging: profiles as they should be, in a temporary table, with their stage."""

import io

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_profile import STAGING, STAGING_TABLE

NUMBERS_TABLE = "lifecycle_numbers"


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _fill_staging(self, company, facts, as_of):
        """Stage rows: profiles as they should be on a day, with their stage.

        Columns that nobody computes are carried over from the profile.  Who has none
        yet gets minus the customer for an id, which the writing replaces.

        :param facts: the DataFrame of a run, or some rows of it
        """
        self._send_numbers(company, facts)
        self._fill_from_numbers(company, as_of)

    @api.model
    def _fill_from_numbers(self, company, as_of):
        """The second half of :meth:`_fill_staging`."""
        names, rows = self._select_staging(company, as_of)
        self._drop_table(STAGING_TABLE)
        self.env.execute_query(
            SQL(
                "CREATE TEMP TABLE %s (LIKE lifecycle_profile) ON COMMIT DROP",
                SQL.identifier(STAGING_TABLE),
            )
        )
        stage, inline = self._get_stage_expression(company, as_of, staged=True)
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.execute_query(
            SQL(
                """INSERT INTO %(staging)s (%(columns)s, stage_id)
                SELECT %(columns)s, %(stage)s FROM (%(rows)s) AS lifecycle_profile""",
                staging=SQL.identifier(STAGING_TABLE),
                columns=columns,
                stage=stage if inline else SQL("NULL::int"),
                rows=rows,
            )
        )
        if not inline:
            self._assign_stages(stage)

    @api.model
    def _assign_stages(self, stage):
        """Put each staged customer into its stage, where rules look around."""
        # sub-selects over the staging table are planned by its figures
        self.env.execute_query(SQL("ANALYZE %s", SQL.identifier(STAGING_TABLE)))
        self.env.execute_query(
            SQL(
                "UPDATE %s AS lifecycle_profile SET stage_id = %s",
                SQL.identifier(STAGING_TABLE),
                stage,
            )
        )

    @api.model
    def _select_staged(self, company, as_of):
        """SELECT of the rows that :meth:`_fill_from_numbers` would stage.

        Who reads them once saves writing them, and what it does not ask for is not
        computed.  None where the stage of a row depends on others.
        """
        stage, inline = self._get_stage_expression(company, as_of, staged=True)
        if not inline:
            return None
        _names, rows = self._select_staging(company, as_of)
        return SQL(
            """SELECT lifecycle_profile.*, %s AS stage_id
            FROM (%s) AS lifecycle_profile""",
            stage,
            rows,
        )

    @api.model
    def _select_staging(self, company, as_of):
        """The rows to stage but for the stage, from the numbers that were sent.

        :return: names of the columns, and the SELECT
        """
        digits = company.currency_id.decimal_places
        values = {
            name: column.to_value(SQL("r.%s", SQL.identifier(name)), digits)
            for name, column in self._get_columns().items()
        }
        values.update(
            self._get_derived_columns(),
            id=SQL("COALESCE(old.id, -r.partner_id)"),
            partner_id=SQL("r.partner_id"),
            company_id=SQL("%s", company.id),
        )
        for name in self._get_stored_columns():
            if name not in values and name != "stage_id":
                values[name] = self._get_carried_value(company, name, as_of)
        return list(values), SQL(
            """SELECT %s FROM %s r
            JOIN res_partner ON res_partner.id = r.partner_id
            LEFT JOIN lifecycle_profile old ON old.company_id = %s
                AND old.partner_id = r.partner_id""",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in values.items()
            ),
            SQL.identifier(NUMBERS_TABLE),
            company.id,
        )

    @api.model
    def _get_carried_value(self, company, name, as_of):
        """Expression for a column that nobody computes; ``old`` is the profile."""
        return SQL("old.%s", SQL.identifier(name))

    @api.model
    def _send_numbers(self, company, facts):
        """COPY the columns of a DataFrame into a temporary table of numbers.

        Without who is not profiled any more since the DataFrame was read.
        """
        from ..scoring.copy_format import encode_rows

        if objectors := self.env["lifecycle.privacy"]._find_objectors():
            facts = facts[~facts["partner_id"].isin(objectors)]
        digits = company.currency_id.decimal_places
        widths, arrays = {"partner_id": "int4"}, {"partner_id": facts["partner_id"]}
        for name, column in self._get_columns().items():
            widths[name] = column.width
            arrays[name] = column.encode(facts[name].to_numpy(), digits)
        self._drop_table(NUMBERS_TABLE)
        self.env.execute_query(
            SQL(
                "CREATE TEMP TABLE %s (%s) ON COMMIT DROP",
                SQL.identifier(NUMBERS_TABLE),
                SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL.identifier(width))
                    for name, width in widths.items()
                ),
            )
        )
        self.env.cr._obj.copy_expert(
            "COPY lifecycle_numbers FROM STDIN (FORMAT binary)",
            io.BytesIO(encode_rows(arrays, widths)),
        )
        # without figures of its size what follows would be planned badly; the key is
        # enough for that
        self.env.execute_query(
            SQL("ANALYZE %s (partner_id)", SQL.identifier(NUMBERS_TABLE))
        )

    @api.model
    def _get_stage_expression(self, company, as_of, staged):
        """The stage of a row of profiles, called ``lifecycle_profile`` in the query.

        A pin that has not run out goes before the rules, unless its stage is
        archived.

        :param staged: the rules are asked of the staging table
        :return: the expression, and whether it needs nothing but the row itself
        """
        # a run sorts by the rules of the company, whoever asked for it
        stages = self.env["lifecycle.stage"].sudo()._get_for_company(company)
        profiles = (
            self.env["lifecycle.profile"]
            .sudo()  # rules are checked with their author's rights when saved
            .with_company(company)
            .with_context(
                lifecycle_staging=STAGING if staged else False,
                lifecycle_as_of=as_of,
                active_test=False,
                tz=company._get_lifecycle_tz(),  # where a day of moments begins
            )
        )
        cases = [
            SQL(
                """WHEN lifecycle_profile.pinned_stage_id = ANY(%s)
                    AND COALESCE(lifecycle_profile.pinned_until, 'infinity') >= %s
                THEN lifecycle_profile.pinned_stage_id""",
                stages.ids,
                as_of,
            )
        ]
        inline = True
        for stage in reversed(stages):
            query = stage._get_rule_query(profiles, as_of, company)
            if query is None:
                continue
            if query._joins or query.limit or query._ids is not None:
                inline = False
                rule = SQL("lifecycle_profile.id IN %s", query.subselect())
            else:
                # the condition on the row itself: no second look at the table
                rule = query.where_clause or SQL("TRUE")
                inline = inline and "SELECT" not in rule.code
            cases.append(SQL("WHEN %s THEN %s", rule, stage.id))
        return SQL("CASE %s END", SQL(" ").join(cases)), inline

    @api.model
    def _is_row_enough(self, company, as_of):
        """Whether the stage of a customer follows from its profile alone."""
        return self._get_stage_expression(company, as_of, staged=True)[1]

    @api.model
    def _get_stored_columns(self):
        return [
            field.name
            for field in self.env["lifecycle.profile"]._fields.values()
            if field.store and field.column_type
        ]

    @api.model
    def _drop_table(self, name):
        # a second batch or company in the same transaction
        self.env.execute_query(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
