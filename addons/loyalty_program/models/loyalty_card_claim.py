"""One card per member, also where two orders come at once."""

from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyCardClaim(models.Model):
    """One row per programme and owner of a card.

    Odoo looks for a card of the customer and makes one where there is none.  Two
    transactions at once both find none; a unique index on cards would forbid what Odoo
    allows, several cards of one customer made by hand.  So who makes a card changes
    this row: the second of two at once waits for the first, fails as any two that
    change the same, is tried again by Odoo, and finds the card.

    Plain numbers, as in ``lifecycle.dirty``: foreign keys would lock contacts.
    """

    _name = "loyalty.card.claim"
    _description = "Turn to Make a Loyalty Card"
    _log_access = False

    program_id = fields.Integer(string="Programme ID", required=True, readonly=True)
    partner_id = fields.Integer(string="Contact ID", required=True, readonly=True)
    times = fields.Integer(
        required=True, readonly=True, help="How often a card was made, or given over."
    )

    _owner_uniq = models.UniqueIndex("(program_id, partner_id)")

    @api.model
    def _take_turns(self, cards):
        """Wait for whoever makes a card of the same programme and owner.

        :raises psycopg2.errors.SerializationFailure: one was made meanwhile
        """
        pairs = {
            (card.program_id.id, card.partner_id.id)
            for card in cards
            if card.partner_id and card.program_id.is_nominative
        }
        if not pairs:
            return
        programs, partners = zip(*sorted(pairs), strict=True)
        self.env.cr.execute(
            SQL(
                """INSERT INTO loyalty_card_claim (program_id, partner_id, times)
                SELECT pairs.*, 1
                FROM unnest(%s::int[], %s::int[]) AS pairs
                ON CONFLICT (program_id, partner_id)
                DO UPDATE SET times = loyalty_card_claim.times + 1""",
                list(programs),
                list(partners),
            )
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        # whoever makes the card, also a visitor of the shop
        self.env["loyalty.card.claim"]._take_turns(cards.sudo())
        return cards

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partner_id"):
            self.env["loyalty.card.claim"]._take_turns(self.sudo())  # as above
        return result
