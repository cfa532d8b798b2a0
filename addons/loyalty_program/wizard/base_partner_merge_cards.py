from odoo import models

from ..models.loyalty_card_ledger import KEPT


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        """Cards that Odoo joins keep one ledger, with the days of all their points.

        Odoo adds up the points and archives the other cards, but leaves orders and
        history on those: a later return would take points from an empty card.
        """
        partners = src_partners | dst_partner
        # cards of all companies, as Odoo does
        cards = self.env["loyalty.card"].sudo()
        before = cards.search([("partner_id", "in", partners.ids)])
        quiet = self.with_context(**KEPT, loyalty_no_mail=True)
        result = super(BasePartnerMergeAutomaticWizard, quiet)._merge_loyalty_cards(
            src_partners, dst_partner
        )
        for program, mine in before.grouped("program_id").items():
            gone = mine.filtered(lambda card: not card.active)
            kept = (mine - gone).filtered(
                lambda card: (
                    card.partner_id == dst_partner
                    or card.partner_id == dst_partner.commercial_partner_id
                )
            )[:1]
            if gone and kept:
                gone._join_into(kept)
            program._join_company_cards(dst_partner.commercial_partner_id)
        return result
