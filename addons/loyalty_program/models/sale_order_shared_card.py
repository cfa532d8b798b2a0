from odoo import models

from .loyalty_card_shared import OWNER_KEY


class SaleOrder(models.Model):
    """Orders of a contact work with the card of its company, where it has one.

    Odoo looks for cards of exactly the contact on the order, and drops points that the
    order gives to a card of somebody else.  Both look at ``partner_id`` of the card:
    the search is widened, and while an order is worked on, the card of the company
    passes for one of the contact.  That is in memory only and never written.
    """

    _inherit = "sale.order"

    def _get_shared_cards(self):
        """Cards of the company on an order of one of its contacts."""
        self.ensure_one()
        owner = self.partner_id.commercial_partner_id
        if owner == self.partner_id:
            return self.env["loyalty.card"]
        cards = self.coupon_point_ids.coupon_id | self.applied_coupon_ids
        return cards.filtered(
            lambda card: card.partner_id == owner and card.program_id.card_per_company
        )

    def _for_shared_cards(self):
        """This order, finding the cards of its company as its own."""
        self.ensure_one()
        partner = self.partner_id
        owner = partner.commercial_partner_id
        if not partner or owner == partner or OWNER_KEY in self.env.context:
            return self
        return self.with_context(**{OWNER_KEY: (partner.id, owner.id)})

    def _lend_shared_cards(self, cards):
        """Let cards pass for cards of the contact, in the cache."""
        field = cards._fields["partner_id"]
        for card in cards:
            field._update_cache(card, self.partner_id.id)

    def _drop_cards_of_others(self):
        """A quotation that changed hands leaves the cards of its former customer.

        Odoo drops the points only, and makes a card without owner in their place.
        """
        self.ensure_one()
        owners = self.partner_id | self.partner_id.commercial_partner_id
        mine = owners if self._get_shared_cards() else self.partner_id

        def is_of_another(card):
            program = card.program_id
            return (
                program.is_nominative
                and program.trigger == "auto"
                and card.partner_id
                and not card.partner_id.is_public
                and card.partner_id not in mine
            )

        given = self.coupon_point_ids.filtered(lambda p: is_of_another(p.coupon_id))
        given.sudo().unlink()  # as Odoo does with the points it drops
        if strange := self.applied_coupon_ids.filtered(is_of_another):
            self.applied_coupon_ids -= strange

    def _update_programs_and_rewards(self):
        if self.state in ("draft", "sent"):
            self._drop_cards_of_others()
        cards = self._get_shared_cards()
        order = self._for_shared_cards()
        self._lend_shared_cards(cards)
        try:
            return super(SaleOrder, order)._update_programs_and_rewards()
        finally:
            # those that were lent on the way, too
            cards |= self.coupon_point_ids.coupon_id | self.applied_coupon_ids
            shared = cards.exists().filtered("program_id.card_per_company")
            shared.invalidate_recordset(["partner_id"], flush=False)

    def _program_check_compute_points(self, programs):
        result = super()._program_check_compute_points(programs)
        if OWNER_KEY in self.env.context:
            # whatever emptied the cache on the way here
            self._lend_shared_cards(self._get_shared_cards())
        return result

    def _try_apply_program(self, program, coupon=None):
        order = self._for_shared_cards()
        return super(SaleOrder, order)._try_apply_program(program, coupon)

    def _try_apply_code(self, code):
        return super(SaleOrder, self._for_shared_cards())._try_apply_code(code)
