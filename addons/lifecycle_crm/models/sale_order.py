from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_mixin import LIFECYCLE_GROUPS


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "lifecycle.mixin", "lifecycle.dirty.mixin"]

    _lifecycle_owner_fields = frozenset({"partner_id", "company_id"})
    # a quotation counts as first contact, unless it is cancelled
    _lifecycle_event_fields = frozenset({"state", "date_order"})
    _lifecycle_value_fields = frozenset({"amount_untaxed", "currency_rate"})

    lifecycle_profile_id = fields.Many2one(
        related="partner_id.lifecycle_profile_id", groups=LIFECYCLE_GROUPS
    )
    lifecycle_stage_id = fields.Many2one(
        related="partner_id.lifecycle_profile_id.stage_id",
        string="Customer's Stage",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_segment_id = fields.Many2one(
        related="partner_id.lifecycle_profile_id.segment_id",
        string="Customer's Segment",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_stage_color = fields.Integer(
        related="partner_id.lifecycle_profile_id.stage_color",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_segment_color = fields.Integer(
        related="partner_id.lifecycle_profile_id.segment_color",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )

    clv_historic = fields.Monetary(
        related="partner_id.lifecycle_profile_id.clv_historic",
        string="Customer's Historic Value",
        currency_field="lifecycle_currency_id",
        aggregator=None,
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_rhythm_summary = fields.Char(
        related="partner_id.lifecycle_profile_id.rhythm_summary",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_next_step = fields.Char(
        related="partner_id.lifecycle_profile_id.next_step", groups=LIFECYCLE_GROUPS
    )

    def _is_lifecycle_relevant(self, kind, vals):
        # of a quotation the amount does not matter
        return kind != "value" or self._cache.get("state", "sale") == "sale"

    @api.model
    def _get_cached_customers(self, ids, counting=False):
        fields = [self._fields[name] for name in ("company_id", "partner_id", "state")]
        caches = [field._get_cache(self.env) for field in fields]
        found = [[cache.get(order_id) for cache in caches] for order_id in ids]
        if not all(map(all, found)):
            return None
        return [
            (company_id, partner_id)
            for company_id, partner_id, state in found
            if state == "sale" or not counting
        ]

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        return SQL(
            """SELECT company_id, partner_id FROM sale_order
            WHERE id = ANY(%s) AND %s""",
            ids,
            SQL("state = 'sale'") if counting else SQL("TRUE"),
        )
