"""Customers to whom something happened: marked as it happens, refreshed soon after."""

import logging
import threading

from psycopg2 import Error, errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL, sql

_logger = logging.getLogger(__name__)

_KEY = "lifecycle.dirty"
# Seconds from a commit until the cron workers are woken.
_WAKE_DELAY = 0.5
_WAKE_ATTEMPTS = 3
# Databases whose cron workers are about to be woken.
_waking = set()
_waking_lock = threading.Lock()


def _wake(registry):
    """Wake the cron workers of a database; see ``lifecycle.dirty._wake_up``."""
    with _waking_lock:
        _waking.discard(registry.db_name)
    for attempt in range(1, _WAKE_ATTEMPTS + 1):
        if "lifecycle.dirty" not in registry:
            return  # uninstalled meanwhile
        try:
            with registry.cursor() as cr:
                # raw SQL that depends on no rights
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["lifecycle.dirty"]._wake_up()
            return
        except errors.SerializationFailure as error:
            # a run ended this very moment
            _logger.debug("Waking the cron workers, attempt %s: %s", attempt, error)
        except Error as error:
            # the marks are there: the next order wakes them, or the next hour
            _logger.warning("Cron workers not woken: %s", error)
            return


class LifecycleDirty(models.Model):
    """One row per event; the engine deletes the rows it has seen.

    Marking must cost next to nothing, for it is part of confirming an order:

    * what is marked is collected and written once, when the transaction commits, by
      one statement of raw SQL; the scheduled action is triggered after the commit, in
      a thread of its own;
    * the columns are plain numbers.  Foreign keys would lock rows of contacts and
      companies, and could make a confirmation wait for whoever edits them; an index
      would be written with every row, and the table is nearly always empty.

    ``partner_id`` is the contact that stood on the document.  Whoever reads maps it to
    its customer, and must look at the contact itself too: it may have been a customer
    of its own before it got a parent.  Either may be gone.
    """

    _name = "lifecycle.dirty"
    _description = "Customer to Refresh"
    _log_access = False  # nobody asks who and when
    _order = "id"

    company_id = fields.Integer(string="Company ID", required=True, readonly=True)
    partner_id = fields.Integer(string="Contact ID", required=True, readonly=True)

    # -- marking -------------------------------------------------------------

    @api.model
    def _mark(self, contact_ids, company_ids=None):
        """Mark the customers of contacts, default in every company."""
        if marks := self._get_marks() if contact_ids else None:
            if company_ids is None:
                marks["contacts"].update(contact_ids)
            else:
                marks["pairs"].update(
                    (company, contact)
                    for company in company_ids
                    for contact in contact_ids
                )

    @api.model
    def _mark_documents(self, documents, counting=False):
        """Mark who stands on documents when the transaction commits.

        :param documents: of a model that inherits ``lifecycle.dirty.mixin``
        :param counting: only of those that count as purchases by then
        """
        if marks := self._get_marks() if documents else None:
            key = (documents._name, counting)
            marks["documents"].setdefault(key, set()).update(documents.ids)

    @api.model
    def _mark_former(self, documents):
        """Mark who stands on documents now, before they change hands or go."""
        if marks := self._get_marks() if documents.ids else None:
            marks["pairs"].update(
                self.env.execute_query(
                    documents._select_lifecycle_customers(documents.ids)
                )
            )

    @api.model
    def _mark_former_customers(self, contacts, gone=()):
        """Mark whom contacts belong to in the database, before that changes.

        :param gone: ids of contacts that will not be there any more
        """
        if marks := self._get_marks() if contacts.ids else None:
            rows = self.env.execute_query(
                SQL(
                    """SELECT DISTINCT commercial_partner_id FROM res_partner
                    WHERE id = ANY(%s) AND commercial_partner_id <> ALL(%s)""",
                    contacts.ids,
                    list(gone),
                )
            )
            marks["contacts"].update(partner_id for (partner_id,) in rows)

    @api.model
    def _get_marks(self):
        """What this transaction has marked so far; None where marking is off."""
        if self.env.context.get("lifecycle_no_recompute"):
            return None
        precommit = self.env.cr.precommit
        if _KEY not in precommit.data:
            precommit.data[_KEY] = {"pairs": set(), "contacts": set(), "documents": {}}
            precommit.add(self._write_marks)
        return precommit.data[_KEY]

    # -- writing, when the transaction commits ---------------------------------

    @api.model
    def _write_marks(self):
        """Write what was marked, in one statement; wake the scheduled action later."""
        marks = self.env.cr.precommit.data.pop(_KEY, None)
        selects = self._select_marks(marks) if marks else []
        if not selects or self._is_uninstalled():
            return
        # a company without any run gets its first one, which sees everything
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_dirty (company_id, partner_id)
                SELECT company_id, partner_id
                FROM (%s) AS found (company_id, partner_id)
                WHERE partner_id IS NOT NULL AND EXISTS (
                    SELECT FROM lifecycle_run run
                    WHERE run.company_id = found.company_id)""",
                SQL(" UNION ").join(selects),
            )
        )
        if self.env.cr.rowcount:
            self.env.cr.postcommit.add(self._wake_soon)

    @api.model
    def _select_marks(self, marks):
        """SELECTs of ``company_id, partner_id``."""
        selects, pairs = [], set(marks["pairs"])
        for (name, counting), ids in marks["documents"].items():
            model = self.env[name]
            known = model._get_cached_customers(ids, counting)
            if known is not None:
                pairs.update(known)
                continue
            customers = model._select_lifecycle_customers(list(ids), counting)
            selects.append(SQL("SELECT * FROM (%s) documents", customers))
        if pairs:
            companies, contacts = zip(*pairs, strict=True)
            selects.append(
                SQL(
                    "SELECT * FROM unnest(%s::int[], %s::int[])",
                    list(companies),
                    list(contacts),
                )
            )
        if marks["contacts"]:
            selects.append(
                SQL(
                    """SELECT c.id, contact
                    FROM res_company c, unnest(%s::int[]) contact""",
                    list(marks["contacts"]),
                )
            )
        return selects

    @api.model
    def _is_uninstalled(self):
        """Removing this addon removes its demo orders too, then this table."""
        return not self.env.registry.ready and not sql.table_exists(
            self.env.cr, self._table
        )

    @api.model
    def _wake_soon(self):
        """After a commit: wake the cron workers, in a thread of its own.

        That takes longer than the marks; the user does not wait for it.  Whoever
        commits before it happens shares it.
        """
        registry = self.env.registry
        with _waking_lock:
            if registry.db_name in _waking:
                return
            _waking.add(registry.db_name)
        timer = threading.Timer(_WAKE_DELAY, _wake, args=[registry])
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # the server is shutting down
            _waking.discard(registry.db_name)

    @api.model
    def _wake_up(self):
        """Trigger the scheduled action and wake the cron workers.

        What ``ir.cron._trigger`` does, unless a trigger is due already.  One that is
        locked does not count: the run that answers it, and deletes it, may not see
        the marks that were just committed.
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO ir_cron_trigger (cron_id, call_at)
                SELECT c.id, date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC')
                FROM ir_cron c JOIN ir_model_data d ON d.res_id = c.id
                WHERE d.module = 'lifecycle_crm' AND d.name = 'ir_cron_refresh'
                  AND d.model = 'ir.cron' AND c.active AND NOT EXISTS (
                    SELECT FROM ir_cron_trigger t WHERE t.cron_id = c.id
                    AND t.call_at <= clock_timestamp() AT TIME ZONE 'UTC'
                    FOR KEY SHARE SKIP LOCKED)"""
            ),
            log_exceptions=False,
        )
        if self.env.cr.rowcount:
            self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)

    # -- the scheduled action ------------------------------------------------

    @api.model
    def _get_marked_companies(self):
        """Companies with marks; marks of companies that are gone are forgotten."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT company_id FROM lifecycle_dirty ORDER BY 1")
        )
        marked = self.env["res.company"].browse(company_id for (company_id,) in rows)
        companies = marked.exists()
        if gone := marked - companies:
            self.env.execute_query(
                SQL(
                    """DELETE FROM lifecycle_dirty WHERE company_id = ANY(%s)
                    RETURNING 1""",
                    gone.ids,
                )
            )
        return companies
