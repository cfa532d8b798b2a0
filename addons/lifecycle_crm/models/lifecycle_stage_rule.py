"""The rule of a stage: read and checked, and said in words where it is wrong.

It is made safe to ask as superuser by :mod:`lifecycle_domain_mixin`.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .lifecycle_domain_mixin import REFUSALS

# What follows from the stage: a rule over it would turn in a circle.
_OF_STAGE = ("stage_id", "stage_date", "stage_color", "phase")


class LifecycleStage(models.Model):
    _name = "lifecycle.stage"
    _inherit = ["lifecycle.stage", "lifecycle.domain.mixin"]

    _domain_taboo = frozenset(_OF_STAGE)

    @api.constrains("domain")
    def _check_domain(self):
        # constraints run as superuser, but nobody may ask more than they may read
        profiles = self.env["lifecycle.profile"].sudo(False)
        today = fields.Date.today()
        for stage in self:
            stage._check_rule(profiles, today, stage.company_id or self.env.company)

    @api.model
    def _check_company_rules(self, company, as_of):
        """Refuse in words where a rule that was saved cannot be asked any more."""
        # asked as the engine asks them: checked with their author's rights when saved
        profiles = self.env["lifecycle.profile"].sudo().with_company(company)
        for stage in self.sudo()._get_for_company(company):
            stage._check_rule(profiles, as_of, company)

    def _check_rule(self, profiles, as_of, company):
        self.ensure_one()
        try:
            # some of what is wrong shows only when it is asked
            with self.env.cr.savepoint():
                self._ask_rule(profiles, self._parse_domain(), as_of, company)
        except REFUSALS as error:
            culprit = self._find_culprit(profiles, as_of, company)
            raise self._get_rule_error(*(culprit or (error,))) from error

    @api.model
    def _ask_rule(self, profiles, domain, as_of, company):
        if domain is not None:
            domain = self._resolve_domain(domain, profiles, as_of, company)
            profiles.search(domain, limit=1)

    def _find_culprit(self, profiles, as_of, company):
        """The first condition that cannot be asked alone: (error, condition)."""
        try:
            conditions = list(self._parse_domain().iter_conditions())
        except REFUSALS:
            return None
        for condition in conditions[:50]:
            try:
                with self.env.cr.savepoint():
                    self._ask_rule(profiles, condition, as_of, company)
            except REFUSALS as error:
                return error, condition
        return None

    def _get_rule_query(self, profiles, as_of, company):
        """The customers that the rule takes, None where there is no rule.

        :param profiles: empty profiles, with the rights to ask with
        :param as_of: the day that stands for "today"
        :param company: the company whose customers are asked
        :raises ValidationError: in words, where the rule cannot be used
        """
        self.ensure_one()
        try:
            domain = self._parse_domain()
            if domain is None:
                return None
            domain = self._resolve_domain(domain, profiles, as_of, company)
            return profiles._search(domain, active_test=False)
        except REFUSALS as error:
            raise self._get_rule_error(error) from error

    # -- reading -------------------------------------------------------------

    def _parse_domain(self):
        """The rule as a Domain, or None where there is none."""
        self.ensure_one()
        return self._parse_text(self.domain)

    # -- refusing ------------------------------------------------------------

    def _get_rule_error(self, error, condition=None):
        """What is wrong with a rule, in words that say where and how to mend it."""
        self.ensure_one()
        reason = self._explain_where(error, condition)
        refusal = ValidationError(
            self.env._(
                "Rule of the stage “%(name)s” cannot be used: %(reason)s\n"
                "Open the rule editor, mend or remove that condition and "
                "save again. The rule was: %(rule)s",
                name=self.name,
                reason=reason,
                rule=(self.domain or "")[:500],
            )
        )
        # for who keeps it with a run; no class of its own, which no dialog would know
        refusal.lifecycle_stage_id = self.id
        return refusal
