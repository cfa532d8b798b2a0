from odoo import api, models
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS


class LifecycleStage(models.Model):
    _inherit = "lifecycle.stage"

    @api.onchange("domain")
    def _onchange_domain_plays(self):
        """Say, before a rule is saved, how many it moves to where plays wait."""
        stage = self._origin
        plays = self.env["lifecycle.play"].search(
            [
                ("state", "=", "running"),
                ("entry_kind", "=", "transition"),
                ("to_stage_id", "=", stage.id),
            ]
        )
        if not stage or not plays or self.domain == stage.domain:
            return None
        count = sum(map(self._count_moving, plays.company_id))
        if not count:
            return None
        return {
            "warning": {
                "title": self.env._("Plays wait here"),
                "message": self.env._(
                    "This rule brings up to %(count)s customers into the stage "
                    "“%(stage)s”, where these plays wait: %(plays)s. A change of rules "
                    "lets nobody in. When it is saved, the plays show who came, and "
                    "ask whether they are to enter.",
                    count=count,
                    stage=stage.name,
                    plays=", ".join(plays.mapped("name")),
                ),
            }
        }

    def _count_moving(self, company):
        """Customers who meet the rule as it stands, and are elsewhere."""
        profiles = self.env["lifecycle.profile"].with_company(company)
        as_of = company._get_lifecycle_today()
        try:
            with self.env.cr.savepoint():
                domain = self._parse_text(self.domain)
                if domain is None:
                    return 0
                domain = self._resolve_domain(domain, profiles, as_of, company)
                elsewhere = Domain("stage_id", "!=", self._origin.id)
                elsewhere &= Domain("company_id", "=", company.id)
                return profiles.search_count(domain & elsewhere)
        except REFUSALS:
            return 0  # saving says what is wrong
