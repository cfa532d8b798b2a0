"""What is wrong with a play is said before it starts, never at night."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS

# What a day can be read from: not what differs by company, or is not stored.
_DATES = (("date", "date"), ("timestamp", "timestamp"))


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    @api.constrains("audience_domain", "company_id")
    def _check_audience_domain(self):
        for play in self:
            label = self._fields["audience_domain"]._description_string(self.env)
            play._check_filter(play.audience_domain, play.company_id, label)

    @api.constrains(
        "entry_kind",
        "transition_kind",
        "date_field_id",
        "audience_ids",
        "step_ids",
        "company_id",
    )
    def _check_running(self):
        """A change of a running play must not break it."""
        for play in self:
            if play.state == "running":
                play.sudo(False)._check_ready()

    @api.constrains("cooldown_days")
    def _check_cooldown(self):
        for play in self:
            if not 0 <= play.cooldown_days <= 36500:
                raise UserError(
                    self.env._(
                        "Not Within (days): it is %s. Enter a number of days from 0.",
                        play.cooldown_days,
                    )
                )

    def _check_ready(self):
        """Refuse to run what cannot run, all that is wrong at once.

        :raises UserError: in words that name the fields and how to mend them
        """
        self.ensure_one()
        if problems := self._find_problems():
            raise UserError(
                self.env._("“%s” cannot run yet:", self.name)
                + "".join(f"\n• {problem}" for problem in problems)
            )

    def _find_problems(self):
        """What is wrong, in words."""
        self.ensure_one()
        problems = self._find_entry_problems()
        steps = self._get_steps()
        if not steps:
            problems.append(
                self.env._("Steps: there are none. Add what is to happen to customers.")
            )
        for step in steps:
            problems.extend(step._find_problems())
        return problems

    def _find_entry_problems(self):
        problems = []
        if self.entry_kind == "transition" and not self._get_end_names():
            problems.append(
                self.env._("What Changes: it is empty. Choose a kind of change.")
            )
        if self.entry_kind == "date":
            field = self.date_field_id.sudo()
            known = field.model in ("res.partner", "lifecycle.profile") and (
                self.env[field.model]._fields.get(field.name)
            )
            if not known or not known.store or known.column_type not in _DATES:
                problems.append(
                    self.env._(
                        "Date: choose the date of the contact or of the customer "
                        "profile on which customers enter."
                    )
                )
        label = self._fields["audience_domain"]._description_string(self.env)
        found = self._find_filter_problem(self.audience_domain, self.company_id, label)
        if found:
            problems.append(found)
        for audience in self.audience_ids:
            if audience.company_id != self.company_id:
                problems.append(
                    self.env._(
                        "Audiences: “%(name)s” is one of %(company)s. Choose one of "
                        "the company of the play.",
                        name=audience.name,
                        company=audience.company_id.name,
                    )
                )
            try:
                with self.env.cr.savepoint():
                    profiles = self.env["lifecycle.profile"]
                    profiles.search(audience._get_domain(profiles), limit=1)
            except REFUSALS as error:
                problems.append(str(error))
        return problems

    # -- what only looks like a mistake ------------------------------------------------

    def _get_start_warnings(self):
        """What somebody should know before it starts, in words."""
        self.ensure_one()
        warnings = []
        everybody = self._count_customers()
        reach = self._count_reach()
        if self.entry_kind != "hand" and reach and reach == everybody:
            warnings.append(
                self.env._(
                    "The entry rule matches everybody: all %s customers of the company "
                    "may enter sooner or later. Narrow it by where the change must "
                    "lead, or by an audience, unless that is what you want.",
                    everybody,
                )
            )
        if overdue := self._count_overdue():
            warnings.append(
                self.env._(
                    "%s customers who entered before have a step that is due: it is "
                    "done for them as soon as the play runs.",
                    overdue,
                )
            )
        if not self.control_share:
            warnings.append(
                self.env._(
                    "Nobody is held out: nobody will be able to tell what the play "
                    "earned."
                )
            )
        return warnings

    def _count_customers(self):
        return self.env["lifecycle.profile"].search_count(
            [("company_id", "=", self.company_id.id)]
        )

    def _count_reach(self):
        """Customers whom the entry rule does not keep out, wherever they stand now.

        Where a change must lead somewhere, or begin somewhere, these who stand there.
        """
        self.ensure_one()
        conditions = [self._get_audience()]
        if self.entry_kind == "transition":
            conditions.append(self._get_standing())
        elif self.entry_kind == "date" and self.date_field_id:
            conditions.append(self._get_has_date())
        [[count]] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*) FROM lifecycle_profile
                WHERE lifecycle_profile.company_id = %s AND %s""",
                self.company_id.id,
                SQL(" AND ").join(conditions),
            )
        )
        return count

    def _get_standing(self):
        """Condition on ``lifecycle_profile``: stands where the change must lead."""
        kinds = self.env["lifecycle.store"]._get_kinds()
        column, _ending = kinds[self.transition_kind]
        ends = [name for name in self._get_end_names() if self[name]]
        if not ends:
            return SQL("TRUE")
        name = ends[-1]  # where it leads, else where it begins
        value = self[name].id if self._fields[name].relational else self[name]
        return SQL("lifecycle_profile.%s = %s", SQL.identifier(column), value)

    def _get_has_date(self):
        field = self.date_field_id.sudo()  # which field it is, is no secret
        column = SQL.identifier(field.name)
        if field.model == "lifecycle.profile":
            return SQL("lifecycle_profile.%s IS NOT NULL", column)
        return SQL(
            """EXISTS (SELECT FROM res_partner p
                WHERE p.id = lifecycle_profile.partner_id AND p.%s IS NOT NULL)""",
            column,
        )

    def _count_overdue(self):
        return self.env["lifecycle.play.enrollment"].search_count(
            [
                ("play_id", "=", self.id),
                ("state", "=", "running"),
                ("next_date", "<=", fields.Datetime.now()),
            ]
        )
