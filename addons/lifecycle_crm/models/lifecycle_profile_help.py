from markupsafe import Markup

from odoo import api, models


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    @api.model
    def get_empty_list_help(self, help_message):
        """Before the first run is done, an empty list says what it waits for."""
        # an action is read as superuser, whoever opens it
        if not self.sudo(False).has_access("read"):
            return super().get_empty_list_help(help_message)
        runs = self.env["lifecycle.run"].sudo()  # whether one was done, nothing else
        company = self.env.company
        if not runs._get_last_done(company):
            help_message = self._get_first_run_help(
                failed=bool(
                    runs.search_count(
                        [("company_id", "=", company.id), ("state", "=", "failed")],
                        limit=1,
                    )
                )
            )
        return super().get_empty_list_help(help_message)

    @api.model
    def _get_first_run_help(self, failed):
        """What the list waits for; who may see Health gets a link to it.

        :param failed: a first run was tried, and failed
        """
        if failed:
            title = self.env._("The first computation of the customers failed")
            text = self.env._(
                "It is tried again by itself; if it fails again, its cause must be "
                "mended."
            )
        else:
            title = self.env._("The customers are being computed for the first time")
            text = self.env._(
                "A scheduled action reads all leads, quotations and purchases there "
                "are, and ends by itself. Open this list again in a few minutes."
            )
        if self.env["lifecycle.health"].sudo(False).has_access("read"):
            link = Markup('<a href="/odoo/lifecycle-health">%s</a>') % self.env._(
                "Lifecycle › Configuration › Health"
            )
            where = self.env._(
                "How far it is, and what keeps it from beginning: %(link)s", link=link
            )
        else:
            where = self.env._(
                "If nothing appears, ask who manages the lifecycle to look at "
                "Lifecycle › Configuration › Health."
            )
        return Markup(
            '<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p><p>%s</p>'
        ) % (title, text, where)
