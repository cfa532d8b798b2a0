from odoo import api, models


class LifecycleDirtyMixin(models.AbstractModel):
    """A document by which customers change: it marks them when it changes.

    ``_write_multi`` and ``_create`` are where every change passes on its way to the
    database, with the columns that really differ: also stored computed fields, and
    whatever an addon writes past the usual methods.
    """

    _name = "lifecycle.dirty.mixin"
    _description = "Document That Marks Customers"

    # columns that say whose the document is: the customer before is marked as well
    _lifecycle_owner_fields = frozenset()
    # columns whose change matters in any state
    _lifecycle_event_fields = frozenset()
    # columns that matter while the document counts as a purchase
    _lifecycle_value_fields = frozenset()

    @api.model
    def _select_lifecycle_customers(self, ids, counting=False):
        """SELECT of ``company_id, partner_id`` of documents, in this order.

        :param counting: only of those that count as purchases
        """
        raise NotImplementedError

    @api.model
    def _get_cached_customers(self, ids, counting=False):
        """The same as pairs, where the cache knows all of them; else None.

        Asked when the transaction commits and everything is flushed: the cache says
        what the database says, but for what somebody wrote past both.
        """
        return None

    def _is_lifecycle_relevant(self, kind, vals):
        """Whether a change can matter, by what the cache knows: it costs no query.

        :param kind: "create", "unlink", "owner", "event" or "value"
        :param vals: the columns that change
        """
        return True

    def _create(self, data_list):
        documents = super()._create(data_list)
        dirty = self.env["lifecycle.dirty"]
        dirty._mark_documents(
            documents.filtered(lambda d: d._is_lifecycle_relevant("create", {}))
        )
        return documents

    def _write_multi(self, vals_list):
        changed = {"owner": [], "event": [], "value": []}
        for document, vals in zip(self, vals_list, strict=True):
            kind = self._get_lifecycle_kind(vals)
            if kind and document._is_lifecycle_relevant(kind, vals):
                changed[kind].append(document.id)
        dirty = self.env["lifecycle.dirty"]
        dirty._mark_former(self.browse(changed["owner"]))
        dirty._mark_documents(self.browse(changed["owner"] + changed["event"]))
        dirty._mark_documents(self.browse(changed["value"]), counting=True)
        return super()._write_multi(vals_list)

    @api.model
    def _get_lifecycle_kind(self, vals):
        names = vals.keys()
        if names & self._lifecycle_owner_fields:
            return "owner"
        if names & self._lifecycle_event_fields:
            return "event"
        return "value" if names & self._lifecycle_value_fields else None

    def unlink(self):
        gone = self.filtered(lambda d: d._is_lifecycle_relevant("unlink", {}))
        self.env["lifecycle.dirty"]._mark_former(gone)
        return super().unlink()
