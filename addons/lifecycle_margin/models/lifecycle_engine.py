"""Margins and terms of trade in the engine's runs: one more query, for all at once."""

from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_engine_columns import Column
from odoo.addons.lifecycle_crm.scoring.rhythm import NO_DAY

from .lifecycle_transaction import MarginRequest

# Months that say on what terms a customer buys.
MONTHS = 24
_SUMS = (
    "revenue",
    "margin",
    "window_revenue",
    "window_margin",
    "orders",
    "discounted",
    "recent_margin",
    "discount_margin",
    "returned",
    "return_margin",
    "sold",
    "uncosted",
)


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _get_fact_columns(self):
        return {
            **super()._get_fact_columns(),
            "margin_total": Column("money"),
            "rfm_margin": Column("money"),
            "margin_months": Column("money"),
            "order_discount_share": Column("float", tolerance=0.0005),
            "margin_discount_share": Column("float", tolerance=0.0005),
            "return_amount": Column("money"),
            "return_margin": Column("money"),
            "return_share": Column("float", tolerance=0.0005),
            "sold_recent": Column("money"),
            "uncosted_recent": Column("money"),
        }

    @api.model
    def _get_windows(self, company):
        return super()._get_windows(company) | {MONTHS}

    # -- value by margin ---------------------------------------------------------

    @api.model
    def _counts_by_margin(self, company):
        return company._get_value_basis() == "margin"

    @api.model
    def _copy_purchases(self, company, *args, **kwargs):
        engine = self
        if self._counts_by_margin(company):
            engine = self.with_context(lifecycle_margin=MarginRequest(as_amount=True))
        return super(LifecycleEngine, engine)._copy_purchases(company, *args, **kwargs)

    @api.model
    def _get_value_facts(self, facts, context):
        facts = super()._get_value_facts(facts, context)
        # right after the purchases were read the sums are of margins
        if self._counts_by_margin(context.company) and "margin_total" in facts:
            return facts.assign(
                revenue_total=facts["margin_total"], rfm_revenue=facts["rfm_margin"]
            )
        return facts

    @api.model
    def _get_derived_columns(self):
        columns = super()._get_derived_columns()
        if self._counts_by_margin(self.env.company):
            columns["clv_historic"] = self._get_columns()["margin_total"].to_value(
                SQL("r.margin_total"), self._get_digits()
            )
        return columns

    # -- facts -------------------------------------------------------------------

    @api.model
    def _build_facts(self, purchases, customers, days, context):
        facts = super()._build_facts(purchases, customers, days, context)
        self._add_margin_facts(facts, context)
        return facts

    @api.model
    def _add_margin_facts(self, facts, context):
        """Add what is known of costs; revenue stays what it is in either case."""
        import numpy as np

        sums = self._read_margins(context, facts["partner_id"].to_numpy())
        digits = context.company.currency_id.decimal_places
        bought = facts["order_count"].to_numpy() > 0

        def share(part, whole):
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.where(sums[whole] > 0, sums[part] / sums[whole], np.nan)

        active = sums["sold"] > 0
        money = {
            "margin_total": sums["margin"],
            "rfm_margin": sums["window_margin"],
            "margin_months": np.where(active, sums["recent_margin"], np.nan),
            "return_amount": sums["returned"],
            "return_margin": sums["return_margin"],
            "sold_recent": sums["sold"],
            "uncosted_recent": sums["uncosted"],
        }
        if self._counts_by_margin(context.company):
            money["revenue_total"] = sums["revenue"]
            money["rfm_revenue"] = sums["window_revenue"]
            self._keep_first_contact(facts, bought)
        for name, values in money.items():
            facts[name] = np.round(values, digits)
        facts["order_discount_share"] = share("discounted", "orders").round(3)
        discounted = share("discount_margin", "recent_margin")
        facts["margin_discount_share"] = discounted.round(3)
        facts["return_share"] = share("returned", "sold").round(3)

    @api.model
    def _keep_first_contact(self, facts, bought):
        """A first purchase at a loss is a contact all the same."""
        import numpy as np

        asked = facts["first_contact_date"].to_numpy()
        first = facts["first_order_date"].to_numpy()
        earlier = bought & (first != NO_DAY) & ((asked == NO_DAY) | (first < asked))
        facts["first_contact_date"] = np.where(earlier, first, asked)

    @api.model
    def _read_margins(self, context, partner_ids):
        """Sums of purchases with their margins, aligned to customers.

        :param partner_ids: customers, ascending, int64 of shape (n,)
        :return: ``{name: float of shape (n,)}`` in the currency of the company
        """
        import numpy as np

        found = self._read_for_customers(
            context,
            partner_ids,
            partial(self._select_margins, context.company, context.as_of),
            dict.fromkeys(_SUMS, Column("float")),
        )
        return {name: np.nan_to_num(values) for name, values in found.items()}

    @api.model
    def _select_margins(self, company, as_of, partner_ids=None):
        """SELECT of ``customer`` and the sums; see the help of the fields."""
        request = MarginRequest(as_amount=False)
        transactions = self.env["lifecycle.transaction"].with_context(
            lifecycle_margin=request
        )
        window = as_of - relativedelta(months=company.lifecycle_rfm_months)
        recent = as_of - relativedelta(months=MONTHS)
        names = ("contact_id", "amount", "is_order", "margin", "uncosted", "discounted")
        query = transactions._get_contact_query(
            company,
            transactions._get_scope(company, as_of, partner_ids),
            [
                *map(SQL, names),
                SQL("day > %s AS in_window", window),
                SQL("day > %s AS recent", recent),
            ],
        )
        sums = (
            SQL("SUM(amount)"),
            SQL("SUM(margin)"),
            SQL("SUM(amount) FILTER (WHERE in_window)"),
            SQL("SUM(margin) FILTER (WHERE in_window)"),
            SQL("COUNT(*) FILTER (WHERE recent AND is_order)"),
            SQL("COUNT(*) FILTER (WHERE recent AND is_order AND discounted)"),
            SQL("SUM(margin) FILTER (WHERE recent)"),
            SQL("SUM(margin) FILTER (WHERE recent AND discounted)"),
            SQL("-SUM(amount) FILTER (WHERE recent AND amount < 0)"),
            SQL("-SUM(margin) FILTER (WHERE recent AND amount < 0)"),
            SQL("SUM(amount) FILTER (WHERE recent AND amount > 0)"),
            SQL("SUM(uncosted) FILTER (WHERE recent AND amount > 0)"),
        )
        return SQL(
            """SELECT p.commercial_partner_id AS customer, %s
            FROM (%s) t JOIN res_partner p ON p.id = t.contact_id
            GROUP BY p.commercial_partner_id""",
            SQL(", ").join(
                SQL("COALESCE(%s, 0)::float8 AS %s", total, SQL.identifier(name))
                for name, total in zip(_SUMS, sums, strict=True)
            ),
            query,
        )
