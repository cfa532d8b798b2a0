from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_mixin import LIFECYCLE_GROUPS


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "lifecycle.mixin", "lifecycle.dirty.mixin"]

    # a lead without a company is of its team's, else of its salesperson's
    _lifecycle_owner_fields = frozenset(
        {"partner_id", "company_id", "team_id", "user_id"}
    )

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
    rfm_code = fields.Char(
        related="partner_id.lifecycle_profile_id.rfm_code", groups=LIFECYCLE_GROUPS
    )
    clv_historic = fields.Monetary(
        related="partner_id.lifecycle_profile_id.clv_historic",
        string="Customer's Historic Value",
        currency_field="lifecycle_currency_id",
        aggregator="sum",
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

    lifecycle_rhythm_summary = fields.Char(
        related="partner_id.lifecycle_profile_id.rhythm_summary",
        groups=LIFECYCLE_GROUPS,
    )
    lifecycle_next_step = fields.Char(
        related="partner_id.lifecycle_profile_id.next_step", groups=LIFECYCLE_GROUPS
    )

    def _is_lifecycle_relevant(self, kind, vals):
        if kind == "owner" and not vals.keys() & {"partner_id", "company_id"}:
            # handed on within the company
            return bool(
                self._cache.get("partner_id", True)
                and not self._cache.get("company_id", False)
            )
        return "partner_id" in vals or bool(self._cache.get("partner_id", True))

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        return SQL(
            """SELECT COALESCE(l.company_id, t.company_id, u.company_id), l.partner_id
            FROM crm_lead l
            LEFT JOIN crm_team t ON t.id = l.team_id
            LEFT JOIN res_users u ON u.id = COALESCE(l.user_id, l.create_uid)
            WHERE l.id = ANY(%s) AND l.partner_id IS NOT NULL
              AND COALESCE(l.company_id, t.company_id, u.company_id) IS NOT NULL""",
            ids,
        )
