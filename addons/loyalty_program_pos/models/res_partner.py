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
        """For all of them at once: two or three queries, however many they are."""
        contacts = self.filtered("id")
        self.pos_loyalty_tiers = False
        rows = self._read_pos_tiers(contacts.ids)
        tiers = self.env["loyalty.tier"].browse(
            {tier_id for row in rows for tier_id in row[1:3] if tier_id}
        )
        perks = tiers._get_perks()
        rows.sort(key=lambda row: perks[row[1]].rank)
        stages = self._read_pos_stages(contacts.ids)
        found = {}
        for partner_id, tier_id, next_id, progress in rows:
            tier, perk = tiers.browse(tier_id), perks[tier_id]
            found.setdefault(partner_id, []).append(
                {
                    "id": tier_id,
                    "program_id": perk.program_id,
                    "name": tier.name,
                    "color": tier.color,
                    "multiplier": perk.multiplier,
                    "pricelist_id": perk.pricelist_id,
                    "next": tiers.browse(next_id).name if next_id else False,
                    "progress": float(progress or 0),
                }
            )
        for partner in contacts:
            held, stage = found.get(partner.id, []), stages.get(partner.id)
            if held or stage:
                partner.pos_loyalty_tiers = {
                    "tiers": held,
                    "stage": stage,
                    "pricelist": partner._get_pos_tier_pricelist(held),
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
        """Rows of contact, tier, next tier and percent on the way to it."""
        perks = self.env["loyalty.tier"]._get_perks()
        if not perks or not partner_ids:
            return []
        return self.env.execute_query(
            SQL(
                """SELECT p.id, m.tier_id, n.id, m.progress
                FROM res_partner p
                JOIN loyalty_membership m ON m.partner_id = p.commercial_partner_id
                LEFT JOIN loyalty_tier n ON n.id = m.next_tier_id AND n.active
                WHERE p.id = ANY(%s) AND m.company_id = %s AND m.tier_id = ANY(%s)""",
                partner_ids,
                self.env.company.id,
                list(perks),
            )
        )

    @api.model
    def _read_pos_stages(self, partner_ids):
        """Stages of contacts, for who may see them: ``{contact id: name and colour}``.

        The user is asked, not the environment, which computes as superuser.
        """
        if not partner_ids or not self.env.user.has_groups(LIFECYCLE_GROUPS):
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id, pr.stage_id FROM res_partner p
                JOIN lifecycle_profile pr ON pr.partner_id = p.commercial_partner_id
                WHERE p.id = ANY(%s) AND pr.company_id = %s
                  AND pr.stage_id IS NOT NULL""",
                partner_ids,
                self.env.company.id,
            )
        )
        stages = self.env["lifecycle.stage"].browse({stage for _id, stage in rows})
        told = {stage.id: {"name": stage.name, "color": stage.color} for stage in stages}
        return {partner_id: told[stage_id] for partner_id, stage_id in rows}

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "pos_loyalty_tiers"]
