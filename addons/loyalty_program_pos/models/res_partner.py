"""What a cashier sees of a customer: loaded with the contacts of the point of sale."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS

POS_GROUP = "point_of_sale.group_pos_user"


class ResPartner(models.Model):
    _inherit = "res.partner"

    pos_loyalty_tiers = fields.Json(
        string="Tiers in the Point of Sale",
        compute="_compute_pos_loyalty_tiers",
        compute_sudo=True,
        groups=POS_GROUP,
        help="Tiers of the customer with what they bring: what whoever serves it must "
        "know. The lifecycle stage is in it only for who may see it.",
    )

    @api.depends_context("company", "uid")
    def _compute_pos_loyalty_tiers(self):
        """For all of them at once: one query, however many they are."""
        contacts = self.filtered("id")
        self.pos_loyalty_tiers = False
        held, stages = {}, {}
        rows = self._read_pos_tiers(contacts.ids)
        for partner_id, tier, stage in rows:
            stages[partner_id] = stage
            if tier:
                held.setdefault(partner_id, []).append(tier)
        perks = self.env["loyalty.tier"]._get_perks()
        for partner in contacts:
            tiers, stage = held.get(partner.id, []), stages.get(partner.id)
            for tier in tiers:
                perk = perks[tier["id"]]
                tier.update(
                    program_id=perk.program_id,
                    multiplier=perk.multiplier,
                    pricelist_id=perk.pricelist_id,
                )
            tiers.sort(key=lambda tier: perks[tier["id"]].rank)
            if tiers or stage:
                partner.pos_loyalty_tiers = {
                    "tiers": tiers,
                    "stage": stage,
                    "pricelist": partner._get_pos_tier_pricelist(tiers),
                }

    def _get_pos_tier_pricelist(self, tiers):
        """The pricelist that a tier gives, by id and name; None where none does."""
        given = {tier["pricelist_id"] for tier in tiers} - {None}
        # found for all contacts at once, and loaded for the screen anyway
        pricelist = self.property_product_pricelist if given else None
        if not pricelist or pricelist.id not in given:
            return None
        return {"id": pricelist.id, "name": pricelist.name}

    @api.model
    def _read_pos_tiers(self, partner_ids):
        """Rows of contact, a tier it holds, and its stage, as dicts or None.

        The stage only for who may see it: the user is asked, not the environment,
        which computes as superuser.
        """
        perks = self.env["loyalty.tier"]._get_perks()
        sees_stage = self.env.user.has_groups(LIFECYCLE_GROUPS)
        if not partner_ids or not (perks or sees_stage):
            return []
        tiers, stages = self.env["loyalty.tier"], self.env["lifecycle.stage"]
        return self.env.execute_query(
            SQL(
                """SELECT p.id,
                    CASE WHEN t.id IS NOT NULL THEN json_build_object(
                        'id', t.id, 'name', %(name)s, 'color', t.color,
                        'next', %(next)s, 'progress', COALESCE(m.progress, 0)) END,
                    CASE WHEN s.id IS NOT NULL THEN json_build_object(
                        'name', %(stage)s, 'color', s.color) END
                FROM res_partner p
                LEFT JOIN loyalty_membership m
                    ON m.partner_id = p.commercial_partner_id
                    AND m.company_id = %(company)s AND m.tier_id = ANY(%(tiers)s)
                LEFT JOIN loyalty_tier t ON t.id = m.tier_id
                LEFT JOIN loyalty_tier n ON n.id = m.next_tier_id AND n.active
                LEFT JOIN lifecycle_profile pr
                    ON pr.partner_id = p.commercial_partner_id
                    AND pr.company_id = %(company)s AND %(sees_stage)s
                LEFT JOIN lifecycle_stage s ON s.id = pr.stage_id
                WHERE p.id = ANY(%(partners)s)""",
                name=tiers._field_to_sql("t", "name"),
                next=tiers._field_to_sql("n", "name"),
                stage=stages._field_to_sql("s", "name"),
                company=self.env.company.id,
                tiers=list(perks),
                sees_stage=sees_stage,
                partners=list(partner_ids),
            )
        )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "pos_loyalty_tiers"]
