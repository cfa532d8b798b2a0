"""Evidence from mailings: what bounced, what was left, what is not opened any more."""

from odoo import api, models
from odoo.tools import SQL

KINDS = ("mail_bounce", "list_left", "mail_silence")
# The last so many mailings unopened, of customers who opened at least so many before.
_SILENT = 5
_OPENED = 3


class ChurnEvidence(models.Model):
    _inherit = "churn.evidence"

    @api.model
    def _get_evidence_sources(self):
        return {
            **super()._get_evidence_sources(),
            "mail_bounce": (
                self.env._("Mailings that bounced"),
                "_select_mail_bounce",
                "_say_mail_bounce",
            ),
            "list_left": (
                self.env._("Left a mailing list"),
                "_select_list_left",
                "_say_list_left",
            ),
            "mail_silence": (
                self.env._("Opens mailings no more"),
                "_select_mail_silence",
                "_say_mail_silence",
            ),
        }

    @api.model
    def _select_reached(self, scope):
        """Mailings of the company to its customers, known on ``as_of``.

        SELECT of ``contact_id`` and the columns of the trace; a recipient that is no
        contact is the oldest contact with that address.
        """
        columns = SQL(
            "t.id, t.email, t.trace_status, t.mass_mailing_id, t.open_datetime,"
            " COALESCE(t.sent_datetime, t.create_date) AS moment"
        )
        known = SQL(
            """m.lifecycle_company_id = %s AND t.trace_type = 'mail'
            AND t.is_test_trace IS NOT TRUE
            AND COALESCE(t.sent_datetime, t.create_date) < %s AND %s""",
            scope.company_id,
            scope.until,
            scope.contact_condition(SQL("c.id")),
        )
        return SQL(
            """SELECT c.id AS contact_id, %(columns)s
            FROM mailing_trace t
            JOIN mailing_mailing m ON m.id = t.mass_mailing_id
            JOIN res_partner c ON c.id = t.res_id
            WHERE t.model = 'res.partner' AND %(known)s
            UNION ALL
            SELECT c.id, %(columns)s
            FROM mailing_trace t
            JOIN mailing_mailing m ON m.id = t.mass_mailing_id
            JOIN (SELECT DISTINCT ON (email_normalized) id, email_normalized
                FROM res_partner WHERE email_normalized IS NOT NULL AND active
                ORDER BY email_normalized, id) c ON c.email_normalized = t.email
            WHERE t.model <> 'res.partner' AND %(known)s""",
            columns=columns,
            known=known,
        )

    @api.model
    def _select_mail_bounce(self, scope):
        """Mailings that came back, one line per mailing; the day it was sent.

        Weight: 0.4, as an address may be out of date without the customer being lost.
        """
        return SQL(
            """SELECT reached.contact_id, reached.id::text AS source_key,
                %(day)s AS day,
                jsonb_build_object('email', reached.email, 'mailing', m.subject)
                    AS figures,
                NULL::numeric AS amount, 0.4 AS weight,
                'res.partner' AS res_model, reached.contact_id AS res_id
            FROM (%(reached)s) reached
            JOIN mailing_mailing m ON m.id = reached.mass_mailing_id
            WHERE reached.trace_status = 'bounce'""",
            day=scope.local_day(SQL("reached.moment")),
            reached=self._select_reached(scope),
        )

    @api.model
    def _select_list_left(self, scope):
        """An address of the customer left a mailing list.

        The day of it; who joined again since is not found any more.  Weight: 0.6.
        """
        moment = SQL("word.opt_out_datetime")
        return SQL(
            """SELECT c.id AS contact_id, word.id::text AS source_key, %(day)s AS day,
                jsonb_build_object('email', contact.email_normalized,
                    'list', list.name) AS figures,
                NULL::numeric AS amount, 0.6 AS weight,
                'res.partner' AS res_model, c.id AS res_id
            FROM mailing_subscription word
            JOIN mailing_contact contact ON contact.id = word.contact_id
            JOIN mailing_list list ON list.id = word.list_id
            JOIN res_partner c ON c.email_normalized = contact.email_normalized
                AND (c.company_id IS NULL OR c.company_id = %(company)s)
            WHERE word.opt_out AND %(moment)s < %(until)s AND %(asked)s""",
            day=scope.local_day(moment),
            moment=moment,
            until=scope.until,
            company=scope.company_id,
            asked=scope.contact_condition(SQL("c.id")),
        )

    @api.model
    def _select_mail_silence(self, scope):
        """Opened at least three mailings, and none of the last five.

        The day of the first mailing that was not opened.  Opens after ``as_of`` do not
        count.  Weight: 0.5.
        """
        return SQL(
            """SELECT contact_id, contact_id::text AS source_key,
                %(day)s AS day,
                jsonb_build_object('opened', opened, 'last', %(last)s) AS figures,
                NULL::numeric AS amount, 0.5 AS weight,
                'res.partner' AS res_model, contact_id AS res_id
            FROM (
                SELECT contact_id, MAX(last) AS last_open,
                    COUNT(*) FILTER (WHERE seen) AS opened,
                    COUNT(*) FILTER (WHERE moment > COALESCE(last, '-infinity'))
                        AS silent,
                    MIN(moment) FILTER (WHERE moment > COALESCE(last, '-infinity'))
                        AS since
                FROM (
                    SELECT customer.commercial_partner_id AS contact_id, reached.moment,
                        reached.open_datetime < %(until)s AS seen,
                        MAX(CASE WHEN reached.open_datetime < %(until)s
                            THEN reached.moment END) OVER (
                            PARTITION BY customer.commercial_partner_id) AS last
                    FROM (%(reached)s) reached
                    JOIN res_partner customer ON customer.id = reached.contact_id
                    WHERE reached.trace_status IN ('sent', 'open', 'reply')
                ) mailing GROUP BY contact_id
            ) customer WHERE opened >= %(opened)s AND silent >= %(silent)s""",
            day=scope.local_day(SQL("since")),
            last=scope.local_day(SQL("last_open")),
            until=scope.until,
            reached=self._select_reached(scope),
            opened=_OPENED,
            silent=_SILENT,
        )

    # -- in words --------------------------------------------------------------------

    def _say_mail_bounce(self):
        return self.env._(
            "The mailing “%(mailing)s” of %(day)s to %(email)s came back",
            mailing=self.figures["mailing"],
            email=self.figures["email"],
            day=self._say_day(self.date),
        )

    def _say_list_left(self):
        return self.env._(
            "%(email)s left the mailing list “%(list)s” on %(day)s",
            email=self.figures["email"],
            list=self.figures["list"],
            day=self._say_day(self.date),
        )

    def _say_mail_silence(self):
        return self.env._(
            "Opened no mailing since the one of %(last)s, after %(opened)s before",
            last=self._say_day(self.figures["last"]),
            opened=self.figures["opened"],
        )
