"""The tag of an audience, put on contacts and taken off by itself."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS

_logger = logging.getLogger(__name__)


class LifecycleAudience(models.Model):
    _inherit = "lifecycle.audience"

    @api.model
    def _cron_keep_tags(self):
        """Keep the tags of all audiences, one after the other.

        One that cannot be asked any more does not stop the others.
        """
        # the tags are of the companies, whoever runs the scheduled action
        audiences = self.sudo().search([("tag_id", "!=", False)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(audiences))
        for audience in audiences:
            try:
                with self.env.cr.savepoint():
                    audience._keep_tags()
                    self.env.flush_all()
            except REFUSALS as error:  # also what shows only when it is asked
                # what somebody typed may be in it: it stays one line of the log
                reason = " ".join(str(error).split())
                _logger.warning("Audience %s keeps no tag: %s", audience.id, reason)
            if not cron._commit_progress(1):
                break

    @api.model
    def _has_tags(self, company):
        """Whether an audience of a company keeps a tag."""
        of_company = [("tag_id", "!=", False), ("company_id", "=", company.id)]
        return bool(self.sudo().search_count(of_company, limit=1))  # whether, not which

    def _keep_tags(self):
        """Make the contacts with the tag those in the audience; changed rows only."""
        for audience in self.filtered("tag_id"):
            # checked with the rights of who saved it; which contacts it takes
            # is seen by nobody here
            profiles = self.env["lifecycle.profile"].sudo()
            profiles = profiles.with_company(audience.company_id)
            domain = audience._get_domain(profiles)
            members = profiles._search(domain, active_test=False)
            members = members.subselect("partner_id")
            tag_id = audience.tag_id.id
            self.env["res.partner"].flush_model(["category_id"])
            self.env.cr.execute(
                SQL(
                    """DELETE FROM res_partner_res_partner_category_rel
                    WHERE category_id = %s AND partner_id NOT IN %s""",
                    tag_id,
                    members,
                )
            )
            removed = self.env.cr.rowcount
            self.env.cr.execute(
                SQL(
                    """INSERT INTO res_partner_res_partner_category_rel
                        (category_id, partner_id)
                    SELECT %s, id FROM res_partner WHERE id IN %s
                    ON CONFLICT DO NOTHING""",
                    tag_id,
                    members,
                )
            )
            if removed or self.env.cr.rowcount:
                self.env["res.partner"].invalidate_model(["category_id"])
                self.env["res.partner.category"].invalidate_model(["partner_ids"])
            audience.sudo().tag_date = fields.Datetime.now()
