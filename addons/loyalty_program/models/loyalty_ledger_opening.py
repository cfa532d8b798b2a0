from odoo import api, models
from odoo.tools import SQL


class LoyaltyLedger(models.Model):
    _inherit = "loyalty.ledger"

    @api.model
    def _open_accounts(self, program_ids=None):
        """Begin the ledger of cards that have none: what Odoo's own history knows of
        them, and as opening balance what it does not.

        Set-based; done at the installation and where a programme begins to keep
        points.  Nothing is taken or sent by it: returns from before are left alone.

        :param program_ids: default all programmes whose points are kept
        """
        self.env.flush_all()
        programs = SQL("")
        if program_ids is not None:
            programs = SQL("AND p.id = ANY(%s)", list(program_ids))
        self.env.cr.execute(
            SQL(
                """CREATE TEMPORARY TABLE loyalty_opened ON COMMIT DROP AS
                SELECT c.id AS card_id, c.code AS card_code, c.program_id,
                    c.partner_id, c.points, c.create_date,
                    COALESCE(p.company_id, %(company)s) AS company_id,
                    COALESCE(co.lifecycle_tz, cp.tz, 'UTC') AS tz
                FROM loyalty_card c
                JOIN loyalty_program p ON p.id = c.program_id
                LEFT JOIN res_company co ON co.id = COALESCE(p.company_id, %(company)s)
                LEFT JOIN res_partner cp ON cp.id = co.partner_id
                WHERE (p.program_type IN ('loyalty', 'ewallet', 'gift_card')
                       OR p.applies_on = 'both') %(programs)s
                  AND NOT EXISTS (
                    SELECT FROM loyalty_ledger l WHERE l.card_id = c.id)""",
                company=self.env.company.id,
                programs=programs,
            )
        )
        columns = SQL(
            """card_id, card_code, program_id, partner_id, company_id, date, day,
            kind, points, order_id, note, recorded"""
        )
        self.env.cr.execute(
            SQL(
                """WITH history AS (
                    SELECT o.*, h.create_date AS date, h.description AS note, so.id
                        AS order_id, h.id AS history_id, part.points AS change,
                        CASE WHEN so.id IS NULL THEN 'manual'
                             WHEN part.points > 0 THEN 'earn' ELSE 'redeem' END AS kind
                    FROM loyalty_opened o
                    JOIN loyalty_history h ON h.card_id = o.card_id
                    LEFT JOIN sale_order so
                        ON h.order_model = 'sale.order' AND so.id = h.order_id
                    CROSS JOIN LATERAL (VALUES (h.issued), (-h.used)) part (points)
                    WHERE part.points <> 0
                ), rest AS (
                    SELECT o.*, o.points - COALESCE(h.change, 0) AS change
                    FROM loyalty_opened o
                    LEFT JOIN (SELECT card_id, SUM(change) AS change FROM history
                               GROUP BY card_id) h USING (card_id)
                ), entries AS (
                    SELECT card_id, card_code, program_id, partner_id, company_id,
                        create_date AS date, tz, 'opening' AS kind, change,
                        NULL::int AS order_id, NULL AS note, 0 AS history_id
                    FROM rest WHERE ABS(change) > 0.000001
                    UNION ALL
                    SELECT card_id, card_code, program_id, partner_id, company_id,
                        date, tz, kind, change, order_id, note, history_id
                    FROM history
                )
                INSERT INTO loyalty_ledger (%(columns)s)
                SELECT card_id, card_code, program_id, partner_id, company_id, date,
                    (date AT TIME ZONE 'UTC' AT TIME ZONE tz)::date, kind, change,
                    order_id, note, date_trunc('second', now() AT TIME ZONE 'UTC')
                FROM entries ORDER BY date, history_id, change DESC""",
                columns=columns,
            )
        )
        self.env.cr.execute("DROP TABLE loyalty_opened")
        self.invalidate_model()
