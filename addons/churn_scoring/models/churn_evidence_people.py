"""Evidence about who deals with the customer, and whether it wants to hear of us."""

from odoo import api, models
from odoo.tools import SQL


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _select_salesperson(self, scope):
        """The customer was given another salesperson, or lost it.

        By what Odoo tracks on the contact; where nothing was ever tracked, by the
        orders: the latest belongs to another salesperson than the three before it,
        which all had the same.  The first assignment is no change.  Weight: 0.5.
        """
        moment = SQL("msg.date")
        return SQL(
            """WITH tracked AS MATERIALIZED (
                SELECT msg.res_id AS contact_id, v.id AS value_id,
                    %(tracked_day)s AS day, %(tracked_in_time)s AS in_time,
                    v.old_value_integer, v.new_value_integer, v.old_value_char,
                    v.new_value_char
                FROM mail_tracking_value v
                JOIN mail_message msg ON msg.id = v.mail_message_id
                    AND msg.model = 'res.partner'
                JOIN res_partner c ON c.id = msg.res_id
                    AND (c.company_id IS NULL OR c.company_id = %(company)s)
                    AND c.id = c.commercial_partner_id
                WHERE v.field_id = (
                    SELECT id FROM ir_model_fields
                    WHERE model = 'res.partner' AND name = 'user_id')
                  AND %(tracked_asked)s
            ), sold AS (
                SELECT p.commercial_partner_id AS contact_id, so.id AS order_id,
                    so.user_id, %(order_day)s AS day, so.date_order,
                    ROW_NUMBER() OVER w AS back
                FROM sale_order so JOIN res_partner p ON p.id = so.partner_id
                WHERE so.state = 'sale' AND so.company_id = %(company)s
                  AND so.date_order < %(until)s AND so.user_id IS NOT NULL
                  AND %(order_asked)s
                WINDOW w AS (PARTITION BY p.commercial_partner_id
                    ORDER BY so.date_order DESC, so.id DESC)
            ), changed AS (
                SELECT contact_id,
                    MAX(order_id) FILTER (WHERE back = 1) AS order_id,
                    MAX(user_id) FILTER (WHERE back = 1) AS new_id,
                    MAX(user_id) FILTER (WHERE back > 1) AS old_id,
                    MAX(day) FILTER (WHERE back = 1) AS day
                FROM sold WHERE back <= 4
                GROUP BY contact_id
                HAVING COUNT(*) = 4
                   AND COUNT(DISTINCT user_id) FILTER (WHERE back > 1) = 1
                   AND MAX(user_id) FILTER (WHERE back = 1)
                       <> MAX(user_id) FILTER (WHERE back > 1)
            )
            SELECT contact_id, CONCAT('t', value_id) AS source_key, day,
                jsonb_build_object('old', old_value_char,
                    'new', NULLIF(new_value_char, '')) AS figures,
                NULL::numeric AS amount, 0.5 AS weight,
                'res.partner' AS res_model, contact_id AS res_id
            FROM tracked
            WHERE in_time AND old_value_integer > 0
              AND COALESCE(new_value_integer, 0) <> old_value_integer
            UNION ALL
            SELECT c.contact_id, CONCAT('o', c.order_id), c.day,
                jsonb_build_object('old', op.name, 'new', np.name),
                NULL, 0.5, 'sale.order', c.order_id
            FROM changed c
            JOIN res_users ou ON ou.id = c.old_id
            JOIN res_partner op ON op.id = ou.partner_id
            JOIN res_users nu ON nu.id = c.new_id
            JOIN res_partner np ON np.id = nu.partner_id
            WHERE c.contact_id NOT IN (SELECT contact_id FROM tracked WHERE in_time)""",
            company=scope.company_id,
            until=scope.until,
            tracked_day=scope.local_day(moment),
            tracked_in_time=SQL("%s < %s", moment, scope.until),
            tracked_asked=scope.contact_condition(SQL("msg.res_id")),
            order_day=scope.local_day(SQL("so.date_order")),
            order_asked=scope.contact_condition(SQL("so.partner_id")),
        )

    @api.model
    def _select_opt_out(self, scope):
        """An address of the customer is on the blacklist of mailings.

        The day is that of the latest change to it.  An address that was taken off the
        list since is not found any more, also not as of a day when it was on it.
        Weight: 0.7.
        """
        moment = SQL("COALESCE(back_on.date, b.create_date)")
        return SQL(
            """SELECT c.id AS contact_id, b.id::text AS source_key, %(day)s AS day,
                jsonb_build_object('email', b.email) AS figures,
                NULL::numeric AS amount, 0.7 AS weight,
                'res.partner' AS res_model, c.id AS res_id
            FROM mail_blacklist b
            JOIN res_partner c ON c.email_normalized = b.email
                AND (c.company_id IS NULL OR c.company_id = %(company)s)
            LEFT JOIN LATERAL (
                SELECT MAX(msg.date) AS date
                FROM mail_message msg
                JOIN mail_tracking_value v ON v.mail_message_id = msg.id
                    AND v.new_value_integer = 1 AND v.old_value_integer = 0
                JOIN ir_model_fields f ON f.id = v.field_id AND f.name = 'active'
                WHERE msg.model = 'mail.blacklist' AND msg.res_id = b.id
            ) back_on ON TRUE
            WHERE b.active AND %(moment)s < %(until)s AND %(asked)s""",
            day=scope.local_day(moment),
            moment=moment,
            until=scope.until,
            company=scope.company_id,
            asked=scope.contact_condition(SQL("c.id")),
        )
