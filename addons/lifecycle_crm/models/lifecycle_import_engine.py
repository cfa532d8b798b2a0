"""Analyses a file of purchases: the wizard and the shell call this."""

import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..importing import (
    CheckOptions,
    FileProblem,
    ImportPlan,
    check,
    guess_roles,
    read_table,
    round_half_up,
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
        Currency = self.env["res.currency"].with_context(active_test=False)
        currencies = Currency.search([])  # pylint: disable=no-search-all
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
