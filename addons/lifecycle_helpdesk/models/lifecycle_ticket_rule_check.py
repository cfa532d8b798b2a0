"""A rule that cannot work is refused when it is saved, in words."""

from odoo import api, models
from odoo.exceptions import ValidationError

_YEAR = 8760


class LifecycleTicketRule(models.Model):
    _inherit = "lifecycle.ticket.rule"

    @api.model
    def _get_effect_names(self):
        """Fields of a rule that say something about the ticket."""
        return ["priority", "team_id", "user_id", "answer_hours"]

    @api.model
    def _get_asking_names(self):
        """Fields of a rule that its condition on the customer is made of."""
        return ["stage_ids", "segment_ids", "at_risk", "value_min", "profile_domain"]

    def write(self, vals):
        if vals.keys() & {*self._get_asking_names(), "company_id"}:
            vals = {"error": False, **vals}  # mended, or found out again
        return super().write(vals)

    @api.constrains("profile_domain", "company_id")
    def _check_profile_domain(self):
        for rule in self:
            what = self.env._(
                "Rule “%(rule)s”, %(field)s",
                rule=rule.name,
                field=self._say("profile_domain"),
            )
            rule._check_filter(rule.profile_domain, rule.company_id, what)

    @api.constrains(lambda self: [*self._get_effect_names(), "name"])
    def _check_effects(self):
        for rule in self:
            if not any(rule[name] for name in rule._get_effect_names()):
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” changes nothing. Fill in at least one of: "
                        "%(fields)s.",
                        rule=rule.name,
                        fields=", ".join(map(self._say, rule._get_effect_names())),
                    )
                )

    @api.constrains("answer_hours", "value_min")
    def _check_numbers(self):
        for rule in self:
            if not 0 <= rule.answer_hours <= _YEAR:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”, %(field)s: it is %(value)s. Enter hours from "
                        "0 (no promise) to %(limit)s.",
                        rule=rule.name,
                        field=self._say("answer_hours"),
                        value=rule.answer_hours,
                        limit=_YEAR,
                    )
                )
            if rule.value_min < 0:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”, %(field)s: it is %(value)s. Enter an amount "
                        "from 0.",
                        rule=rule.name,
                        field=self._say("value_min"),
                        value=rule.value_min,
                    )
                )

    @api.constrains("team_id", "user_id", "company_id")
    def _check_people(self):
        for rule in self:
            team, user, company = rule.team_id, rule.user_id, rule.company_id
            if team.company_id not in (company, team.company_id.browse()):
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: the team “%(team)s” is one of %(other)s. "
                        "Choose one of %(company)s.",
                        rule=rule.name,
                        team=team.display_name,
                        other=team.company_id.name,
                        company=company.name,
                    )
                )
            if user and company not in user.sudo().company_ids:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: %(user)s does not work for %(company)s. "
                        "Choose another assignee, or allow the company for this user.",
                        rule=rule.name,
                        user=user.name,
                        company=company.name,
                    )
                )
            if user and team and user not in team.user_ids:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: %(user)s is not in the team “%(team)s”. "
                        "Choose a member of the team, or add %(user)s to it.",
                        rule=rule.name,
                        user=user.name,
                        team=team.display_name,
                    )
                )

    @api.constrains("company_id", "stage_ids", "segment_ids")
    def _check_rule_company(self):
        for rule in self:
            for record in (*rule.stage_ids, *rule.segment_ids):
                if record.company_id not in (
                    rule.company_id,
                    record.company_id.browse(),
                ):
                    raise ValidationError(
                        self.env._(
                            "Rule “%(rule)s”: “%(name)s” is one of %(other)s. Choose "
                            "one of %(company)s.",
                            rule=rule.name,
                            name=record.display_name,
                            other=record.company_id.name,
                            company=rule.company_id.name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        """What was promised stays told."""
        if used := self.filtered("promised_count"):
            raise ValidationError(
                self.env._(
                    "%s: promises were made by it. Archive it instead of deleting it: "
                    "what became of them stays in the report.",
                    ", ".join(used.mapped("name")),
                )
            )

    @api.model
    def _say(self, name):
        return self._fields[name]._description_string(self.env)
