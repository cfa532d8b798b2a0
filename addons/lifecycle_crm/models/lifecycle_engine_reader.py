"""Where the engine reads: on a replica of the database, if there is one.

The heavy aggregate only reads, so a standby server can do it while the primary serves
the users.  It must be as new as the primary was when the reading began, and whatever
happens to it, the primary answers instead.
"""

import logging
import time
from contextlib import contextmanager, suppress

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from psycopg2.pool import PoolError

from odoo import api, models
from odoo.tools import SQL, config

_logger = logging.getLogger(__name__)

# Seconds that a replica may need to catch up; then the primary is read.
REPLICA_PATIENCE = 10.0
_POLL = 0.05  # seconds
# Seconds after which every commit is on disk, also those that did not wait for it:
# five times the default of wal_writer_delay.
_FLUSHED = 1.0
# What becomes of a query where a standby is stopped, promoted, cut off or must replay a
# change that is in its way: one family, but for a connection that is closed already.
_REPLICA_FAILURES = (psycopg2.OperationalError, psycopg2.InterfaceError)
# Of up to so many customers only their own rows are read.
_FEW = 10_000
# A position in the log right behind the head of a page is the end of the page before.
_PAGE_HEADS = (24, 40)


class LifecycleEngine(models.AbstractModel):
    _inherit = "lifecycle.engine"

    @api.model
    def _read_from(self, company, function, partner_ids=None):
        """Call ``function(cr)`` where it is best to read, and return what it returns.

        If the replica fails in the middle, the function is called once more, on the
        primary: it must be repeatable, so let it make its buffers itself.

        :param company: whose data is read, for the log
        :param function: only reads with the cursor; no temporary tables
        :param partner_ids: the customers it is about, or None for all
        """
        with self._open_reader(company, partner_ids) as cr:
            if cr is self.env.cr:
                return function(cr)
            try:
                return function(cr)
            except _REPLICA_FAILURES as error:
                if self._has_failed(self.env.cr):
                    raise  # not the replica, but what the function did here
                self._log_primary(company, f"it failed ({_get_line(error)})")
        return function(self.env.cr)

    @api.model
    def _read_for_customers(self, context, partner_ids, select, columns):
        """What a query says of customers, one row for each, aligned to them.

        For facts and scores of an addon that do not follow from the purchases: one
        query, for everybody or for the few who are refreshed.

        :param context: :class:`.lifecycle_engine.ScoringContext` of the run
        :param partner_ids: customers, ascending, int64 of shape (n,)
        :param select: function that takes the customers to restrict to, a list or None
            for all, and returns a SELECT of ``customer`` (a commercial partner, each
            one once) and the columns; money in the currency of the company
        :param columns: ``{name: Column}``
        :return: ``{name: array of shape (n,)}`` as the DataFrame of a run holds them;
            "none" for whom the query says nothing of
        """
        import numpy as np

        digits = context.company.currency_id.decimal_places
        few = partner_ids.tolist() if len(partner_ids) <= _FEW else None
        numbers = SQL(", ").join(
            column.to_number(SQL.identifier(name), digits)
            for name, column in columns.items()
        )
        query = SQL("SELECT customer, %s FROM (%s) s", numbers, select(few))
        widths = {name: column.width for name, column in columns.items()}

        def read(cr):
            return self._copy_out(cr, query, {"customer": "int4", **widths})

        rows = self._read_from(context.company, read, few)
        place = np.searchsorted(partner_ids, rows["customer"])
        place = np.minimum(place, max(len(partner_ids) - 1, 0))
        known = np.zeros(len(place), dtype=bool)
        if len(partner_ids):
            known = partner_ids[place] == rows["customer"]
        found = {}
        for name, column in columns.items():
            found[name] = column.create_empty(len(partner_ids))
            found[name][place[known]] = column.decode(rows[name][known], digits)
        return found

    @contextmanager
    def _open_reader(self, company, partner_ids=None):
        """A cursor to read with: a replica's, or that of the environment.

        The replica's is read-only, one snapshot (REPEATABLE READ), and sees all that
        was committed on the primary until now.  It is used where ``db_replica_host``
        is configured, unless only some customers are asked for (done before the
        replica has caught up) or this transaction has written something, which only
        its own cursor sees: read first, then write.
        """
        cr = None
        if partner_ids is None and config["db_replica_host"]:
            cr = self._open_replica(company)
        try:
            yield cr or self.env.cr
        finally:
            if cr:
                with suppress(*_REPLICA_FAILURES):  # its connection may be gone
                    cr.close()

    @api.model
    def _open_replica(self, company):
        """A cursor on the replica that has caught up, or None."""
        # of what waits in the cache the replica knows nothing
        self.env.flush_all()
        [[written, position, page]] = self.env.execute_query(
            SQL(
                """SELECT pg_current_xact_id_if_assigned() IS NOT NULL,
                    (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint,
                    current_setting('wal_block_size')::int"""
            )
        )
        if written:
            return None
        if position % page in _PAGE_HEADS:
            position -= position % page
        cr = None
        try:
            cr = self.env.registry.cursor(readonly=True)
            reason = self._wait_for_replica(cr, position)
        except (*_REPLICA_FAILURES, PoolError) as error:
            reason = f"it failed ({_get_line(error)})"
        if not reason:
            return cr
        self._log_primary(company, reason)
        if cr:
            with suppress(*_REPLICA_FAILURES):
                cr.close()
        return None

    @api.model
    def _wait_for_replica(self, cr, position):
        """Wait until the replica has replayed the log of the primary to a position.

        :param position: in bytes since the beginning of the log
        :return: why it cannot be read, in words; None if it can
        """
        began = time.monotonic()
        while True:
            cr.execute(
                SQL(
                    """SELECT pg_is_in_recovery(),
                        (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint"""
                )
            )
            standby, replayed = cr.fetchone()
            # the next query begins the snapshot that is read
            cr.rollback()
            if not standby:
                # none that can be reached, or one that lives a life of its own now
                return "it cannot be reached, or is no standby"
            if replayed is not None and replayed >= position:
                return None
            waited = time.monotonic() - began
            if waited > _FLUSHED:
                # what is not on disk by now is no commit, and may never be sent
                position = min(position, self._get_flushed())
            if waited > REPLICA_PATIENCE:
                return (
                    f"after {REPLICA_PATIENCE:g} seconds it is still behind, by "
                    f"{position - (replayed or 0):,} bytes of the log"
                )
            time.sleep(_POLL)

    @api.model
    def _get_flushed(self):
        """How much of its log the primary has on disk, in bytes."""
        [[flushed]] = self.env.execute_query(
            SQL("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")
        )
        return flushed

    @api.model
    def _has_failed(self, cr):
        """Whether a transaction can only be rolled back."""
        connection = cr.connection
        return bool(connection.closed) or (
            connection.get_transaction_status() == TRANSACTION_STATUS_INERROR
        )

    @api.model
    def _log_primary(self, company, reason):
        _logger.warning(
            "Lifecycle scores of company %s are read on the primary database, not on "
            "the replica %s: %s.",
            company.id,
            config["db_replica_host"],
            reason,
        )


def _get_line(error):
    """The first line of what PostgreSQL says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
