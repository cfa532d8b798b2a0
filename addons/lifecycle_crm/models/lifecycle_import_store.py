"""Writes an analysed file: COPY into temporary tables, then INSERT .. SELECT."""

import io

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# First key of the advisory locks of the imports; the second is the company.
_LOCK_KEY = 5_492_002


class LifecycleImportEngine(models.AbstractModel):
    _inherit = "lifecycle.import.engine"

    def _execute(self, plan):
        """Write an analysed file: all of its good lines, in one transaction.

        :return: lifecycle.import
        """
        if not plan.can_import:
            raise UserError(self._get_refusal_text(plan))
        self = self.with_company(plan.company)
        self._lock(plan.company)
        self._check_not_imported(plan)
        values = self._prepare_import(plan)
        # Managers may import, nobody may write imports by hand.
        record = self.env["lifecycle.import"].sudo().create(values)
        self.env.flush_all()
        self._create_customers(plan, record)
        self._load_lines(plan)
        self.env.execute_query(
            SQL(
                """INSERT INTO lifecycle_history (company_id, partner_id, date, amount,
                    currency_id, amount_company, reference, import_id, line)
                SELECT %s, partner_id, date, amount, currency_id, amount_company,
                    reference, %s, line
                FROM _lifecycle_import_line ORDER BY row
                RETURNING 1""",
                plan.company.id,
                record.id,
            )
        )
        self.env.invalidate_all()
        self.env["lifecycle.run"]._request(plan.company, reason="import", quiet=True)
        return record.sudo(False)

    def _lock(self, company):
        """One import at a time, or both would create the same customers."""
        [[locked]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK_KEY, company.id)
        )
        if not locked:
            raise UserError(
                self.env._(
                    "Another import for %s is running. Try again when it is done.",
                    company.name,
                )
            )

    def _load_lines(self, plan):
        """COPY the good lines into a temporary table."""
        lines = plan.good[
            [
                "row",
                "line",
                "date",
                "amount",
                "currency_id",
                "amount_company",
                "reference",
            ]
        ].copy()
        lines["partner_id"] = plan.good["customer_num"].map(
            plan.customers["partner_id"]
        )
        lines["date"] = lines["date"].dt.strftime("%Y-%m-%d")
        self.env.execute_query(
            SQL(
                """DROP TABLE IF EXISTS _lifecycle_import_line;
                CREATE TEMP TABLE _lifecycle_import_line (row int, line int, date date,
                    amount numeric, currency_id int, amount_company numeric,
                    reference varchar, partner_id int) ON COMMIT DROP;
                SELECT 1"""
            )
        )
        self._copy("_lifecycle_import_line", lines)

    def _copy(self, table, frame):
        """COPY a DataFrame into a table of the same columns; empty texts are NULL."""
        buffer = io.StringIO()
        frame.to_csv(buffer, index=False, header=False)
        buffer.seek(0)
        query = SQL("COPY %s FROM STDIN WITH (FORMAT csv)", SQL.identifier(table))
        self.env.cr.copy_expert(query.code, buffer)

    def _prepare_import(self, plan):
        """Values of the record that stands for the import."""
        good = plan.good
        values = {
            "name": plan.name,
            "company_id": plan.company.id,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "line_count": plan.checked.total,
            "imported_count": len(good),
            "refused_count": plan.refused_count,
            "free_count": plan.checked.free,
            "matched_count": plan.matched_count,
            "created_count": plan.created_count,
            "first_date": good["date"].min().date(),
            "last_date": good["date"].max().date(),
            "shift_days": plan.shift,
            "amount_total": float(good["amount_company"].sum()),
            "totals": self._get_totals_text(plan),
            "options": self._get_options_text(plan),
            "digest": plan.digest,
            "forced": plan.options.force,
        }
        if plan.refused_count:
            values["report"] = self._get_report(plan)
            values["report_name"] = self.env._("refused lines.csv")
        return values
