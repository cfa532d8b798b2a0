"""Which purchases count towards tiers: one row each, in the unit of the programme.

The sources are those of ``lifecycle.transaction``, so an addon that adds one adds it
for tiers as well; only which of them are asked is decided by the programme.
"""

from dataclasses import dataclass, replace

from odoo import api, models
from odoo.tools import SQL

EPOCH = SQL("DATE '1970-01-01'")


@dataclass(frozen=True)
class TierSources:
    """In the context: ask these sources, whatever counts for the profile.

    An object, so no client can say it.
    """

    names: tuple[str, ...]


class LifecycleTransaction(models.Model):
    _inherit = "lifecycle.transaction"

    @api.model
    def _get_sources(self):
        return {
            **super()._get_sources(),
            "paid_invoice": (
                self.env._("Paid invoices"),
                "_select_paid_invoice",
                "account.move",
            ),
        }

    @api.model
    def _get_company_sources(self, company):
        asked = self.env.context.get("loyalty_sources")
        if isinstance(asked, TierSources):
            return list(asked.names)
        return super()._get_company_sources(company)

    @api.model
    def _get_tier_sources(self, event):
        """Names of the sources that count for tiers.

        :param event: a value of ``tier_event`` of the programme
        """
        return {
            "confirmed": ("sale_order", "sale_credit", "history"),
            "invoiced": ("invoice", "history"),
            "paid": ("paid_invoice", "history"),
        }[event]

    @api.model
    def _select_paid_invoice(self, scope):
        """Invoices on the day on which the last of them was paid, and credit notes.

        A credit note on an invoice that was never paid takes nothing back.
        """
        inner = replace(scope, since=None)
        return SQL(
            """SELECT found.* FROM (
                SELECT s.res_id, s.contact_id, s.amount, s.is_order, s.changeable,
                    s.reference, CASE WHEN m.move_type = 'out_refund'
                        THEN GREATEST(s.day, paid.day) ELSE paid.day END AS day
                FROM (%(invoices)s) s
                JOIN account_move m ON m.id = s.res_id
                LEFT JOIN account_move o ON o.id = CASE WHEN m.move_type = 'out_refund'
                    THEN m.reversed_entry_id ELSE m.id END
                LEFT JOIN LATERAL (
                    SELECT COALESCE(MAX(p.max_date), o.invoice_date) AS day
                    FROM account_move_line l
                    JOIN account_partial_reconcile p ON p.debit_move_id = l.id
                    WHERE l.move_id = o.id
                ) paid ON TRUE
                WHERE o.id IS NULL OR o.payment_state IN ('paid', 'in_payment')
            ) found WHERE %(in_time)s""",
            invoices=self._select_invoice(inner),
            in_time=scope.day_condition(SQL("found.day")),
        )


