"""Analyses a file of purchases and writes it: the wizard and the shell call this."""

import hashlib
import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..importing import (
    CheckOptions,
    FileProblem,
    ImportOptions,
    check,
    guess_roles,
    read_table,
    round_half_up,
)

# First key of the advisory locks of the imports; the second is the company.
_LOCK_KEY = 5_492_002


@dataclass
class ImportPlan:
    """A file that was analysed, and not written yet.

    :param good: DataFrame of line, row, date, amount, amount_company, currency_id,
        reference and customer_num (index of ``customers``)
    :param refused: DataFrame as CheckedFile.refused
    :param customers: DataFrame of value (text of the file), partner_id (0: to be
        created) and created_as (num of the first one of several spellings)
    """

    company: Any
    name: str
    options: ImportOptions
    digest: str
    table: Any = None
    roles: dict = field(default_factory=dict)
    checked: Any = None
    good: Any = None
    refused: Any = None
    customers: Any = None
    shift: int = 0

    @property
    def refused_count(self):
        """Number of refused lines; a line can have several reasons."""
        return int(self.refused["row"].nunique())

    @property
    def created_count(self):
        used = self.customers.loc[self.good["customer_num"].unique()]
        return int(used.loc[used["partner_id"] == 0, "created_as"].nunique())

    @property
    def matched_count(self):
        used = self.customers.loc[self.good["customer_num"].unique()]
        return int(used.loc[used["partner_id"] != 0, "partner_id"].nunique())

    @property
    def can_import(self):
        """Whether the policy on bad lines lets this file in."""
        return len(self.good) > 0 and (
            self.options.skip_bad_lines or not self.refused_count
        )


