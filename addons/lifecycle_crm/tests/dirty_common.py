from contextlib import contextmanager

from odoo.tools import SQL

from .common import LifecycleCase


class DirtyCase(LifecycleCase):
    """Two companies that had their first run, and nothing marked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other")
        cls.env.user.company_ids |= cls.other
        cls.env["lifecycle.run"].create(
            [
                {"company_id": company.id, "reason": "install", "state": "done"}
                for company in cls.company | cls.other
            ]
        )
        cls.customer = cls._partner("Customer", is_company=True)
        cls.contact = cls._partner("Contact", parent_id=cls.customer.id)
        cls.stranger = cls._partner("Stranger", is_company=True)
        cls.cron = cls.env.ref("lifecycle_crm.ir_cron_refresh")
        cls.env.cr.flush()
        cls._sql(SQL("DELETE FROM lifecycle_dirty RETURNING 1"))
        cls._sql(SQL("DELETE FROM ir_cron_trigger RETURNING 1"))

    @classmethod
    def _sql(cls, query):
        return cls.env.execute_query(query)

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()
        self._dirty()

    def _pairs(self, *contacts, companies=None):
        return {
            (contact.id, company.id)
            for contact in contacts
            for company in companies or self.company
        }

    def _everywhere(self, *contacts):
        """Marked in every company that had a run."""
        companies = self.env["lifecycle.run"].search([]).company_id
        return self._pairs(*contacts, companies=companies)

    def _triggers(self):
        self.env.cr.flush()
        return self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])

    @contextmanager
    def _statements(self):
        """The statements that write marks, as a list that fills."""
        found, execute = [], self.env.cr.execute

        def listen(query, *args, **kwargs):
            if "INTO lifecycle_dirty" in str(query):
                found.append(query)
            return execute(query, *args, **kwargs)

        self.env.cr.execute = listen
        try:
            yield found
        finally:
            del self.env.cr.execute
