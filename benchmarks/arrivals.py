"""Orders that come in between two runs, marked as the addon marks them."""

from odoo.tools import SQL

from .data import draw_customer
from .session import table_exists

MARKS = "lifecycle_dirty"


def one_more_each(cr, company, first, customers, share, attempt):
    """One more order for a share of the customers, on the day of their last one.

    Nobody's rhythm and nobody's recency moves, so no company-wide scale does:
    theirs are the results that differ, and of the few they pass in rank.

    :param attempt: each number chooses other customers
    :return: number of orders
    """
    return _insert(
        cr,
        company,
        SQL(
            """SELECT c.id AS partner_id, o.date_order AS day,
                o.amount_untaxed AS amount
            FROM (
                SELECT %(first)s + n AS id FROM generate_series(0, %(customers)s - 1) n
                WHERE (n::bigint * 7 + %(attempt)s * 251) %% 1000 < %(share)s * 1000
            ) c
            JOIN LATERAL (
                SELECT date_order, amount_untaxed FROM sale_order
                WHERE partner_id = c.id AND state = 'sale'
                ORDER BY date_order DESC, id DESC LIMIT 1
            ) o ON TRUE""",
            first=first,
            customers=customers,
            attempt=attempt,
            share=share,
        ),
    )


def normal_day(cr, company, first, customers, share, day):
    """A day on which a share of the customers ordered, the busy ones likelier.

    :param day: in UTC, the time zone of the synthetic company
    :return: number of orders
    """
    return _insert(
        cr,
        company,
        SQL(
            """SELECT %(first)s + number AS partner_id,
                %(day)s::date + interval '8 hours' + random() * interval '10 hours'
                    AS day,
                round(exp(random_normal(4.2, 0.9))::numeric, 2) AS amount
            FROM (
                SELECT number FROM (
                    SELECT %(customer)s AS number
                    FROM generate_series(1, %(wanted)s * 4)
                ) drawn GROUP BY number ORDER BY md5(number::text) LIMIT %(wanted)s
            ) c""",
            first=first,
            customer=draw_customer(customers),
            wanted=int(customers * share),
            day=day,
        ),
    )


def _insert(cr, company, orders):
    """Confirmed orders: a SELECT of partner_id, day and amount."""
    cr.execute(
        SQL(
            """WITH added AS (
                INSERT INTO sale_order (name, state, company_id, partner_id,
                    partner_invoice_id, partner_shipping_id, date_order, create_date,
                    write_date, currency_id, currency_rate, user_id, create_uid,
                    write_uid, invoice_status, locked, require_signature,
                    require_payment, prepayment_percent, amount_untaxed, amount_tax,
                    amount_total)
                SELECT 'N' || o.partner_id, 'sale', %(company)s, o.partner_id,
                    o.partner_id, o.partner_id, o.day, o.day, o.day, %(currency)s, 1,
                    p.user_id, p.user_id, p.user_id, 'to invoice', FALSE, TRUE, FALSE,
                    1, o.amount, round(o.amount * 0.15, 2), round(o.amount * 1.15, 2)
                FROM (%(orders)s) o JOIN res_partner p ON p.id = o.partner_id
                RETURNING partner_id
            ) SELECT array_agg(partner_id) FROM added""",
            company=company.id,
            currency=company.currency_id.id,
            orders=orders,
        )
    )
    [[partners]] = cr.fetchall()
    if table_exists(cr, MARKS):
        cr.execute(
            SQL(
                """INSERT INTO lifecycle_dirty (company_id, partner_id)
                SELECT DISTINCT %s, p FROM unnest(%s) p""",
                company.id,
                partners,
            )
        )
    cr.commit()
    return len(partners)
