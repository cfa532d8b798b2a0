"""Stages of customers who did nothing: time passed, or the rules changed."""

import functools
from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from .lifecycle_store import CHANGES_TABLE


class LifecycleStore(models.AbstractModel):
    _inherit = "lifecycle.store"

    @api.model
    def _move_stages(self, company, as_of, run, work, first=False):
        """Move whom time alone brought into another stage, or a change of rules.

        :return: Counter of figures
        """
        ids = work(functools.partial(self._find_moves, company, as_of), 0, 0)
        figures, size = Counter(), self._get_batch_size(run)
        for begin in range(0, len(ids), size):
            batch = ids[begin : begin + size]
            move = functools.partial(
                self._move_batch, company, as_of, run, batch, first
            )
            figures += work(move, begin + len(batch), len(ids))
        return figures

    @api.model
    def _find_moves(self, company, as_of):
        """Profiles that are not in the stage that the rules say."""
        return [
            row[0] for row in self.env.execute_query(self._select_moves(company, as_of))
        ]

    @api.model
    def _select_moves(self, company, as_of, ids=None):
        """SELECT of ``id, to_stage_id`` of profiles that stand elsewhere."""
        stage, _inline = self.env["lifecycle.engine"]._get_stage_expression(
            company, as_of, staged=False
        )
        return SQL(
            """SELECT id, to_stage_id FROM (
                SELECT lifecycle_profile.id, lifecycle_profile.stage_id,
                    %(stage)s AS to_stage_id
                FROM lifecycle_profile
                WHERE lifecycle_profile.company_id = %(company)s AND %(asked)s
            ) found WHERE stage_id IS DISTINCT FROM to_stage_id ORDER BY id""",
            stage=stage,
            company=company.id,
            asked=SQL("TRUE")
            if ids is None
            else SQL("lifecycle_profile.id = ANY(%s)", ids),
        )

    @api.model
    def _move_batch(self, company, as_of, run, ids, first=False):
        """Put profiles into the stages that the rules say now.

        They are asked once more: a pin or a rule may have come since.
        """
        self._hold_targets(company)
        self._create_changes(
            SQL(
                """SELECT p.id, p.partner_id, FALSE AS is_new, %(ends)s,
                    p.order_count AS old_orders, p.order_count AS new_orders,
                    p.revenue_total AS old_revenue, p.revenue_total AS new_revenue
                FROM (%(moves)s) moves
                JOIN lifecycle_profile p ON p.id = moves.id""",
                ends=self._select_ends(
                    SQL("p"), SQL("p"), stage=SQL("moves.to_stage_id")
                ),
                moves=self._select_moves(company, as_of, ids),
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE lifecycle_profile p
                SET stage_id = c.to_stage_id, stage_date = %s
                FROM %s c WHERE c.id = p.id""",
                as_of,
                SQL.identifier(CHANGES_TABLE),
            )
        )
        figures = Counter(changed_count=self.env.cr.rowcount)
        if not first:
            figures["transition_count"] = self._record_transitions(company, as_of, run)
        return figures