class LifecycleImportEngine(models.AbstractModel):
    _name = "lifecycle.import.engine"
    _description = "Import of Purchases: Engine"

    # -- analysis: reads only ----------------------------------------------

    @api.model
    def _analyse(self, company, data, name, options):
        """Read and check a file and match its customers; write nothing.

        :param bytes data: content of the file
        :param ImportOptions options: how to
        :return: ImportPlan
        :raises FileProblem: the file as a whole cannot be imported
        """
        self = self.with_company(company)
        self.env.flush_all()
        plan = ImportPlan(company, name, options, hashlib.sha256(data).hexdigest())
        self._check_not_imported(plan)
        plan.table = read_table(
            data, name, encoding=options.encoding, delimiter=options.delimiter
        )
        plan.roles = options.roles or guess_roles(plan.table.header)
        currencies = self.env["res.currency"].with_context(active_test=False).search([])
        by_code = {currency.name.upper(): currency for currency in currencies}
        default = (options.currency or company.currency_id.name).upper()
        if default not in by_code or not by_code[default].active:
            raise FileProblem("unknown_default_currency", value=default)
        plan.checked = check(
            plan.table,
            plan.roles,
            CheckOptions(
                today=company._get_lifecycle_today(),
                default_currency=default,
                currencies={
                    code: (currency.active, currency.rounding)
                    for code, currency in by_code.items()
                },
                date_format=options.date_format,
                decimal=options.decimal,
                returns=options.returns,
                future=options.future or options.shift_dates,
                sum_reference=options.sum_reference,
            ),
        )
        plan.good, plan.refused = plan.checked.good, plan.checked.refused
        self._match_customers(plan)
        self._shift_dates(plan)
        self._convert_amounts(plan, by_code)
        self._refuse_imported_before(plan)
        return plan

    def _check_not_imported(self, plan):
        """The same file twice would count every purchase twice."""
        if plan.options.force:
            return
        same = self.env["lifecycle.import"].search(
            [
                ("company_id", "=", plan.company.id),
                ("digest", "=", plan.digest),
                ("state", "=", "done"),
            ],
            limit=1,
        )
        if same:
            date = fields.Datetime.context_timestamp(self, same.date).date()
            raise FileProblem("already_imported", date=date, name=same.name)

    def _refuse(self, plan, mask, code, role, values):
        """Move rows of ``plan.good`` to ``plan.refused``.

        :param mask: boolean Series over plan.good
        :param values: Series over plan.good, what to name in the reason
        """
        import pandas as pd

        if not mask.any():
            return
        refused = plan.good.loc[mask, ["line", "row"]].assign(
            code=code, role=role, value=values[mask].astype(str)
        )
        plan.refused = pd.concat([plan.refused, refused], ignore_index=True)
        plan.good = plan.good[~mask].reset_index(drop=True)

    def _shift_dates(self, plan):
        """Move all days so that the last one is today."""
        import pandas as pd

        if plan.options.shift_dates and len(plan.good):
            today = pd.Timestamp(plan.company._get_lifecycle_today())
            plan.shift = (today - plan.good["date"].max()).days
            plan.good["date"] += timedelta(days=plan.shift)

    def _convert_amounts(self, plan, by_code):
        """Amounts in the currency of the company, by the rate of each day."""
        own = plan.company.currency_id
        good = plan.good
        good["currency_id"] = (
            good["currency"].map({c: cur.id for c, cur in by_code.items()}).astype(int)
        )
        good["amount_company"] = good["amount"]
        foreign = good.loc[good["currency_id"] != own.id, ["currency_id", "date"]]
        if not len(foreign):
            return
        pairs = foreign.drop_duplicates()
        rates = self._get_rates(plan, pairs)
        keys = list(zip(good["currency_id"], good["date"], strict=True))
        rate = good["currency_id"].eq(own.id).astype(float)
        is_foreign = good["currency_id"] != own.id
        rate[is_foreign] = [
            rates.get(key, 0)
            for key, other in zip(keys, is_foreign, strict=True)
            if other
        ]
        no_rate = rate == 0
        good["amount_company"] = round_half_up(
            (good["amount"] * rate).to_numpy(), own.rounding
        )
        day = good["date"].dt.strftime("%Y-%m-%d")
        self._refuse(plan, no_rate, "no_rate", "currency", good["currency"] + " " + day)

    def _get_rates(self, plan, pairs):
        """Units of company currency for one unit, as Odoo converts.

        :param pairs: DataFrame of currency_id and date
        :return: {(currency id, Timestamp): rate}; a pair without rate is left out.
            Odoo would count one to one there, or use a rate of years later.
        """
        import pandas as pd

        def rate(currency, condition, order):
            return SQL(
                """(SELECT r.rate FROM res_currency_rate r
                WHERE r.currency_id = %s AND %s
                  AND (r.company_id IS NULL OR r.company_id = %s)
                ORDER BY r.company_id, %s LIMIT 1)""",
                currency,
                condition,
                plan.company.root_id.id,
                order,
            )

        theirs, own = SQL("pair.currency_id"), SQL("%s", plan.company.currency_id.id)
        until, always = SQL("r.name <= pair.day"), SQL("TRUE")
        rows = self.env.execute_query(
            SQL(
                """SELECT pair.currency_id, pair.day,
                    COALESCE(%(own_latest)s, %(own_oldest)s, 1)
                    / COALESCE(%(latest)s, %(oldest)s)
                FROM unnest(%(ids)s::int[], %(days)s::date[]) pair(currency_id, day)""",
                own_latest=rate(own, until, SQL("r.name DESC")),
                own_oldest=rate(own, always, SQL("r.name")),
                latest=rate(theirs, until, SQL("r.name DESC")),
                oldest=rate(theirs, SQL("%s", plan.options.oldest_rate), SQL("r.name")),
                ids=pairs["currency_id"].tolist(),
                days=[day.date() for day in pairs["date"]],
            )
        )
        return {(c, pd.Timestamp(day)): float(r) for c, day, r in rows if r}

    def _refuse_imported_before(self, plan):
        """Refuse what an earlier file brought: same number, customer, day, amount."""
        named = plan.good["reference"] != ""
        known = plan.good["customer_num"].map(plan.customers["partner_id"]) != 0
        if plan.options.force or not (named & known).any():
            return
        [[any_before]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM lifecycle_history
                WHERE company_id = %s AND reference IS NOT NULL)""",
                plan.company.id,
            )
        )
        if not any_before:
            return
        self._load_lines(plan)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (l.row) l.row, i.name
                FROM _lifecycle_import_line l
                JOIN lifecycle_history h ON h.company_id = %s
                    AND h.partner_id = l.partner_id AND h.date = l.date
                    AND h.amount = l.amount AND h.currency_id = l.currency_id
                    AND h.reference = l.reference
                JOIN lifecycle_import i ON i.id = h.import_id""",
                plan.company.id,
            )
        )
        before = plan.good["row"].map(dict(rows))
        self._refuse(plan, before.notna(), "imported_before", "reference", before)

    # -- writing -----------------------------------------------------------

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
            "skipped_count": plan.checked.skipped,
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
