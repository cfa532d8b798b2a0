"""The other condition of a tier: a filter over the profile."""

import logging

import numpy as np
import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _find_allowed(self, program, company, as_of, ladder, members):
        """Who meets the filter of each tier: bool array (n, k), None: no filter."""
        tiers = self.env["loyalty.tier"].sudo().browse(ladder.ids)
        if not any(tier._parse_domain() for tier in tiers):
            return None
        allowed = np.ones((len(members.partner_id), len(tiers)), dtype=bool)
        for place, tier in enumerate(tiers):
            query = tier._get_profile_query(company, as_of)
            if query is None:
                continue
            found = self._copy(query.select("partner_id"), {"partner_id": "int4"})
            allowed[:, place] = np.isin(members.partner_id, found["partner_id"])
        return allowed

    @api.model
    def _is_usable(self, program, company, as_of):
        """Whether the filters of a programme can be asked; else it says why not."""
        error = False
        try:
            with self.env.cr.savepoint():
                for tier in program.tier_ids:
                    query = tier._get_profile_query(company, as_of)
                    if query is not None:
                        query.limit = 1
                        self.env.execute_query(query.select())
        except (UserError, ValueError, psycopg2.DataError) as reason:
            error = str(reason)
            _logger.warning(
                "Tiers of programme %s not evaluated: %s", program.id, error
            )
        if (program.tier_error or False) != error:
            program.tier_error = error
        return not error
