"""Where a customer of a month end stood one month earlier: the way of its movement."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_BEFORE = {"stage_before_id": "stage_id", "segment_before_id": "segment_id"}


class LifecycleSnapshot(models.Model):
    _inherit = "lifecycle.snapshot"

    stage_before_id = fields.Many2one(
        "lifecycle.stage",
        compute="_compute_before",
        search="_search_stage_before_id",
        help="Where the customer stood at the end of the month before. Empty: not "
        "known to the company yet.",
    )
    segment_before_id = fields.Many2one(
        "lifecycle.segment",
        compute="_compute_before",
        search="_search_segment_before_id",
        help="RFM segment at the end of the month before. Empty: none, or not known "
        "to the company yet.",
    )

    @api.depends("partner_id", "company_id", "month")
    def _compute_before(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT s.id, b.stage_id, b.segment_id
                FROM lifecycle_snapshot s JOIN lifecycle_snapshot b ON %s
                WHERE s.id = ANY(%s)""",
                self._join_before("s", "b"),
                self.ids,
            )
        )
        before = {row_id: ends for row_id, *ends in rows}
        for snapshot in self:
            stage, segment = before.get(snapshot.id, (False, False))
            snapshot.stage_before_id = stage
            snapshot.segment_before_id = segment

    @api.model
    def _join_before(self, alias, before):
        """Condition of a row and the row of the same customer one month earlier."""
        return SQL(
            """%(before)s.company_id = %(row)s.company_id
            AND %(before)s.partner_id = %(row)s.partner_id
            AND %(before)s.month
                = (DATE_TRUNC('month', %(row)s.month) - INTERVAL '1 day')::date""",
            row=SQL.identifier(alias),
            before=SQL.identifier(before),
        )

    def _search_stage_before_id(self, operator, value):
        return self._search_before("stage_before_id", operator, value)

    def _search_segment_before_id(self, operator, value):
        return self._search_before("segment_before_id", operator, value)

    @api.model
    def _search_before(self, name, operator, value):
        if operator != "in":
            return NotImplemented
        ids = [int(target) for target in value if target]
        column = SQL.identifier("b", _BEFORE[name])

        def to_sql(_model, alias, _query):
            found = SQL(
                """EXISTS (SELECT 1 FROM lifecycle_snapshot b
                WHERE %s AND %s = ANY(%s))""",
                self._join_before(alias, "b"),
                column,
                ids,
            )
            if len(ids) == len(list(value)):
                return found
            return SQL(
                """(%s OR NOT EXISTS (SELECT 1 FROM lifecycle_snapshot b
                WHERE %s AND %s IS NOT NULL))""",
                found,
                self._join_before(alias, "b"),
                column,
            )

        return Domain.custom(to_sql=to_sql)
