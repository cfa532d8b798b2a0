"""What foreign keys would do for the snapshots, and their end of life."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..scoring.months import last_month_end, month_ends

# Columns of the table that name a record which may be deleted.
_RULE_COLUMNS = {"lifecycle.stage": "stage_id", "lifecycle.segment": "segment_id"}


class LifecycleSnapshot(models.Model):
    _inherit = "lifecycle.snapshot"

    @api.model
    def _forget_partners(self, partner_ids):
        """The rows of contacts that are deleted, of every company."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM lifecycle_snapshot WHERE partner_id = ANY(%s)",
                list(partner_ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _forget_companies(self, company_ids):
        """The rows of companies that are deleted."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM lifecycle_snapshot WHERE company_id = ANY(%s)",
                list(company_ids),
            )
        )
        self.invalidate_model()

    @api.model
    def _find_used_rules(self, rules):
        """Those of some stages or segments in which a customer stood at a month end."""
        column = SQL.identifier(_RULE_COLUMNS[rules._name])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM unnest(%s::int[]) AS rule (id) WHERE EXISTS (
                    SELECT 1 FROM lifecycle_snapshot WHERE %s = rule.id)""",
                rules.ids,
                column,
            )
        )
        return rules.browse(rule_id for (rule_id,) in rows)

    @api.model
    def _merge_partners(self, source_ids, target_id):
        """Contacts become one: so do their rows of each month.

        The purchases are added up, so that nothing of the past looks like revenue
        of the month in which they were merged.  Stage and scores are those of the
        destination, else of who had most orders; a rebuild computes them anew.
        """
        partner_ids = [target_id, *source_ids]
        self.env.cr.execute(
            SQL(
                """WITH ranked AS (
                    SELECT *, FIRST_VALUE(id) OVER (
                        PARTITION BY company_id, month
                        ORDER BY partner_id = %(target)s DESC, order_count DESC, id
                    ) AS kept_id
                    FROM lifecycle_snapshot WHERE partner_id = ANY(%(partners)s)
                ), summed AS (
                    SELECT kept_id,
                        SUM(order_count)::int AS order_count,
                        SUM(revenue_total) AS revenue_total,
                        MIN(first_order_date) AS first_order_date,
                        MAX(last_order_date) AS last_order_date,
                        COALESCE(BOOL_AND(lapsed) FILTER (WHERE order_count > 0),
                            FALSE) AS lapsed
                    FROM ranked GROUP BY kept_id HAVING COUNT(*) > 1
                )
                UPDATE lifecycle_snapshot old SET
                    order_count = s.order_count,
                    revenue_total = s.revenue_total,
                    first_order_date = s.first_order_date,
                    last_order_date = s.last_order_date,
                    lapsed = s.lapsed
                FROM summed s WHERE old.id = s.kept_id""",
                target=target_id,
                partners=partner_ids,
            )
        )
        # the same order: who is first is kept
        self.env.cr.execute(
            SQL(
                """WITH ranked AS (
                    SELECT id, ROW_NUMBER() OVER (
                        PARTITION BY company_id, month
                        ORDER BY partner_id = %(target)s DESC, order_count DESC, id
                    ) AS position
                    FROM lifecycle_snapshot WHERE partner_id = ANY(%(partners)s)
                )
                DELETE FROM lifecycle_snapshot old USING ranked r
                WHERE old.id = r.id AND r.position > 1""",
                target=target_id,
                partners=partner_ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE lifecycle_snapshot SET partner_id = %s WHERE partner_id = "
                "ANY(%s)",
                target_id,
                list(source_ids),
            )
        )
        self.invalidate_model()

    # -- housekeeping --------------------------------------------------------

    @api.autovacuum
    def _gc_snapshots(self):
        """Months older than a company keeps; its monthly figures stay."""
        companies = self.env["res.company"].with_context(active_test=False)
        # pylint: disable-next=no-search-all
        for company in companies.search([]):
            last = last_month_end(company._get_lifecycle_today())
            # one more: what the first of the kept months is compared with
            first = month_ends(last, company.lifecycle_snapshot_months + 1)[0]
            self.env.cr.execute(
                SQL(
                    "DELETE FROM lifecycle_snapshot "
                    "WHERE company_id = %s AND month < %s",
                    company.id,
                    first,
                )
            )

    @api.autovacuum
    def _gc_orphans(self):
        """What was deleted while a month was being written."""
        lately = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        if not self.env["lifecycle.rebuild"].search_count(
            [("write_date", ">=", lately)], limit=1
        ):
            return  # nothing was written: this reads the whole table
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_snapshot WHERE partner_id IN (
                    SELECT DISTINCT s.partner_id FROM lifecycle_snapshot s
                    WHERE NOT EXISTS (
                        SELECT 1 FROM res_partner p WHERE p.id = s.partner_id))"""
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_snapshot s WHERE NOT EXISTS (
                    SELECT 1 FROM res_company c WHERE c.id = s.company_id)"""
            )
        )
        for model, column in _RULE_COLUMNS.items():
            self.env.cr.execute(
                SQL(
                    """UPDATE lifecycle_snapshot s SET %(column)s = NULL
                    WHERE %(column)s IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM %(rules)s r WHERE r.id = s.%(column)s)""",
                    column=SQL.identifier(column),
                    rules=SQL.identifier(self.env[model]._table),
                )
            )
