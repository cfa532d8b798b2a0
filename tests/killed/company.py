"""A company with customers, a first run behind it, and news for the next one."""

import contextlib
from datetime import date

from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL

from benchmarks import data
from benchmarks.bulk import autocommit

CUSTOMERS = 2000  # no other factors than 2 and 5, see benchmarks.data
SELLERS = [2]  # the administrator
# Fixed, so that no midnight and no end of a month comes in between: the run of the
# second day reads only the news.
FIRST_DAY = date(2026, 6, 15)
DAY = date(2026, 6, 18)

# What runs write, in the order in which they refer to each other.
WRITTEN = (
    *("lifecycle_run", "lifecycle_profile", "lifecycle_transition", "lifecycle_dirty"),
    *("ir_cron_progress", "ir_cron_trigger", "mail_message", "mail_mail"),
)
SINCE = SQL("%s::date + interval '1 day' + id %% 48 * interval '1 hour'", FIRST_DAY)


@contextlib.contextmanager
def cursor(name):
    """A cursor on a database; no connection stays, so it may be copied or dropped."""
    try:
        with db_connect(name).cursor() as cr:
            yield cr
    finally:
        close_db(name)


def execute(name, *statements):
    """Execute and commit; the rows of the last one."""
    with cursor(name) as cr:
        for statement in statements:
            cr.execute(statement)
        return cr.fetchall() if cr.description else []


def generate(name):
    """Customers and orders up to the first day; no scheduled action but ours."""
    with cursor(name) as cr:
        data.generate(cr, CUSTOMERS, SELLERS, FIRST_DAY)
    execute(
        name,
        SQL(
            """UPDATE ir_cron SET active = id IN (
                SELECT res_id FROM ir_model_data WHERE module = 'lifecycle_crm'
                AND name = 'ir_cron_recompute')"""
        ),
    )
    make_due(name)


def make_due(name):
    """The scheduled action is to be called now."""
    execute(
        name,
        SQL(
            """UPDATE ir_cron SET nextcall = now() at time zone 'UTC' - interval '1h'
            WHERE active"""
        ),
    )


def copy(template, name):
    """Copy a database; smaller ones are quicker copied block by block."""
    close_db(template)
    close_db(name)
    create = SQL(
        "CREATE DATABASE %s TEMPLATE %s",
        SQL.identifier(name),
        SQL.identifier(template),
    )
    with db_connect("postgres").cursor() as cr, autocommit(cr):
        cr.execute(SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(name)))
        cr.execute(create)


def keep(name):
    """Keep the tables that runs write, for :func:`restore`."""
    statements = [SQL("CREATE SCHEMA kept")]
    for table in (*WRITTEN, "ir_cron"):
        old, new = SQL.identifier(table), SQL.identifier("kept", table)
        statements.append(SQL("CREATE TABLE %s AS TABLE %s", new, old))
    execute(name, *statements)


def restore(name):
    """Put the tables back to where they were: much quicker than a fresh copy."""
    statements = [SQL("DELETE FROM %s", SQL.identifier(t)) for t in reversed(WRITTEN)]
    for table in WRITTEN:
        old, new = SQL.identifier(table), SQL.identifier("kept", table)
        statements.append(SQL("INSERT INTO %s TABLE %s", old, new))
    statements.append(
        SQL(
            """UPDATE ir_cron c SET nextcall = k.nextcall, lastcall = k.lastcall,
                failure_count = k.failure_count, active = k.active
            FROM kept.ir_cron k WHERE k.id = c.id"""
        )
    )
    execute(name, *statements)


def ask(name, full):
    """Somebody asks for a run."""
    execute(
        name,
        SQL(
            """INSERT INTO lifecycle_run (company_id, state, reason, quiet, "full",
                attempt_count, done_count, total_count, created_count, changed_count,
                deleted_count, transition_count, duration)
            SELECT company_id, 'pending', 'manual', FALSE, %s, 0, 0, 0, 0, 0, 0, 0, 0
            FROM lifecycle_run ORDER BY id DESC LIMIT 1""",
            full,
        ),
    )
    make_due(name)


def add_news(name):
    """Three days on which a good share of the customers did something."""
    with cursor(name) as cr:
        cr.execute(SQL("SELECT setseed(0.7)"))
        cr.execute(SQL("SELECT id, currency_id FROM res_company ORDER BY id LIMIT 1"))
        company, currency = cr.fetchone()
        scope = {"company": company, "currency": currency, "users": SELLERS}
        first = data.insert_customers(cr, 60, scope)
        for change in (
            _select_orders_again(),
            _select_first_orders(first),
            _CANCELLED,
            _MOVED,
            _BECAME_CONTACTS,
        ):
            cr.execute(_mark(company, change))
        # once more, beyond the sale where all of it came back already
        notes = "UPDATE account_move SET name = '1' || name WHERE move_type = %s"
        cr.execute(SQL(notes, "out_refund"))
        data.insert_returns(cr, currency)
        returned = "SELECT partner_id FROM sale_order WHERE id %% %s = 0"
        cr.execute(_mark(company, SQL(returned, data.RETURNS)))
    make_due(name)


def _mark(company, change):
    """A change that returns contacts, and the marks of these."""
    return SQL(
        """WITH changed AS (%s) INSERT INTO lifecycle_dirty (company_id, partner_id)
        SELECT DISTINCT %s, partner_id FROM changed""",
        change,
        company,
    )


def _copy_orders(source, partner):
    return SQL(
        """INSERT INTO sale_order (name, state, company_id, partner_id,
            partner_invoice_id, partner_shipping_id, date_order, create_date,
            write_date, currency_id, currency_rate, user_id, create_uid, write_uid,
            invoice_status, locked, require_signature, require_payment,
            prepayment_percent, amount_untaxed, amount_tax, amount_total)
        SELECT 'N' || id, 'sale', company_id, p, p, p, day, day, day, currency_id, 1,
            user_id, 1, 1, 'to invoice', FALSE, TRUE, FALSE, 1, amount_untaxed,
            amount_tax, amount_total
        FROM (SELECT *, %s AS p, %s AS day FROM (%s) s) o
        RETURNING partner_id""",
        partner,
        SINCE,
        source,
    )


def _select_orders_again():
    """Every fifth customer orders again."""
    last = SQL(
        """SELECT DISTINCT ON (partner_id) * FROM sale_order
        WHERE partner_id %% 5 = 0 ORDER BY partner_id, id DESC"""
    )
    return _copy_orders(last, SQL("partner_id"))


def _select_first_orders(first):
    """Sixty new customers order for the first time, some of them twice."""
    some = SQL("SELECT * FROM sale_order ORDER BY id LIMIT 90")
    return _copy_orders(some, SQL("(%s + id %% 60)", first))


_CANCELLED = SQL(
    """UPDATE sale_order SET state = 'cancel' WHERE id IN (
        SELECT MAX(id) FROM sale_order WHERE partner_id %% 20 = 1 GROUP BY partner_id)
    RETURNING partner_id"""
)
_MOVED = SQL(
    """UPDATE sale_order SET date_order = date_order - interval '70 days'
    WHERE partner_id %% 25 = 2 AND id %% 3 = 0 RETURNING partner_id"""
)
# their profiles go
_BECAME_CONTACTS = SQL(
    """UPDATE res_partner SET parent_id = id - 1, commercial_partner_id = id - 1
    WHERE ref LIKE 'B%%' AND id %% 40 = 13
      AND id - 1 IN (SELECT partner_id FROM sale_order)
    RETURNING id AS partner_id"""
)
