"""What foreign keys would do for the company, stage and segment of a profile.

They cost two fifths of writing a million profiles: PostgreSQL looks up three rows for
each one, though there are a dozen to look up.  So there are none, and

* what writes a batch locks the dozen once, as a foreign key locks them one by one:
  nobody can delete them meanwhile, and what is deleted already is found missing;
* what deletes one clears the profiles, in its own transaction, and once more after it:
  a batch that it waited for was not to be seen in it.
"""

import logging

from psycopg2 import errors

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from .lifecycle_work_mixin import CONFLICTS

_logger = logging.getLogger(__name__)

_RULES = {"stage_id": "lifecycle.stage", "segment_id": "lifecycle.segment"}


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    @api.model
    def _hold_targets(self, company, segment_ids=()):
        """Keep whatever a batch will point to from being deleted until it is committed.

        :param segment_ids: those of the batch; stages are found in its transaction
        :raises SerializationFailure: where one is gone: the batch is done anew
        """
        stages = self.env["lifecycle.stage"].sudo()  # the engine knows all rules
        held = {
            "res.company": {company.id},
            "lifecycle.stage": set(stages._get_for_company(company).ids),
            "lifecycle.segment": {int(i) for i in segment_ids if i > 0},
        }
        for model, ids in held.items():
            found = self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
                    SQL.identifier(self.env[model]._table),
                    list(ids),
                )
            )
            if len(found) < len(ids):
                raise errors.SerializationFailure(
                    f"{model} {sorted(ids - {i for (i,) in found})}: deleted meanwhile"
                )

    @api.model
    def _forget_targets(self, model, ids):
        """Profiles do not name these stages, segments or companies any more.

        They are deleted already, so no batch that begins now can name them.
        """
        query = self._get_clearing(model, list(ids))
        self.env.cr.execute(query)
        self.invalidate_model()
        pool = self.env.registry

        @self.env.cr.postcommit.add
        def clear_what_was_written_meanwhile():
            # it is done already: whatever fails here is mended by the next run
            try:
                with pool.cursor() as cr:
                    # the addon may have been uninstalled just now
                    if table_exists(cr, "lifecycle_profile"):
                        cr.execute(query)
            except CONFLICTS as error:
                _logger.info("Profiles that name %s %s: %s", model, ids, error)

    @api.model
    def _get_clearing(self, model, ids):
        if model == "res.company":
            return SQL("DELETE FROM lifecycle_profile WHERE company_id = ANY(%s)", ids)
        [column] = (name for name, rules in _RULES.items() if rules == model)
        return SQL(
            "UPDATE lifecycle_profile SET %(column)s = NULL "
            "WHERE %(column)s = ANY(%(ids)s)",
            column=SQL.identifier(column),
            ids=ids,
        )

    @api.autovacuum
    def _gc_targets(self):
        """What a server left that was killed between deleting and clearing."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM lifecycle_profile p WHERE NOT EXISTS (
                    SELECT 1 FROM res_company c WHERE c.id = p.company_id)"""
            )
        )
        for column, model in _RULES.items():
            self.env.cr.execute(
                SQL(
                    """UPDATE lifecycle_profile p SET %(column)s = NULL
                    WHERE %(column)s IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM %(rules)s r WHERE r.id = p.%(column)s)""",
                    column=SQL.identifier(column),
                    rules=SQL.identifier(self.env[model]._table),
                )
            )
