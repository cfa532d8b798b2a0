"""Who may enter: the conditions of a play over the customer profile."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS


class LifecyclePlayRuleMixin(models.AbstractModel):
    """Asks filters over the profile, of the customers of one company.

    They are asked as superuser, so they are checked with the rights of who saves them.
    """

    _name = "lifecycle.play.rule.mixin"
    _inherit = "lifecycle.domain.mixin"
    _description = "Filter of a Play"

    @api.model
    def _get_profiles(self, company, as_of):
        """Empty profiles to ask with: all that the company knows, as of a day."""
        return (
            self.env["lifecycle.profile"]
            .sudo()  # filters are checked with their author's rights when saved
            .with_company(company)
            .with_context(
                lifecycle_as_of=as_of,
                active_test=False,
                tz=company._get_lifecycle_tz(),  # where a day of moments begins
                allowed_company_ids=company.ids,
            )
        )

    @api.model
    def _get_condition(self, text, company, as_of):
        """A filter as a condition on a row called ``lifecycle_profile``.

        :raises ValueError: and others of REFUSALS, where it cannot be asked
        """
        domain = self._parse_text(text)
        if domain is None:
            return SQL("TRUE")
        profiles = self._get_profiles(company, as_of)
        domain = self._resolve_domain(domain, profiles, as_of, company)
        return self._get_row_condition(profiles, domain)

    @api.model
    def _get_row_condition(self, profiles, domain):
        """A resolved domain as a condition on a row called ``lifecycle_profile``."""
        query = profiles._search(domain, active_test=False)
        if query.is_empty():
            return SQL("FALSE")
        if query._joins or query.limit or query._ids is not None:
            return SQL("lifecycle_profile.id IN %s", query.subselect())
        return query.where_clause or SQL("TRUE")

    @api.model
    def _check_filter(self, text, company, what):
        """Refuse a filter that cannot be asked.

        :param what: how the message calls it
        :raises ValidationError: in words that say where and how to mend it
        """
        if problem := self._find_filter_problem(text, company, what):
            raise ValidationError(problem)

    @api.model
    def _find_filter_problem(self, text, company, what):
        """What is wrong with a filter, in words, or None."""
        profiles = self.env["lifecycle.profile"].sudo(False).with_company(company)
        as_of = company._get_lifecycle_today()
        domain, culprit = None, None
        try:
            domain = self._parse_text(text)
            self._ask(profiles, domain, as_of, company)
            return None
        except REFUSALS as error:
            culprit = error, None
        for condition in list(domain.iter_conditions())[:50] if domain else []:
            try:
                self._ask(profiles, condition, as_of, company)
            except REFUSALS as error:
                culprit = error, condition
                break
        error, condition = culprit
        reason = self._explain_where(error, condition)
        return self.env._(
            "%(what)s: the filter cannot be used: %(reason)s\n"
            "Mend or remove that condition. The filter was: %(rule)s",
            what=what,
            reason=reason,
            rule=(text or "")[:500],
        )

    @api.model
    def _ask(self, profiles, domain, as_of, company):
        if domain is None:
            return
        # some of what is wrong shows only when it is asked
        with self.env.cr.savepoint():
            domain = self._resolve_domain(domain, profiles, as_of, company)
            profiles.search(domain, limit=1)
