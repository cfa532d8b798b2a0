"""Finds the customers of a file among the contacts."""

from odoo import models
from odoo.tools import SQL

_REFUSED = ("ambiguous_customer", "own_company", "unknown_customer")


class LifecycleImportEngine(models.AbstractModel):
    _inherit = "lifecycle.import.engine"

    def _match_customers(self, plan):
        """Fill ``plan.customers``; refuse the lines whose customer is not certain."""
        import pandas as pd

        codes, values = pd.factorize(plan.good["customer"])
        plan.good["customer_num"] = codes
        customers = plan.customers = pd.DataFrame(
            {
                "value": pd.Series(values, dtype=object),
                "partner_id": 0,
                "commercial_id": 0,
                "status": "",
            }
        )
        # E-mails and words read the same in either case; ids like 0A1b may not.
        customers["any_case"] = customers["value"].str.contains("@") | ~customers[
            "value"
        ].str.contains(r"\d", regex=True)
        self._load_customers(customers)
        for method in plan.options.matching:
            self._match_by(customers, method, plan.company)
        # names of the own companies are no secret to whoever imports for one
        companies = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        own = companies.partner_id.commercial_partner_id.ids
        customers.loc[customers["commercial_id"].isin(own), "status"] = "own_company"
        if not plan.options.create_missing:
            missing = (customers["partner_id"] == 0) & (customers["status"] == "")
            customers.loc[missing, "status"] = "unknown_customer"
        for code in _REFUSED:
            status = plan.good["customer_num"].map(customers["status"])
            self._refuse(plan, status == code, code, "customer", plan.good["customer"])
        customers["created_as"] = self._join_spellings(customers)

    def _join_spellings(self, customers):
        """Num of the first spelling of each customer that is to be created."""
        value = customers["value"]
        key = value.where(~customers["any_case"], value.str.lower())
        new = customers[customers["partner_id"] == 0]
        first = (
            new.index.to_series().groupby(key[new.index], sort=False).transform("min")
        )
        return first.reindex(customers.index, fill_value=-1)

    def _load_customers(self, customers):
        self.env.execute_query(
            SQL(
                """DROP TABLE IF EXISTS _lifecycle_import_customer;
                CREATE TEMP TABLE _lifecycle_import_customer
                    (num int, value varchar, any_case boolean) ON COMMIT DROP;
                SELECT 1"""
            )
        )
        frame = customers.reset_index()[["index", "value", "any_case"]]
        self._copy("_lifecycle_import_customer", frame)
        self.env.execute_query(SQL("ANALYZE _lifecycle_import_customer; SELECT 1"))

    def _match_by(self, customers, method, company):
        """Match by one method what the methods before it did not find.

        Active contacts go before archived ones. Several contacts of one company are
        no contradiction: the purchase is the company's then.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT m.num, COUNT(DISTINCT p.commercial_partner_id),
                    MIN(p.commercial_partner_id),
                    CASE WHEN COUNT(DISTINCT p.id) = 1 THEN MIN(p.id)
                         ELSE MIN(p.commercial_partner_id) END
                FROM (%(matches)s) m
                JOIN res_partner p ON p.id = m.partner_id
                JOIN res_partner cp ON cp.id = p.commercial_partner_id
                WHERE (p.company_id IS NULL OR p.company_id = ANY(%(companies)s))
                  AND (cp.company_id IS NULL OR cp.company_id = ANY(%(companies)s))
                GROUP BY m.num, p.active
                ORDER BY m.num, p.active""",
                matches=self._get_match_query(method),
                companies=company.sudo().parent_ids.ids,  # itself and its parents
            )
        )
        # of the two rows of one customer the last one, about active contacts, counts
        found = {num: (count, entity, partner) for num, count, entity, partner in rows}
        undecided = (customers["partner_id"] == 0) & (customers["status"] == "")
        nums = [num for num in customers.index[undecided] if num in found]
        certain = [num for num in nums if found[num][0] == 1]
        unclear = [num for num in nums if found[num][0] > 1]
        customers.loc[certain, "commercial_id"] = [found[num][1] for num in certain]
        customers.loc[certain, "partner_id"] = [found[num][2] for num in certain]
        customers.loc[unclear, "status"] = "ambiguous_customer"

    def _get_match_query(self, method):
        """SELECT of num and partner_id by one method."""
        if method == "reference":
            return SQL(
                """SELECT c.num, p.id AS partner_id
                FROM _lifecycle_import_customer c
                JOIN res_partner p ON p.ref = c.value"""
            )
        if method == "email":
            return SQL(
                """SELECT c.num, p.id AS partner_id
                FROM _lifecycle_import_customer c
                JOIN res_partner p ON p.email_normalized = lower(c.value)
                WHERE position('@' IN c.value) > 0"""
            )
        return SQL(
            """SELECT c.num, p.id AS partner_id FROM _lifecycle_import_customer c
            JOIN res_partner p ON lower(p.name) = lower(c.value) WHERE c.any_case
            UNION SELECT c.num, p.id FROM _lifecycle_import_customer c
            JOIN res_partner p ON lower(p.complete_name) = lower(c.value)
            WHERE c.any_case
            UNION SELECT c.num, p.id FROM _lifecycle_import_customer c
            JOIN res_partner p ON p.name = c.value WHERE NOT c.any_case
            UNION SELECT c.num, p.id FROM _lifecycle_import_customer c
            JOIN res_partner p ON p.complete_name = c.value WHERE NOT c.any_case"""
        )
