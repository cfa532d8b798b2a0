"""Several cards become one account: no points are given or taken."""

from odoo import api, models
from odoo.tools import SQL

from .loyalty_card_ledger import KEPT

# Columns that name a card, beside those where one order may name several.
_COLUMNS = (
    ("sale_order_line", "coupon_id"),
    ("loyalty_history", "card_id"),
    ("loyalty_ledger", "card_id"),
)


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _join_into(self, kept):
        """Move what hangs on these cards to another one, which stays.

        The ledger keeps its rows, their days and their reasons.  Points themselves are
        moved by the caller.

        :param kept: card of the same programme
        """
        self._move_accounts(dict.fromkeys(self.ids, kept.id))

    @api.model
    def _move_accounts(self, targets):
        """The same for many cards at once.

        :param targets: ``{id of a card that goes: id of the one that stays}``
        """
        self.env.flush_all()
        if not targets:
            return
        moved = SQL(
            "unnest(%s::int[], %s::int[]) AS moved (gone, kept)",
            list(targets),
            list(targets.values()),
        )
        for statement in (
            # one order may have given points on several of them
            SQL(
                """WITH given AS (
                    DELETE FROM sale_order_coupon_points p USING %s
                    WHERE p.coupon_id = moved.gone
                    RETURNING p.order_id, moved.kept, p.points
                )
                INSERT INTO sale_order_coupon_points (order_id, coupon_id, points)
                SELECT order_id, kept, SUM(points) FROM given GROUP BY order_id, kept
                ON CONFLICT (order_id, coupon_id) DO UPDATE
                SET points = sale_order_coupon_points.points + EXCLUDED.points""",
                moved,
            ),
            SQL(
                """WITH applied AS (
                    DELETE FROM loyalty_card_sale_order_rel r USING %s
                    WHERE r.loyalty_card_id = moved.gone
                    RETURNING r.sale_order_id, moved.kept
                )
                INSERT INTO loyalty_card_sale_order_rel (loyalty_card_id, sale_order_id)
                SELECT DISTINCT kept, sale_order_id FROM applied
                ON CONFLICT DO NOTHING""",
                moved,
            ),
            *(
                SQL(
                    "UPDATE %(table)s t SET %(column)s = moved.kept FROM %(moved)s"
                    " WHERE t.%(column)s = moved.gone",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    moved=moved,
                )
                for table, column in _COLUMNS
            ),
        ):
            self.env.cr.execute(statement)
        self.env.invalidate_all(flush=False)
        ledger = self.env["loyalty.ledger"].sudo()  # what has just happened
        # read together, also what hangs on them
        cards = {card.id: card for card in self.browse([*targets, *targets.values()])}
        ledger.create(
            [
                ledger._record(
                    cards[kept_id],
                    0,
                    kind="merge",
                    note=self.env._("Card %s joined", cards[gone_id].code),
                )
                for gone_id, kept_id in targets.items()
            ]
        )

    @api.model
    def _join_cards(self, targets):
        """Make one card of several, points included.

        :param targets: as for :meth:`_move_accounts`
        """
        self._move_accounts(targets)
        if not targets:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_card c SET points = c.points + more.points
                FROM (
                    SELECT moved.kept, SUM(gone.points) AS points
                    FROM unnest(%s::int[], %s::int[]) AS moved (gone, kept)
                    JOIN loyalty_card gone ON gone.id = moved.gone GROUP BY moved.kept
                ) more WHERE c.id = more.kept""",
                list(targets),
                list(targets.values()),
            )
        )
        self.invalidate_model(["points"], flush=False)
        others = self.browse(targets)
        quiet = {**KEPT, "loyalty_no_mail": True}
        others.with_context(**quiet).write({"points": 0, "active": False})

    def _give_to_companies(self):
        """These cards of contacts are their companies' from now on."""
        if not self:
            return
        self._mark_members()
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_card c SET partner_id = p.commercial_partner_id
                FROM res_partner p WHERE p.id = c.partner_id AND c.id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_recordset(["partner_id"], flush=False)
        self._mark_members()


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
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT * FROM (
                    SELECT c.id, FIRST_VALUE(c.id) OVER family AS kept_id,
                        p.commercial_partner_id AS owner_id, c.partner_id
                    FROM loyalty_card c JOIN res_partner p ON p.id = c.partner_id
                    WHERE c.program_id = ANY(%s) AND c.active AND %s
                    WINDOW family AS (
                        PARTITION BY c.program_id, p.commercial_partner_id
                        ORDER BY c.partner_id <> p.commercial_partner_id, c.id)
                ) found WHERE id <> kept_id OR partner_id <> owner_id ORDER BY id""",
                programs.ids,
                SQL("TRUE")
                if partners is None
                else SQL("p.commercial_partner_id = ANY(%s)", partners.ids),
            )
        )
        moving = [card_id for card_id, kept_id, *_owner in rows if card_id == kept_id]
        cards.browse(moving)._give_to_companies()
        cards._join_cards(
            {card_id: kept_id for card_id, kept_id, *_ in rows if card_id != kept_id}
        )

    @api.model
    def _cron_join_company_cards(self):
        """Contacts that came to a company since: their cards join its card."""
        self.search([("card_per_company", "=", True)])._join_company_cards()
