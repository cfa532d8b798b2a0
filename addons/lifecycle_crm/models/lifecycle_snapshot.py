"""Every customer at the end of every month, as it stood then.

Many rows, written at once and seldom touched, so the table is laid out by hand:
narrow, without foreign keys (each costs more than writing the row itself), with
the indexes that something reads.  What foreign keys would do is done in
:mod:`lifecycle_snapshot_upkeep`.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_profile import STAGING_TABLE


class LifecycleSnapshot(models.Model):
    """One row per company, month and customer, prospects included.

    ``month`` is the last day of the month, in the time zone of the company.
    """

    _name = "lifecycle.snapshot"
    _description = "Customer at a Month End"
    _auto = False
    _log_access = False
    _order = "month desc, revenue_total desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        readonly=True,
        help="Last day of the month. The row says what would have been computed on "
        "that day, in the time zone of the company, from what was known then.",
    )
    stage_id = fields.Many2one(
        "lifecycle.stage",
        readonly=True,
        ondelete="set null",
        help="Where the customer stood at the end of the month.",
    )
    segment_id = fields.Many2one(
        "lifecycle.segment",
        readonly=True,
        ondelete="set null",
        help="RFM segment at the end of the month.",
    )
    rfm_code = fields.Char(
        string="RFM",
        size=3,
        readonly=True,
        help="Recency, frequency and monetary score at the end of the month, 1 to 5 "
        "each. Empty for who had never bought.",
    )
    order_count = fields.Integer(
        string="Orders",
        readonly=True,
        aggregator="sum",
        help="Purchases up to the end of the month, without those of no value and "
        "those returned in full by then.",
    )
    revenue_total = fields.Monetary(
        string="Revenue",
        readonly=True,
        help="Untaxed purchases less returns up to the end of the month.",
    )
    first_order_date = fields.Date(
        string="First Order",
        readonly=True,
        help="Day of the first purchase known at the end of the month.",
    )
    last_order_date = fields.Date(
        string="Last Order",
        readonly=True,
        help="Day of the latest purchase at the end of the month.",
    )
    lapsed = fields.Boolean(
        readonly=True,
        help="On: the customer had bought, and the lapse period had passed by the "
        "end of the month, whatever the rules of the stages say.",
    )

    def init(self):
        """Create the table, and the columns that an addon has added since."""
        table = SQL.identifier(self._table)
        execute = self.env.cr.execute
        execute(SQL("CREATE TABLE IF NOT EXISTS %s (id SERIAL PRIMARY KEY)", table))
        for name, kind in self._get_columns().items():
            execute(
                SQL(
                    "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s",
                    table,
                    SQL.identifier(name),
                    SQL(kind),
                )
            )
        # in the order in which rows come: written at its end, read month by month
        execute(
            SQL(
                """CREATE UNIQUE INDEX IF NOT EXISTS %s
                ON %s (company_id, month, partner_id)""",
                SQL.identifier(f"{self._table}_month_uniq"),
                table,
            )
        )
        # of a customer: the way here from it, its merge and its end
        execute(
            SQL(
                "CREATE INDEX IF NOT EXISTS %s ON %s (partner_id)",
                SQL.identifier(f"{self._table}_partner_idx"),
                table,
            )
        )

    @api.model
    def _get_columns(self):
        """Columns of the table and their types, in an order that wastes no space.

        An addon that keeps a figure of its own adds it here, in
        :meth:`_get_values` and as a field.
        """
        return {
            "company_id": "int4 NOT NULL",
            "month": "date NOT NULL",
            "partner_id": "int4 NOT NULL",
            "stage_id": "int4",
            "segment_id": "int4",
            "order_count": "int4 NOT NULL",
            "first_order_date": "date",
            "last_order_date": "date",
            "lapsed": "bool NOT NULL",
            "rfm_code": "varchar(3)",
            # exact, and 5 to 9 bytes: no more than a bigint, which would need
            # conversion wherever it is read
            "revenue_total": "numeric NOT NULL",
        }

    @api.model
    def _get_values(self, company, month):
        """What is kept: ``{column: expression over the staged profile "new"}``."""
        names = (
            "partner_id",
            "stage_id",
            "segment_id",
            "rfm_code",
            "first_order_date",
            "last_order_date",
        )
        return {
            **{name: SQL("new.%s", SQL.identifier(name)) for name in names},
            "company_id": SQL("%s", company.id),
            "month": SQL("%s::date", month),
            "order_count": SQL("COALESCE(new.order_count, 0)"),
            "revenue_total": SQL(
                "ROUND(COALESCE(new.revenue_total, 0)::numeric, %s)",
                company.currency_id.decimal_places,
            ),
            "lapsed": SQL("COALESCE(new.lapse_date <= %s, FALSE)", month),
        }

    # -- writing -------------------------------------------------------------

    @api.model
    def _write_month(self, company, month):
        """Make the rows of a month equal to the staging table.

        Rows that stay as they are are not written, so a rebuild leaves no bloat.

        :param month: the last day of the month, for which the table was filled
        """
        if self._has_month(company, month):
            # fresh rows have no statistics: any guess of the planner is wrong
            self.env.cr.execute(SQL("SET LOCAL enable_nestloop TO off"))
            self._delete_rows(company, month)
            self._update_rows(company, month)
            self._insert_rows(company, month, only_missing=True)
            self.env.cr.execute(SQL("SET LOCAL enable_nestloop TO DEFAULT"))
        else:
            self._insert_rows(company, month)
        self.invalidate_model()

    @api.model
    def _write_numbers(self, company, month):
        """The same from the numbers that the engine has sent.

        Of a month that is not there yet the rows are written at once, not staged.
        """
        engine, staged = self.env["lifecycle.engine"], None
        if not self._has_month(company, month):
            staged = engine._select_staged(company, month)
        if staged is None:
            engine._fill_from_numbers(company, month)
            self._write_month(company, month)
        else:
            self._insert_rows(company, month, staged)
            self.invalidate_model()

    @api.model
    def _has_month(self, company, month):
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM lifecycle_snapshot
                    WHERE company_id = %s AND month = %s LIMIT 1""",
                    company.id,
                    month,
                )
            )
        )

    @api.model
    def _delete_rows(self, company, month):
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_snapshot old
                WHERE old.company_id = %s AND old.month = %s AND NOT EXISTS (
                    SELECT 1 FROM %s new WHERE new.partner_id = old.partner_id)""",
                company.id,
                month,
                SQL.identifier(STAGING_TABLE),
            )
        )

    @api.model
    def _update_rows(self, company, month):
        values = self._get_values(company, month)
        for name in ("company_id", "month", "partner_id"):
            values.pop(name)
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_snapshot old SET %(assignments)s
                FROM %(staging)s new
                WHERE old.company_id = %(company)s AND old.month = %(month)s
                  AND old.partner_id = new.partner_id
                  AND (%(old)s) IS DISTINCT FROM (%(new)s)""",
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                staging=SQL.identifier(STAGING_TABLE),
                company=company.id,
                month=month,
                old=SQL(", ").join(SQL("old.%s", SQL.identifier(n)) for n in values),
                new=SQL(", ").join(values.values()),
            )
        )

    @api.model
    def _insert_rows(self, company, month, staged=None, only_missing=False):
        """:param staged: SELECT of the rows, default all of the staging table"""
        values = self._get_values(company, month)
        missing = SQL(
            """WHERE NOT EXISTS (
                SELECT 1 FROM lifecycle_snapshot old
                WHERE old.company_id = %s AND old.month = %s
                  AND old.partner_id = new.partner_id)""",
            company.id,
            month,
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_snapshot (%(names)s)
                SELECT %(values)s FROM (%(staged)s) new %(missing)s
                ORDER BY new.partner_id""",
                names=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(values.values()),
                staged=staged or SQL("SELECT * FROM %s", SQL.identifier(STAGING_TABLE)),
                missing=missing if only_missing else SQL(),
            )
        )
