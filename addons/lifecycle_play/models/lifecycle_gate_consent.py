"""What the gate makes of what contacts said."""

from odoo import api, models
from odoo.tools import SQL


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _find_consent_reasons(self, facts, company):
        """Who opted out, objects to profiling, or has to be asked first.

        What was said under an address counts for everybody who has it, the latest
        word first; where nothing was, what the contact's company said.
        """
        only_in = company.lifecycle_consent_policy == "opt_in"
        said = self._read_consents(facts, company)
        reasons = {}
        for fact in facts.values():
            words = said.get(fact.id, {})
            state = next((s for s, _no in words.values() if s != "unknown"), None)
            if any(no_profiling for _state, no_profiling in words.values()):
                reasons[fact.id] = "no_profiling"
            elif state == "opted_out":
                reasons[fact.id] = "opted_out"
            elif only_in and state != "opted_in":
                reasons[fact.id] = "no_consent"
        return reasons

    @api.model
    def _read_consents(self, facts, company):
        """The latest word under each contact's address, and of its company.

        :return: ``{contact id: {0: (state, no_profiling), 1: …}}``, 0 for what was said
            by the contact or under its address, 1 for what its company said
        """
        self.env["lifecycle.consent"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH asked AS (
                    SELECT * FROM unnest(%(ids)s::int[], %(customers)s::int[],
                        %(addresses)s::varchar[]) AS asked (id, customer_id, email)
                )
                SELECT DISTINCT ON (words.asked_id, words.level)
                    words.asked_id, words.level, words.state,
                    coalesce(words.no_profiling, FALSE)
                FROM (
                    SELECT asked.id AS asked_id, 0 AS level, own.*
                    FROM asked JOIN lifecycle_consent AS own
                        ON own.partner_id = asked.id
                    WHERE own.company_id = %(company)s
                    UNION ALL
                    SELECT asked.id, 0, same.*
                    FROM asked JOIN lifecycle_consent AS same
                        ON same.email = asked.email AND same.partner_id <> asked.id
                    WHERE same.company_id = %(company)s
                    UNION ALL
                    SELECT asked.id, 1, head.*
                    FROM asked JOIN lifecycle_consent AS head
                        ON head.partner_id = asked.customer_id
                            AND asked.customer_id <> asked.id
                    WHERE head.company_id = %(company)s
                ) AS words
                ORDER BY words.asked_id, words.level, words.date DESC, words.id DESC""",
                ids=[fact.id for fact in facts.values()],
                customers=[fact.customer_id for fact in facts.values()],
                addresses=[fact.email for fact in facts.values()],
                company=company.id,
            )
        )
        said = {}
        for partner_id, level, state, no_profiling in rows:
            said.setdefault(partner_id, {})[level] = (state, no_profiling)
        return said
