"""Read what customers answered to, and say when and by what to reach them.

Set-based: customers are taken in large parts, each part in a few statements.
"""

from datetime import timedelta

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..scoring.channel import CHANNELS, choose_channels, get_rates
from ..scoring.send_time import (
    HOURS,
    WEEKDAYS,
    choose_slots,
    get_shape,
    smooth_hours,
)

_MONTHS = 24
_PART = 50_000
# What opens a mail so many seconds after it was sent is a program.
_MACHINE_SECONDS = 5
# A purchase within so many days after a message or call is an answer to it.
_ANSWER_DAYS = 7
_COLUMNS = {
    "partner_id": "int",
    "sent_count": "int",
    "opened_count": "int",
    "clicked_count": "int",
    "replied_count": "int",
    "bounced_count": "int",
    "last_date": "date",
    "best_weekday": "int",
    "best_hour": "int",
    "time_known": "bool",
    "best_channel": "varchar",
    "answer_rate": "float8",
    "channel_known": "bool",
}


class LifecycleEngagement(models.Model):
    _inherit = "lifecycle.engagement"

    @api.model
    def _cron_refresh(self):
        """Every night, of every company that has customers and sent a mailing."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT lifecycle_company_id FROM mailing_mailing
                WHERE EXISTS (SELECT FROM mailing_trace)"""
            )
        )
        # the scheduled action stands for all companies
        companies = self.env["res.company"].sudo().browse([row[0] for row in rows])
        companies._lifecycle_do_each(self._refresh, "How customers answer")

    @api.model
    def _refresh(self, company, part=_PART):
        """Bring the customers of a company up to now.

        :param part: customers taken at once
        """
        # what the company knows, for the scheduled action
        lines = self.sudo().with_company(company)
        self.env.flush_all()
        since = fields.Datetime.now() - relativedelta(months=_MONTHS)
        hours, days, tried, answered = lines._read_all(company, since)
        shapes = get_shape(smooth_hours(hours)), get_shape(days)
        rates = get_rates(tried, answered)
        # all customers together, then part by part
        lines._store(
            company,
            lines._score([None], [[0] * 5 + [None]], [], [], shapes, rates),
            SQL("partner_id IS NULL"),
        )
        last = 0
        while True:
            ids = lines._get_part(company, last, part)
            if not ids:
                break
            lines._refresh_part(company, since, ids, shapes, rates)
            last = ids[-1]
        self.invalidate_model(flush=False)

    @api.model
    def _get_part(self, company, last, size):
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id FROM lifecycle_profile
                WHERE company_id = %s AND partner_id > %s
                ORDER BY partner_id LIMIT %s""",
                company.id,
                last,
                size,
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _read_all(self, company, since):
        """Events by hour and by weekday, attempts and answers by channel, of all."""
        slots = np.zeros((WEEKDAYS, HOURS))
        for weekday, hour, weight in self.env.execute_query(
            SQL(
                """SELECT weekday, hour, SUM(weight)::float8
                FROM (%s) event GROUP BY weekday, hour""",
                self._select_events(company, since),
            )
        ):
            slots[weekday, hour] = weight
        tried, answered = (np.zeros((1, len(CHANNELS))) for _ in range(2))
        for channel, tries, answers in self.env.execute_query(
            SQL(
                """SELECT channel, COUNT(*), COUNT(*) FILTER (WHERE answered)
                FROM (%s) attempt GROUP BY channel""",
                self._select_attempts(company, since),
            )
        ):
            tried[0, CHANNELS.index(channel)] = tries
            answered[0, CHANNELS.index(channel)] = answers
        return slots.sum(axis=0), slots.sum(axis=1), tried, answered

    @api.model
    def _refresh_part(self, company, since, ids, shapes, rates):
        """Store what is known of some customers, and forget those of no message."""
        counts = {
            row[0]: row[1:]
            for row in self.env.execute_query(self._select_counts(company, since, ids))
        }
        events = self.env.execute_query(
            SQL(
                """SELECT partner_id, weekday, hour, SUM(weight)::float8
                FROM (%s) event GROUP BY partner_id, weekday, hour""",
                self._select_events(company, since, ids),
            )
        )
        attempts = self.env.execute_query(
            SQL(
                """SELECT partner_id, channel, COUNT(*),
                    COUNT(*) FILTER (WHERE answered)
                FROM (%s) attempt GROUP BY partner_id, channel""",
                self._select_attempts(company, since, ids),
            )
        )
        nothing = (0, 0, 0, 0, 0, None)
        known = sorted(
            {*counts, *(row[0] for row in events), *(row[0] for row in attempts)}
        )
        numbers = [counts.get(partner_id, nothing) for partner_id in known]
        rows = self._score(known, numbers, events, attempts, shapes, rates)
        self._store(company, rows, SQL("partner_id = ANY(%s)", ids))

    @api.model
    def _score(self, customers, numbers, events, attempts, shapes, rates):
        """Rows to store: tuples in the order of ``_COLUMNS``.

        :param customers: ids, None for all together
        :param numbers: tuples of five counts and a day, one per customer
        :param events: rows of customer, weekday, hour and weight
        :param attempts: rows of customer, channel, tries and answers
        :param shapes: habits of all, by hour and by weekday
        :param rates: answers of all, by channel
        """
        position = {partner_id: i for i, partner_id in enumerate(customers)}
        days = np.zeros((len(customers), WEEKDAYS))
        hours = np.zeros((len(customers), HOURS))
        if events:
            who = np.array([position[row[0]] for row in events])
            weights = np.array([row[3] for row in events])
            np.add.at(days, (who, np.array([row[1] for row in events])), weights)
            np.add.at(hours, (who, np.array([row[2] for row in events])), weights)
        tried, answered = (np.zeros((len(customers), len(CHANNELS))) for _ in range(2))
        if attempts:
            who = np.array([position[row[0]] for row in attempts])
            by = np.array([CHANNELS.index(row[1]) for row in attempts])
            tried[who, by] = [row[2] for row in attempts]
            answered[who, by] = [row[3] for row in attempts]
        hour, _share, own = choose_slots(smooth_hours(hours), shapes[0])
        weekday, _share, _own = choose_slots(days, shapes[1])
        channel, rate, own_channel = choose_channels(tried, answered, rates)
        names = np.array(CHANNELS)[channel].tolist()
        return list(
            zip(
                customers,
                *zip(*numbers, strict=True),
                weekday.tolist(),
                hour.tolist(),
                own.tolist(),
                names if rates.any() else [None] * len(names),
                rate.round(4).tolist(),
                own_channel.tolist(),
                strict=True,
            )
        )

    @api.model
    def _store(self, company, rows, scope):
        """Write what differs, and delete what is in scope and not among the rows."""
        columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
        names = [SQL.identifier(name) for name in _COLUMNS]
        changing = names[1:]
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_engagement
                WHERE company_id = %s AND %s
                    AND NOT (COALESCE(partner_id, 0) = ANY(%s))""",
                company.id,
                scope,
                [partner_id or 0 for partner_id in columns[0]],
            )
        )
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_engagement (company_id, %(names)s)
                SELECT %(company)s, new.* FROM unnest(%(arrays)s) AS new (%(names)s)
                ON CONFLICT (company_id, COALESCE(partner_id, 0)) DO UPDATE
                    SET %(updates)s
                WHERE (%(old)s) IS DISTINCT FROM (%(new)s)""",
                names=SQL(", ").join(names),
                company=company.id,
                arrays=SQL(", ").join(
                    SQL("%s::%s[]", list(column), SQL(kind))
                    for column, kind in zip(columns, _COLUMNS.values(), strict=True)
                ),
                updates=SQL(", ").join(SQL("%s = EXCLUDED.%s", n, n) for n in changing),
                old=SQL(", ").join(SQL("lifecycle_engagement.%s", n) for n in changing),
                new=SQL(", ").join(SQL("EXCLUDED.%s", n) for n in changing),
            )
        )

    # -- what is read ----------------------------------------------------------------

    @api.model
    def _select_traces(self, company, since, ids=None):
        """What became of the mailings of a company at its customers.

        SELECT of ``partner_id`` and the columns of the trace; the customer is that of
        the contact, else of the oldest contact with that address.
        """
        columns = SQL(
            """t.id, t.trace_type, t.trace_status, t.sent_datetime, t.open_datetime,
            t.links_click_datetime, t.reply_datetime"""
        )
        of_company = SQL(
            """JOIN mailing_mailing m ON m.id = t.mass_mailing_id
                AND m.lifecycle_company_id = %s""",
            company.id,
        )
        customer = SQL(
            """JOIN lifecycle_profile profile
                ON profile.partner_id = contact.commercial_partner_id
                AND profile.company_id = %s AND %s""",
            company.id,
            SQL("TRUE") if ids is None else SQL("profile.partner_id = ANY(%s)", ids),
        )
        lately = SQL(
            """COALESCE(t.sent_datetime, t.create_date) >= %s
            AND t.is_test_trace IS NOT TRUE""",
            since,
        )
        return SQL(
            """SELECT profile.partner_id, %(columns)s
            FROM mailing_trace t %(of_company)s
            JOIN res_partner contact ON contact.id = t.res_id
            %(customer)s
            WHERE t.model = 'res.partner' AND %(lately)s
            UNION ALL
            SELECT profile.partner_id, %(columns)s
            FROM mailing_trace t %(of_company)s
            JOIN (
                SELECT DISTINCT ON (email_normalized) email_normalized,
                    commercial_partner_id
                FROM res_partner WHERE email_normalized IS NOT NULL AND active
                ORDER BY email_normalized, id
            ) contact ON contact.email_normalized = t.email
            %(customer)s
            WHERE t.model <> 'res.partner' AND t.trace_type = 'mail' AND %(lately)s""",
            columns=columns,
            of_company=of_company,
            customer=customer,
            lately=lately,
        )

    @api.model
    def _get_opened(self):
        """Condition that somebody opened the mailing ``t``, and no program."""
        return SQL(
            """(t.open_datetime IS NOT NULL AND (t.links_click_datetime IS NOT NULL
                OR t.reply_datetime IS NOT NULL
                OR t.open_datetime - t.sent_datetime > make_interval(secs => %s)))""",
            _MACHINE_SECONDS,
        )

    @api.model
    def _select_events(self, company, since, ids=None):
        """SELECT of ``partner_id, weekday, hour, weight``, in the customers' time."""
        return SQL(
            """SELECT event.partner_id, event.weight,
                extract(isodow FROM event.local)::int - 1 AS weekday,
                extract(hour FROM event.local)::int AS hour
            FROM (
                SELECT t.partner_id, what.weight, timezone(
                    COALESCE(zone.name, %(tz)s), timezone('UTC', what.moment)
                ) AS local
                FROM (%(traces)s) t
                JOIN res_partner customer ON customer.id = t.partner_id
                LEFT JOIN pg_timezone_names zone ON zone.name = customer.tz
                CROSS JOIN LATERAL (VALUES
                    (CASE WHEN %(opened)s THEN t.open_datetime END, 1),
                    (t.links_click_datetime, 2),
                    (t.reply_datetime, 3)
                ) what (moment, weight)
                WHERE t.trace_type = 'mail' AND what.moment IS NOT NULL
            ) event""",
            tz=company._get_lifecycle_tz(),
            traces=self._select_traces(company, since, ids),
            opened=self._get_opened(),
        )

    @api.model
    def _select_counts(self, company, since, ids):
        """SELECT of customer, five counts and the last day on which one was opened."""
        return SQL(
            """SELECT t.partner_id,
                COUNT(*) FILTER (WHERE t.trace_status IN ('sent', 'open', 'reply')),
                COUNT(*) FILTER (WHERE %(opened)s),
                COUNT(t.links_click_datetime), COUNT(t.reply_datetime),
                COUNT(*) FILTER (WHERE t.trace_status = 'bounce'),
                MAX(%(day)s) FILTER (WHERE %(opened)s)
            FROM (%(traces)s) t WHERE t.trace_type = 'mail'
            GROUP BY t.partner_id""",
            opened=self._get_opened(),
            day=SQL(
                "timezone(%s, timezone('UTC', t.open_datetime))::date",
                company._get_lifecycle_tz(),
            ),
            traces=self._select_traces(company, since, ids),
        )

    @api.model
    def _select_attempts(self, company, since, ids=None):
        """SELECT of ``partner_id, channel, answered``: messages and calls.

        Answered: by a click, a reply, or a purchase in the days after it.
        """
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(
            company, partner_ids=ids, since=(since - timedelta(days=1)).date()
        )
        wanted = SQL("TRUE")
        if ids is not None:
            wanted = SQL("contact.commercial_partner_id = ANY(%s)", ids)
        return SQL(
            """WITH bought AS MATERIALIZED (
                SELECT DISTINCT contact.commercial_partner_id AS partner_id, x.day
                FROM (%(purchases)s) x
                JOIN res_partner contact ON contact.id = x.contact_id
                WHERE x.is_order
            )
            SELECT attempt.partner_id, attempt.channel,
                attempt.direct OR EXISTS (
                    SELECT FROM bought WHERE bought.partner_id = attempt.partner_id
                        AND bought.day > attempt.day
                        AND bought.day <= attempt.day + %(days)s
                ) AS answered
            FROM (
                SELECT t.partner_id, t.trace_type AS channel, %(sent_day)s AS day,
                    t.links_click_datetime IS NOT NULL
                        OR t.reply_datetime IS NOT NULL AS direct
                FROM (%(traces)s) t
                WHERE t.trace_status IN ('pending', 'sent', 'open', 'reply')
                UNION ALL
                SELECT contact.commercial_partner_id, message.channel, %(date_day)s,
                    FALSE
                FROM lifecycle_message message
                JOIN res_partner contact ON contact.id = message.partner_id
                WHERE message.company_id = %(company)s AND message.state = 'sent'
                    AND message.source IN ('play', 'automation', 'action')
                    AND message.date >= %(since)s AND %(wanted)s
                UNION ALL
                SELECT contact.commercial_partner_id, 'call', %(call_day)s, FALSE
                FROM mail_message call
                JOIN mail_activity_type kind ON kind.id = call.mail_activity_type_id
                    AND kind.category = 'phonecall'
                LEFT JOIN crm_lead lead ON call.model = 'crm.lead'
                    AND lead.id = call.res_id
                JOIN res_partner contact ON contact.id = CASE call.model
                    WHEN 'res.partner' THEN call.res_id ELSE lead.partner_id END
                WHERE call.date >= %(since)s AND %(wanted)s
                    AND COALESCE(lead.company_id, contact.company_id, %(company)s)
                        = %(company)s
            ) attempt""",
            sent_day=scope.local_day(SQL("t.sent_datetime")),
            date_day=scope.local_day(SQL("message.date")),
            call_day=scope.local_day(SQL("call.date")),
            traces=self._select_traces(company, since, ids),
            purchases=transactions._get_contact_query(company, scope),
            company=company.id,
            since=since,
            wanted=wanted,
            days=_ANSWER_DAYS,
        )
