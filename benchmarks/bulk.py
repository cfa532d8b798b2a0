"""Loading millions of rows by the owner of the tables.

Foreign keys that are checked row by row and indexes that are kept row by row are
nine tenths of a bulk load.  Both are taken away before it and put back after it
exactly as they were: checked and built once, over all rows.
"""

import contextlib
import time

from odoo.tools import SQL


@contextlib.contextmanager
def bare_tables(cr, tables):
    """Tables without indexes (but the primary key) and foreign keys of their own.

    All in the transaction of ``cr``: if it fails, nothing has changed.
    """
    cr.execute(
        SQL(
            """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
            ORDER BY conrelid, conname""",
            list(tables),
        )
    )
    keys = cr.fetchall()
    # an index that stands for a constraint (the primary key) belongs to it
    cr.execute(
        SQL(
            """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),
                obj_description(i.indexrelid, 'pg_class')
            FROM pg_index i
            WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS (
                SELECT 1 FROM pg_constraint c
                WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
            ORDER BY i.indrelid, 1""",
            list(tables),
        )
    )
    indexes = cr.fetchall()
    for table, name, _definition in keys:
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
    for name, _definition, _comment in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    began = time.monotonic()
    for name, definition, comment in indexes:
        cr.execute(_literal(definition))
        if comment:  # by which Odoo knows that an index is as it should be
            cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), comment))
    print(f"  {time.monotonic() - began:7.1f} s  {len(indexes)} indexes", flush=True)
    began = time.monotonic()
    for table, name, definition in keys:
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                SQL.identifier(table),
                SQL.identifier(name),
                _literal(definition),
            )
        )
    print(f"  {time.monotonic() - began:7.1f} s  {len(keys)} foreign keys", flush=True)


def _literal(definition):
    """What PostgreSQL itself said, with no placeholders in it."""
    return SQL(definition.replace("%", "%%"))


@contextlib.contextmanager
def autocommit(cr):
    """For VACUUM, which is refused inside a transaction."""
    cr.commit()
    connection = cr._cnx
    before = connection.isolation_level
    connection.set_session(autocommit=True)
    try:
        yield
    finally:
        connection.set_session(isolation_level=before, autocommit=False)


def vacuum(cr, *tables):
    """What autovacuum would have done by the morning."""
    with autocommit(cr):
        for table in tables:
            cr.execute(SQL("VACUUM (ANALYZE) %s", SQL.identifier(table)))
