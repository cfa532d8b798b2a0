"""The filter of a tier over the profile: read, checked, asked within one company."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS


class LoyaltyTier(models.Model):
    _name = "loyalty.tier"
    _inherit = ["loyalty.tier", "lifecycle.domain.mixin"]

    # a tier that asked for itself would turn in a circle
    _domain_taboo = frozenset({"tier_id", "tier_color"})

    @api.constrains("domain")
    def _check_domain(self):
        # constraints run as superuser, but nobody may ask more than they may read
        profiles = self.env["lifecycle.profile"].sudo(False)
        today = fields.Date.today()
        for tier in self:
            company = tier.company_id or self.env.company
            try:
                domain = tier._parse_domain()
                with self.env.cr.savepoint():
                    if domain is not None:
                        domain = tier._resolve(domain, profiles, today, company)
                        profiles.search(domain, limit=1)
            except REFUSALS as error:
                lines = str(error).strip().splitlines() or [repr(error)]
                raise ValidationError(
                    self.env._(
                        "“Only For” of tier “%(name)s” cannot be used: %(reason)s\n"
                        "Open the filter, mend or remove the condition and save again.",
                        name=tier.name,
                        reason=lines[0],
                    )
                ) from error

    def _parse_domain(self):
        """The filter as a Domain, or None where there is none."""
        self.ensure_one()
        return self._parse_text(self.domain)

    @api.model
    def _resolve(self, domain, profiles, as_of, company):
        domain = self._resolve_domain(domain, profiles, as_of, company)
        return domain & Domain("company_id", "=", company.id)

    def _get_profile_query(self, company, as_of):
        """The profiles of a company that meet the filter, None: there is none.

        :raises ValueError: in words, where the filter cannot be used
        """
        self.ensure_one()
        domain = self._parse_domain()
        if domain is None:
            return None
        profiles = (
            self.env["lifecycle.profile"]
            .sudo()  # checked with its author's rights when saved
            .with_company(company)
            .with_context(
                lifecycle_as_of=as_of,
                active_test=False,
                tz=company._get_lifecycle_tz(),
            )
        )
        domain = self._resolve(domain, profiles, as_of, company)
        return profiles._search(domain, active_test=False)
