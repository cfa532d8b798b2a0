"""Customers who are not profiled: nothing is computed about them, nothing is kept.

The switch is a field of the contact, see :mod:`res_partner_privacy`.  What reads
customers leaves them out (:meth:`LifecycleEngine._find_customers`,
:meth:`LifecycleTransaction._is_customer`), what writes them does so once more
(:meth:`LifecycleEngine._send_numbers`): the switch may be thrown in between.
"""

from odoo import api, models
from odoo.tools import SQL


def select_objectors():
    """SELECT of the ids of customers who are not profiled; few, by an index."""
    return SQL("SELECT id FROM res_partner WHERE lifecycle_profiling_off")


class LifecyclePrivacy(models.AbstractModel):
    """What is known of a customer, by model: to remove it, and to hand it out."""

    _name = "lifecycle.privacy"
    _description = "What is Kept of a Customer"

    @api.model
    def _get_scored_models(self):
        """Models whose rows were computed about a customer: ``{model: field}``.

        The field names the customer, or one of its contacts.  The rows are deleted by
        SQL, in this order.  An addon that keeps a score, or acts on one, adds its own.
        """
        return {
            "lifecycle.transition": "partner_id",
            "lifecycle.snapshot": "partner_id",
            "lifecycle.profile": "partner_id",
        }

    @api.model
    def _get_erasing(self, partner_ids):
        """Statements beside deleting rows: what of scores stands on other records.

        :param partner_ids: of customers and their contacts
        :return: list of ``SQL``
        """
        return [
            SQL(
                """UPDATE crm_lead SET lifecycle_stage_at_creation_id = NULL
                WHERE partner_id = ANY(%s)
                  AND lifecycle_stage_at_creation_id IS NOT NULL""",
                partner_ids,
            )
        ]

    @api.model
    def _forget(self, partner_ids):
        """Remove what was computed about customers, of every company.

        :param partner_ids: commercial partners
        """
        if not partner_ids:
            return
        self.env.flush_all()
        everybody = self._find_contacts(partner_ids)
        for name, field in self._get_scored_models().items():
            self._delete_rows(name, field, everybody)
        for statement in self._get_erasing(everybody):
            self.env.cr.execute(statement)
        self.env.invalidate_all(flush=False)

    @api.model
    def _erase(self, partners, reason):
        """Erase contacts that must stay as records, for orders or invoices name them.

        What was computed goes and is not computed again, and so does the log of what
        was sent to them.

        :param partners: contacts; of one of a company, what is known of the company
            stays
        """
        customers = partners.filtered(lambda p: p == p.commercial_partner_id)
        if customers:
            customers._lifecycle_set_profiling(True, reason)
        self.env.flush_all()
        for name, field in self._get_logged_models().items():
            self._delete_rows(name, field, partners.ids)
        self.env.invalidate_all(flush=False)

    @api.model
    def _find_contacts(self, partner_ids):
        """Ids of customers and of all their contacts, archived ones, too."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)
                UNION SELECT unnest(%s::int[])""",
                list(partner_ids),
                list(partner_ids),
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _delete_rows(self, name, field, partner_ids):
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(self.env[name]._table),
                SQL.identifier(field),
                list(partner_ids),
            )
        )

    @api.model
    def _find_objectors(self):
        """Ids of customers who are not profiled, as of this transaction."""
        rows = self.env.execute_query(select_objectors())
        return [partner_id for (partner_id,) in rows]

    @api.autovacuum
    def _gc_objectors(self):
        """What a run that had read a customer before the switch wrote after it."""
        self._forget(self._find_objectors())
