from odoo.tools import SQL

from .history_common import HistoryCase


class PrivacyCase(HistoryCase):
    """Two customers with a past, one of whom does not want to be profiled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Shy", email="shy@example.com")
        cls.contact = cls._partner("Shy's Buyer", parent_id=cls.partner.id)
        cls.other = cls._partner("Open", email="open@example.com")
        for partner in (cls.contact, cls.other):
            cls._order(partner, "2026-03-02", 100)
            cls._order(partner, "2026-04-02", 100)

    def _score(self):
        """A past, a present, and a change between them."""
        self._recompute(day="2026-03-10")
        self._rebuild(months=3)
        self._order(self.contact, "2026-06-10", 300)
        self._order(self.other, "2026-06-10", 300)
        self._recompute()

    def _switch(self, off=True, partner=None, reason="Asked for it on the phone"):
        partner = partner or self.partner
        partner._lifecycle_set_profiling(off, reason)
        self.env.flush_all()

    def _count(self, partner=None):
        """Rows about a customer and its contacts: ``{model: count}``, none left out."""
        partner = partner or self.partner
        privacy = self.env["lifecycle.privacy"]
        ids = privacy._find_contacts(partner.ids)
        self.env.flush_all()
        counts = {}
        for name, field in privacy._get_scored_models().items():
            [[counts[name]]] = self.env.execute_query(
                SQL(
                    "SELECT COUNT(*) FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(self.env[name]._table),
                    SQL.identifier(field),
                    ids,
                )
            )
        return counts

    def _assert_forgotten(self, partner=None):
        counts = self._count(partner)
        self.assertEqual(counts, dict.fromkeys(counts, 0))
