from odoo import fields, models
from odoo.tools import SQL


class LoyaltyLot(models.Model):
    """Points that were given together, what is left of them, and until when.

    Nothing is stored: what was spent is taken from the oldest, in one pass over the
    ledger (``scoring/lots.py`` says the same in Python).  Filtered by card, the
    database reads the entries of that card only.
    """

    _name = "loyalty.lot"
    _description = "Points by Expiry"
    _auto = False
    _order = "day, id"
    _rec_name = "card_id"
    _depends = {
        "loyalty.ledger": ["card_id", "day", "kind", "lot_id", "points"],
        "loyalty.card": ["active", "partner_id", "program_id"],
        "loyalty.program": [
            "point_expiry_start",
            "point_idle_months",
            "point_life_months",
        ],
    }

    card_id = fields.Many2one("loyalty.card", readonly=True)
    program_id = fields.Many2one("loyalty.program", string="Programme", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    day = fields.Date(string="Given On", readonly=True)
    points = fields.Float(
        string="Given",
        readonly=True,
        digits=(16, 2),
        help="Points given, less what was taken back of them and what expired.",
    )
    remaining = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="What is left of them: the oldest points are spent first.",
    )
    expire_on = fields.Date(
        string="Good Until",
        readonly=True,
        help="Last day on which they can be spent, by the rules of the programme and "
        "the last purchase so far. Empty: they do not expire.",
    )

    @property
    def _table_query(self):
        # of who is not profiled nobody knows the last purchase: points do not lapse
        # by it
        return SQL(
            """SELECT left_over.id, left_over.card_id, c.program_id, c.partner_id,
                left_over.company_id, left_over.day, left_over.points,
                left_over.remaining,
                CASE WHEN p.point_life_months > 0 OR (p.point_idle_months > 0
                        AND customer.lifecycle_profiling_off IS NOT TRUE) THEN
                    GREATEST(p.point_expiry_start, LEAST(
                        (left_over.day
                         + make_interval(months => NULLIF(p.point_life_months, 0)))
                        ::date,
                        CASE WHEN customer.lifecycle_profiling_off IS NOT TRUE THEN
                            (GREATEST(left_over.last_purchase, bought.day)
                             + make_interval(months => NULLIF(p.point_idle_months, 0)))
                            ::date
                        END
                    ))
                END AS expire_on
            FROM (
                SELECT lots.*, GREATEST(0, LEAST(
                    points,
                    SUM(points) OVER (PARTITION BY card_id ORDER BY day, id) - spent
                )) AS remaining
                FROM (%s) lots WHERE is_lot
            ) left_over
            JOIN loyalty_card c ON c.id = left_over.card_id
            JOIN loyalty_program p ON p.id = c.program_id
            LEFT JOIN res_partner partner ON partner.id = c.partner_id
            LEFT JOIN res_partner customer
                ON customer.id = partner.commercial_partner_id
            LEFT JOIN LATERAL (
                SELECT MAX(profile.last_order_date) AS day
                FROM lifecycle_profile profile
                WHERE p.point_idle_months > 0
                  AND profile.partner_id = partner.commercial_partner_id
                  AND (p.company_id IS NULL OR profile.company_id = p.company_id)
            ) bought ON TRUE""",
            self._select_entries(),
        )

    def _select_entries(self):
        """All entries with, in each, the sums over its card and its lot."""
        return SQL(
            """SELECT id, card_id, company_id, day,
                lot_id IS NULL AND points > 0 AS is_lot,
                SUM(points) OVER (PARTITION BY card_id, COALESCE(lot_id, id))
                    AS points,
                COALESCE(-SUM(points) FILTER (WHERE lot_id IS NULL AND points < 0)
                    OVER (PARTITION BY card_id), 0) AS spent,
                COALESCE(
                    MAX(day) FILTER (WHERE kind IN ('earn', 'redeem', 'cashback'))
                        OVER (PARTITION BY card_id),
                    MIN(day) OVER (PARTITION BY card_id)) AS last_purchase
            FROM loyalty_ledger WHERE card_id IS NOT NULL"""
        )
