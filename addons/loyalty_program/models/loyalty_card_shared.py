"""One card per company: contacts of a company collect on, and spend from, its card."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .loyalty_card_ledger import KEPT

OWNER_KEY = "loyalty_card_owner"


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._set_owner(vals, vals.get("program_id"))
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("partner_id"):
            shared = self.filtered("program_id.card_per_company")
            if shared and shared != self:
                super(LoyaltyCard, self - shared).write(vals)
                return super(LoyaltyCard, shared).write(
                    self._set_owner(dict(vals), shared[:1].program_id.id)
                )
            if shared:
                vals = self._set_owner(dict(vals), shared[:1].program_id.id)
        return super().write(vals)

    @api.model
    def _set_owner(self, vals, program_id):
        """The company of a contact owns its card where the programme says so."""
        program = self.env["loyalty.program"].browse(program_id)
        if vals.get("partner_id") and program.sudo().card_per_company:
            partner = self.env["res.partner"].browse(vals["partner_id"])
            # whose card it is, whether or not the user may open the company
            vals["partner_id"] = partner.sudo().commercial_partner_id.id
        return vals

    @api.model
    def _search(self, domain, *args, **kwargs):
        """While an order of a contact is worked on, the card of its company stands
        for its own, in programmes with one card per company.
        """
        partner_id, owner_id = self.env.context.get(OWNER_KEY) or (None, None)
        if partner_id:
            own = Domain("partner_id", "=", partner_id) & Domain(
                "program_id.card_per_company", "=", False
            )
            shared = Domain("partner_id", "=", owner_id) & Domain(
                "program_id.card_per_company", "=", True
            )

            def widen(condition):
                if condition.field_expr == "partner_id" and condition.operator in (
                    "=",
                    "in",
                ):
                    value = condition.value
                    ids = [value] if isinstance(value, int) else list(value or ())
                    if ids == [partner_id]:
                        return own | shared
                return condition

            domain = Domain(domain).map_conditions(widen)
        return super()._search(domain, *args, **kwargs)

    # -- joining -------------------------------------------------------------------

    def _join_into(self, kept):
        """Move what hangs on these cards to another one, which stays.

        The ledger keeps its rows, their days and their reasons: two accounts become
        one, no points are given or taken.  Points themselves are moved by the caller.

        :param kept: card of the same programme
        """
        self.env.flush_all()
        if not self:
            return
        ids = self.ids
        for statement in (
            # one order may have given points on several of them
            SQL(
                """WITH given AS (
                    DELETE FROM sale_order_coupon_points
                    WHERE coupon_id = ANY(%s) RETURNING order_id, points
                )
                INSERT INTO sale_order_coupon_points (order_id, coupon_id, points)
                SELECT order_id, %s, SUM(points) FROM given GROUP BY order_id
                ON CONFLICT (order_id, coupon_id) DO UPDATE
                SET points = sale_order_coupon_points.points + EXCLUDED.points""",
                ids,
                kept.id,
            ),
            SQL(
                """WITH applied AS (
                    DELETE FROM loyalty_card_sale_order_rel
                    WHERE loyalty_card_id = ANY(%s) RETURNING sale_order_id
                )
                INSERT INTO loyalty_card_sale_order_rel (loyalty_card_id, sale_order_id)
                SELECT DISTINCT %s, sale_order_id FROM applied
                ON CONFLICT DO NOTHING""",
                ids,
                kept.id,
            ),
            *(
                SQL(
                    "UPDATE %s SET %s = %s WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    kept.id,
                    SQL.identifier(column),
                    ids,
                )
                for table, column in (
                    ("sale_order_line", "coupon_id"),
                    ("loyalty_history", "card_id"),
                    ("loyalty_ledger", "card_id"),
                )
            ),
        ):
            self.env.cr.execute(statement)
        self.env.invalidate_all(flush=False)
        ledger = self.env["loyalty.ledger"].sudo()  # what has just happened
        ledger.create(
            [
                ledger._record(
                    kept,
                    0,
                    kind="merge",
                    note=self.env._("Card %s joined", card.code),
                )
                for card in self
            ]
        )

    @api.model
    def _join_cards(self, groups):
        """Make one card of several.

        :param groups: pairs of the card that stays and the cards that join it
        """
        for kept, others in groups:
            total = kept.points + sum(others.mapped("points"))
            others._join_into(kept)
            quiet = {**KEPT, "loyalty_no_mail": True}
            kept.with_context(**quiet).points = total
            others.with_context(**quiet).write({"points": 0, "active": False})


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _join_company_cards(self, partners=None):
        """Join cards of contacts into those of their companies.

        :param partners: only of these customers, default all
        """
        programs = self.filtered("card_per_company")
        if not programs:
            return
        # a company's card is made of those of its contacts, whoever may see them
        cards = self.env["loyalty.card"].sudo()
        domain = [("program_id", "in", programs.ids), ("partner_id", "!=", False)]
        if partners is not None:
            domain.append(("partner_id.commercial_partner_id", "in", partners.ids))
        found = cards.search(domain, order="id")
        groups = found.grouped(
            lambda card: (card.program_id, card.partner_id.commercial_partner_id)
        )
        joined = []
        for (_program, owner), members in groups.items():
            own = members.filtered(lambda card, owner=owner: card.partner_id == owner)
            kept = own[:1] or members[:1]
            if kept.partner_id != owner:
                kept.partner_id = owner
            if others := members - kept:
                joined.append((kept, others))
        cards._join_cards(joined)

    @api.model
    def _cron_join_company_cards(self):
        """Contacts that came to a company since: their cards join its card."""
        self.search([("card_per_company", "=", True)])._join_company_cards()
