"""Who would enter, before anybody does."""

from odoo import api, models
from odoo.tools import SQL

# On what plays act: not on rules that changed, nor on what was imported.
CAUSES = ["purchase", "refund", "first", "time", "ranking", "manual"]


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    def _select_today(self):
        """SELECT of ``partner_id, transition_id``: who enters today by itself.

        By what changed today already, and by what the next run will find changed.
        """
        self.ensure_one()
        company = self.company_id
        today = company._get_lifecycle_today()
        if self.entry_kind == "date":
            return self._select_dated([today])
        if self.entry_kind == "hand":
            return self._select_nobody()
        moved = self._select_moved(
            SQL("t.date = %s AND t.cause = ANY(%s)", today, CAUSES)
        )
        if self.transition_kind != "stage":
            return moved
        # the run that is to come decides as superuser, too
        moves = self.env["lifecycle.store"].sudo()._select_moves(company, today)
        conditions = [SQL("p.company_id = %s", company.id)]
        if self.from_stage_id:
            conditions.append(SQL("p.stage_id = %s", self.from_stage_id.id))
        if self.to_stage_id:
            conditions.append(SQL("moves.to_stage_id = %s", self.to_stage_id.id))
        return SQL(
            """SELECT DISTINCT ON (partner_id) partner_id, transition_id FROM (
                (%s) UNION ALL
                SELECT p.partner_id, NULL::int FROM (%s) moves
                JOIN lifecycle_profile p ON p.id = moves.id WHERE %s
            ) entering (partner_id, transition_id)
            ORDER BY partner_id, transition_id""",
            moved,
            moves,
            SQL(" AND ").join(conditions),
        )

    def _select_standing(self):
        """SELECT of who is where the entry rule leads already."""
        self.ensure_one()
        standing = SQL("TRUE")
        if self.entry_kind == "transition":
            standing = self._get_standing()
        elif self.entry_kind == "date" and self.date_field_id:
            standing = self._get_has_date()
        return SQL(
            """SELECT partner_id, NULL::int AS transition_id FROM lifecycle_profile
            WHERE company_id = %s AND %s""",
            self.company_id.id,
            standing,
        )

    def _select_missed(self):
        """SELECT of whom a change of rules brought where the entry rule leads.

        They did not enter: somebody has to say so.
        """
        self.ensure_one()
        if self.entry_kind != "transition" or self.transition_kind not in (
            self.env["lifecycle.store"]._get_kinds()
        ):
            return self._select_nobody()
        return SQL(
            """SELECT moved.* FROM (%s) moved
            JOIN lifecycle_profile ON lifecycle_profile.partner_id = moved.partner_id
                AND lifecycle_profile.company_id = %s
            WHERE %s""",
            self._select_moved(
                SQL("t.id > %s AND t.cause = 'rules'", self.seen_transition_id)
            ),
            self.company_id.id,
            self._get_standing(),
        )

    @api.model
    def _select_nobody(self):
        return SQL("SELECT NULL::int AS partner_id, NULL::int AS transition_id LIMIT 0")

    def _count_arms(self, candidates):
        """How many of some candidates would enter now: ``{arm: number}``."""
        self.ensure_one()
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT %s AS arm, COUNT(*) %s GROUP BY 1",
                    self._get_arm(SQL("candidate.partner_id")),
                    self._get_entrants(candidates),
                )
            )
        )

    def _find_entrants(self, candidates, limit):
        """Some of the candidates who would enter: pairs of contact id and arm."""
        self.ensure_one()
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT candidate.partner_id, %s AS arm %s
                ORDER BY lifecycle_profile.clv_historic DESC NULLS LAST,
                    candidate.partner_id LIMIT %s""",
                self._get_arm(SQL("candidate.partner_id")),
                self._get_entrants(candidates),
                limit,
            )
        )

    # -- a change of rules ------------------------------------------------------------

    @api.depends("seen_transition_id", "state", "entry_kind", "enrollment_ids")
    def _compute_missed_count(self):
        for play in self:
            play.missed_count = 0
            if play.state == "running" and play.entry_kind == "transition":
                play.missed_count = sum(
                    play._count_arms(play._select_missed()).values()
                )

    @api.model
    def _ask_about_missed(self, company):
        """Ask the owners of plays about whom a change of rules brought there."""
        plays = self.search(
            [("state", "=", "running"), ("company_id", "=", company.id)]
        )
        for play in plays.filtered("missed_count"):
            summary = self.env._(
                "%s customers came by a change of rules", play.missed_count
            )
            note = self.env._(
                "They did not enter the play “%s”: nothing happened to them. Open the "
                "play to look at them, and to put them in if you want.",
                play.name,
            )
            old = play.activity_search(
                ["mail.mail_activity_data_todo"],
                additional_domain=[("automated", "=", True)],
            )
            if old:
                old.write({"summary": summary, "note": note})
                continue
            play.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=note,
                user_id=(play.user_id or self.env.user).id,
            )

    def action_view_missed(self):
        """Look at whom a change of rules brought here, and decide."""
        self.ensure_one()
        return self._open_dry_run("missed")

    def action_forget_missed(self):
        """They stay out."""
        self.check_access("write")
        last_id = self._get_last_transition_id()
        self.write({"seen_transition_id": last_id})

    def action_dry_run(self):
        self.ensure_one()
        return self._open_dry_run("today")

    def _open_dry_run(self, mode):
        self.check_access("write")
        wizard = self.env["lifecycle.play.dry.run"].create(
            {"play_id": self.id, "mode": mode}
        )
        wizard._fill()
        return wizard._get_action()
