"""How customers enter: set-based, in the transaction of what let them in."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_work_mixin import CONFLICTS

from ..scoring.arms import PARTS

_logger = logging.getLogger(__name__)

# Days whose dates are caught up where the scheduled action did not run.
_CATCH_UP_DAYS = 7


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    # -- by what changed -----------------------------------------------------------

    @api.model
    def _enter_by_transitions(self, company, after_id, causes):
        """Let in whom a recorded change brings into a running play.

        :param after_id: only transitions with a higher id
        :param causes: only transitions with one of these causes
        :return: number of customers who entered
        """
        # plays act for the company, whoever's work brought the change about
        plays = self.sudo().search(
            [
                ("state", "=", "running"),
                ("entry_kind", "=", "transition"),
                ("company_id", "=", company.id),
            ]
        )
        new = SQL("t.id > %s AND t.cause = ANY(%s)", after_id, list(causes))
        return sum(play._enter_or_pause(new) for play in plays)

    @api.model
    def _get_last_transition_id(self):
        """What this transaction records from now on has a higher id.

        What others commit meanwhile is not in its snapshot.
        """
        [[last_id]] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM lifecycle_transition")
        )
        return last_id

    def _enter_or_pause(self, new):
        """A play that cannot be asked any more must not keep others from scoring."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return self._enter("transition", self._select_moved(new))
        except CONFLICTS:
            raise
        except Exception as error:  # whatever became of its conditions
            _logger.exception("Nobody could enter the play %s", self.id)
            self.env.invalidate_all(flush=False)
            self._pause_broken(self._get_error_text(error))
            return 0

    def _select_moved(self, condition):
        """SELECT of ``partner_id, transition_id`` by the entry rule of the play.

        :param condition: on the transition ``t``
        """
        self.ensure_one()
        return SQL(
            """SELECT DISTINCT ON (t.partner_id) t.partner_id, t.id AS transition_id
            FROM lifecycle_transition t
            WHERE t.company_id = %s AND t.kind = %s AND %s AND %s
            ORDER BY t.partner_id, t.id DESC""",
            self.company_id.id,
            self.transition_kind,
            condition,
            self._get_ends_condition(),
        )

    def _get_ends_condition(self):
        """Condition on a transition ``t``: where it must begin and end."""
        self.ensure_one()
        conditions = [SQL("TRUE")]
        for name in self._get_end_names():
            if name in self._fields and self[name]:
                value = self[name].id if self._fields[name].relational else self[name]
                conditions.append(SQL("t.%s = %s", SQL.identifier(name), value))
        return SQL(" AND ").join(conditions)

    def _get_end_names(self):
        """Fields, of play and transition, that hold the ends of the change."""
        self.ensure_one()
        return self.env["lifecycle.store"]._get_ends().get(self.transition_kind, ())

    # -- on a date -------------------------------------------------------------------

    def _enter_by_date(self):
        """Let in whose date has come since this was last done."""
        self.ensure_one()
        today = self.company_id._get_lifecycle_today()
        if self.entry_kind != "date" or self.date_checked == today:
            return 0
        first = (self.date_checked or today - timedelta(days=1)) + timedelta(days=1)
        first = max(first, today - timedelta(days=_CATCH_UP_DAYS))
        # a day ahead is one of a clock that went wrong
        days = [
            min(first, today) + timedelta(days=number)
            for number in range((today - min(first, today)).days + 1)
        ]
        self.date_checked = today
        return self._enter("date", self._select_dated(days))

    def _select_dated(self, days):
        """SELECT of ``partner_id, transition_id`` of whose date falls on one of days.

        Of customers only: a contact is one of suppliers and applicants, too.

        :param days: the days on which they enter
        """
        self.ensure_one()
        field = self.date_field_id.sudo()  # which field it is, is no secret
        of_contact = field.model == "res.partner"
        table = "res_partner" if of_contact else "lifecycle_profile"
        day = SQL("%s", SQL.identifier("dated", field.name))
        if field.ttype == "datetime":
            tz = self.company_id._get_lifecycle_tz()
            day = SQL("timezone(%s, timezone('UTC', %s))", tz, day)
        targets = [day_ - timedelta(days=self.date_offset) for day_ in days]
        return SQL(
            """SELECT %(partner)s AS partner_id, NULL::int AS transition_id
            FROM %(table)s dated, unnest(%(targets)s::date[]) target
            WHERE %(scope)s AND %(hit)s""",
            partner=SQL("dated.id" if of_contact else "dated.partner_id"),
            table=SQL.identifier(table),
            targets=targets,
            scope=SQL(
                """EXISTS (SELECT FROM lifecycle_profile own
                    WHERE own.partner_id = dated.id AND own.company_id = %s)""",
                self.company_id.id,
            )
            if of_contact
            else SQL("dated.company_id = %s", self.company_id.id),
            hit=self._get_anniversary(SQL("(%s)::date", day))
            if self.date_yearly
            else SQL("(%s)::date = target", day),
        )

    @api.model
    def _get_anniversary(self, day):
        """Condition that ``target`` is an anniversary of a day, not the day itself.

        That of 29 February is 28 February in years without one: PostgreSQL adds years
        like that.
        """
        years = SQL("extract(year FROM target)::int - extract(year FROM %s)::int", day)
        return SQL(
            "%(years)s > 0 AND (%(day)s + make_interval(years => %(years)s))::date"
            " = target",
            years=years,
            day=day,
        )

    # -- by hand ---------------------------------------------------------------------

    def _enter_by_hand(self, partners):
        """Let in customers whom somebody chose.

        :param partners: contacts; their customers enter
        """
        self.ensure_one()
        return self._enter("hand", self._select_customers(partners))

    @api.model
    def _select_customers(self, partners):
        """SELECT of ``partner_id, transition_id`` of the customers of contacts."""
        return SQL(
            """SELECT DISTINCT commercial_partner_id AS partner_id,
                NULL::int AS transition_id
            FROM res_partner WHERE id = ANY(%s)""",
            partners.ids,
        )

    # -- entering --------------------------------------------------------------------

    def _enter(self, source, candidates):
        """Make the enrollments of who may enter, in one statement.

        :param source: value of ``lifecycle.play.enrollment.source``
        :param candidates: SELECT of ``partner_id, transition_id``
        :return: number of customers who entered
        """
        self.ensure_one()
        step = self._get_steps()[:1]
        if not step:
            return 0
        now = fields.Datetime.now()
        self.env.flush_all()  # contacts that were just made, too
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_play_enrollment (play_id, partner_id,
                    profile_id, company_id, arm, state, source, entered_date,
                    entered_day, transition_id, user_id, entry_stage_id,
                    entry_order_count, step_id, next_date)
                SELECT %(play)s, candidate.partner_id, lifecycle_profile.id,
                    %(company)s, %(arm)s, 'running', %(source)s, %(now)s::timestamp,
                    %(today)s::date, candidate.transition_id, %(user)s::int,
                    lifecycle_profile.stage_id,
                    COALESCE(lifecycle_profile.order_count, 0), %(step)s, %(due)s
                %(rows)s
                ON CONFLICT (play_id, partner_id) WHERE state = 'running' DO NOTHING""",
                play=self.id,
                company=self.company_id.id,
                arm=self._get_arm(SQL("candidate.partner_id")),
                source=source,
                now=now,
                today=self.company_id._get_lifecycle_today(),
                user=self.env.uid if source == "hand" else None,
                step=step.id,
                due=step._get_due(SQL("%s::timestamp", now)),
                rows=self._get_entrants(candidates),
            )
        )
        count = self.env.cr.rowcount
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)
        if count:
            self._call()
        return count

    def _get_entrants(self, candidates):
        """FROM and WHERE: candidates who may enter now, with their profile."""
        self.ensure_one()
        return SQL(
            """FROM (%(candidates)s) candidate
            JOIN res_partner partner ON partner.id = candidate.partner_id
            LEFT JOIN lifecycle_profile
                ON lifecycle_profile.partner_id = candidate.partner_id
                AND lifecycle_profile.company_id = %(company)s
            WHERE partner.active AND partner.lifecycle_profiling_off IS NOT TRUE
                AND %(audience)s AND NOT %(barred)s
                AND COALESCE(partner.company_id, %(company)s) = %(company)s""",
            candidates=candidates,
            company=self.company_id.id,
            audience=self._get_audience(),
            barred=self._get_barred(SQL("candidate.partner_id")),
        )

    def _get_audience(self, as_of=None):
        """Condition on ``lifecycle_profile``: who is meant."""
        self.ensure_one()
        company = self.company_id
        as_of = as_of or company._get_lifecycle_today()
        conditions = [self._get_condition(self.audience_domain, company, as_of)]
        if self.audience_ids:
            profiles = self._get_profiles(company, as_of)
            conditions.append(
                self._get_row_condition(
                    profiles,
                    Domain.OR(
                        audience._get_domain(profiles) for audience in self.audience_ids
                    ),
                )
            )
        return SQL("(%s)", SQL(" AND ").join(conditions))

    def _get_barred(self, partner):
        """Condition: the customer is in the play, or was too lately."""
        self.ensure_one()
        since = fields.Datetime.now() - timedelta(days=self.cooldown_days)
        return SQL(
            """EXISTS (SELECT FROM lifecycle_play_enrollment known
                WHERE known.play_id = %s AND known.partner_id = %s
                AND (known.state = 'running' OR %s))""",
            self.id,
            partner,
            SQL("known.end_date > %s", since) if self.reentry else SQL("TRUE"),
        )

    def _get_arm(self, partner):
        """Expression for the arm of a customer; as in :mod:`..scoring.arms`."""
        self.ensure_one()
        return SQL(
            """CASE WHEN ('x' || substr(md5(%s || ':' || %s), 1, 8))::bit(32)::bigint
                < %s::float8 * %s THEN 'control' ELSE 'treated' END""",
            self.seed,
            partner,
            self.control_share,
            PARTS,
        )

    @api.model
    def _call(self, at=None):
        """Let the scheduled action run, now or at a moment."""
        cron = self.env.ref("lifecycle_play.cron_run", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)  # whoever's work let customers in