class LoyaltyEngine(models.AbstractModel):
    """What counts, by customer and day.  Amounts are whole numbers, see ``_digits``."""

    _inherit = "loyalty.engine"

    @api.model
    def _get_digits(self, program):
        """Decimals of what is counted: of the currency, of points, of orders."""
        if program.tier_measure in ("net_spend", "margin"):
            return program.currency_id.decimal_places
        return 2 if program.tier_measure == "points" else 0

    @api.model
    def _select_rows(self, program, company, scope):
        """SELECT of ``contact_id, day, value``: days since 1970, value a bigint."""
        if program.tier_measure == "points":
            return self._select_points(program, company, scope)
        if program.tier_measure == "margin":
            return self._select_margins(program, company, scope)
        day = SQL("(day - %s)::int4 AS day", EPOCH)
        if program.tier_measure == "orders":
            value = SQL("is_order::int::int8 AS value")
        else:
            value = SQL("%s AS value", self._get_value(program, company, SQL("amount")))
            scope = replace(scope, amounts_only=True)
        transactions = self._get_transactions(program)
        query = transactions._get_contact_query(
            company, scope, [SQL("contact_id"), day, value]
        )
        return SQL("SELECT contact_id, day, value FROM (%s) counted", query)

    @api.model
    def _select_totals(self, program, company, scope):
        """SELECT of ``contact_id, value``: the sum of the rows of a scope."""
        if program.tier_measure != "net_spend" or self._is_foreign(program, company):
            return SQL(
                """SELECT contact_id, SUM(value)::int8
                FROM (%s) r WHERE contact_id IS NOT NULL GROUP BY contact_id""",
                self._select_rows(program, company, scope),
            )
        # summed first: a sum is made a whole number once, not every row
        transactions = self._get_transactions(program)
        scope = replace(scope, amounts_only=True)
        query = transactions._get_contact_query(
            company, scope, [SQL("contact_id"), SQL("amount")]
        )
        return SQL(
            """SELECT contact_id, (SUM(amount) * %s)::int8
            FROM (%s) counted GROUP BY contact_id""",
            10 ** self._get_digits(program),
            query,
        )

    @api.model
    def _get_transactions(self, program):
        transactions = self.env["lifecycle.transaction"]
        names = transactions._get_tier_sources(program.tier_event)
        return transactions.with_context(loyalty_sources=TierSources(names))

    @api.model
    def _is_foreign(self, program, company):
        return program.currency_id != company.currency_id

    @api.model
    def _get_value(self, program, company, amount, day=None):
        """An amount of the company's currency as a whole number of the programme's.

        At the rate of the day of the purchase.
        """
        factor = 10 ** self._get_digits(program)
        if not self._is_foreign(program, company):
            return SQL("(%s * %s)::int8", amount, factor)
        days, rates = self._get_rates(program, company)
        return SQL(
            "ROUND(%s::float8"
            " * (%s::float8[])[width_bucket(%s, %s::date[]) + 1])::int8",
            amount,
            [rate * factor for rate in rates],
            day or SQL("day"),
            days,
        )

    @api.model
    def _get_rates(self, program, company):
        """From which day on how much of the programme's currency one unit is worth.

        :return: (k days, rising; k + 1 rates, the first for the days before)
        """
        ours, theirs = company.currency_id, program.currency_id
        rows = self.env.execute_query(
            SQL(
                """SELECT currency_id, name, rate, company_id IS NOT NULL
                FROM res_currency_rate
                WHERE currency_id = ANY(%s)
                  AND (company_id IS NULL OR company_id = %s) ORDER BY name""",
                (ours | theirs).ids,
                company.root_id.id,
            )
        )
        own = {currency for currency, _name, _rate, is_own in rows if is_own}
        tables = {currency.id: [] for currency in ours | theirs}
        for currency, name, rate, is_own in rows:
            # rates of the company go before those for all
            if is_own or currency not in own:
                tables[currency].append((name, float(rate) or 1.0))
        days = sorted({name for table in tables.values() for name, _rate in table})

        def find(currency, day):
            table = tables[currency.id] or [(None, 1.0)]
            known = [rate for name, rate in table if name and day and name <= day]
            return known[-1] if known else table[0][1]

        rates = [find(theirs, day) / find(ours, day) for day in (None, *days)]
        return days, rates

    # -- points ------------------------------------------------------------------

    @api.model
    def _select_points(self, program, company, scope):
        """Points earned, less those taken back; spent ones count on.

        What should have been taken back and was not on the card any more is no progress
        either.
        """
        return SQL(
            """SELECT l.partner_id AS contact_id, (l.day - %(epoch)s)::int4 AS day,
                ((l.points - COALESCE(l.shortfall, 0)) * 100)::int8 AS value
            FROM loyalty_ledger l
            WHERE l.program_id = %(program)s AND l.company_id = %(company)s
              AND (l.kind IN ('earn', 'opening') AND l.points > 0
                OR l.kind IN ('clawback', 'reverse') AND l.lot_id IS NOT NULL)
              AND l.partner_id IS NOT NULL AND %(in_time)s AND %(asked)s""",
            epoch=EPOCH,
            program=program.id,
            company=company.id,
            in_time=scope.day_condition(SQL("l.day")),
            asked=scope.contact_condition(SQL("l.partner_id")),
        )
