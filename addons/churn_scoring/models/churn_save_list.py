"""The lists of a week: who is worth saving, per salesperson and capacity."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .churn_model import OPEN
from .churn_save_sellers import LIFECYCLE_USER

# Customers without a salesperson are listed, too: so many, for who leads the sales.
UNOWNED_CAPACITY = 10


class ChurnSave(models.Model):
    _inherit = "churn.save"

    # -- the scheduled action ----------------------------------------------------

    @api.model
    def _cron_save_lists(self):
        """Settle what has an outcome; make the lists of a week that has begun.

        Called several times a day.  The lists wait for the first run of the engine in
        the week, at most one day.
        """
        # pylint: disable-next=no-search-all
        companies = self.env["res.company"].sudo().search([])
        companies._lifecycle_do_each(self._settle_and_list, "Save lists")

    @api.model
    def _settle_and_list(self, company):
        """The work of the scheduled action for one company."""
        self._settle(company)
        self.env["lifecycle.transition"]._link_win_backs(company)
        if self._is_list_due(company):
            self._make_lists(company)
            company.churn_save_week = self._get_week(company)
            self.env["churn.subscription"]._refresh(company)

    @api.model
    def _is_list_due(self, company):
        week = self._get_week(company)
        if company.churn_save_week and company.churn_save_week >= week:
            return False
        last = self.env["lifecycle.run"].sudo()._get_last_done(company)
        if not last or self._awaits_scores(company):
            return False
        late = company._get_lifecycle_today() > week
        return late or last.as_of >= week

    @api.model
    def _awaits_scores(self, company):
        """Whether the first scores of a company are still to come.

        A list made before stands for the whole week, without a value to order it by.
        """
        # which models and scores there are is no secret to the scheduled action
        trainings, profiles = (
            self.env[name].sudo() for name in ("churn.model", "lifecycle.profile")
        )
        bought = [("company_id", "=", company.id), ("order_count", ">", 0)]
        scored = [*bought, ("churn_method", "!=", False)]
        if not profiles.search_count(bought, limit=1):
            return False
        if profiles.search_count(scored, limit=1):
            return False
        # a training that failed is not waited for: the plain rule stands in
        last = trainings._get_last_of(company, [])[company]
        return not last or last.state in (*OPEN, "active")

    @api.model
    def _get_week(self, company):
        """Monday of this week, in the time zone of the company."""
        today = company._get_lifecycle_today()
        return today - timedelta(days=today.weekday())

    # -- on demand -----------------------------------------------------------------

    def action_refresh_my_list(self):
        """Fill the list of the user up to the capacity."""
        if not self.env.user.has_group(LIFECYCLE_USER):
            raise AccessError(self.env._("Save lists are for salespersons."))
        capacity = self.env.user.churn_capacity
        if not capacity:
            raise UserError(
                self.env._(
                    "Save List: Customers per Week is 0 in your preferences. Enter how "
                    "many customers you can call in a week."
                )
            )
        return self._refresh(self.env.user.ids)

    def action_refresh_all_lists(self):
        """Fill the lists of all salespersons of the company."""
        if not self.env.user.has_group("lifecycle_crm.group_lifecycle_manager"):
            raise AccessError(
                self.env._("Only a lifecycle manager can refresh the lists of all.")
            )
        return self._refresh(None)

    @api.model
    def _refresh(self, user_ids):
        # the user asks for the list that the scheduled action would make: nothing of
        # it comes from the client
        saves, company = self.sudo(), self.env.company
        saves._settle(company)
        count = saves._make_lists(company, user_ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": self.env._("%s customers added.", count)
                if count
                else self.env._(
                    "Nobody to add: the list of this week is full, or no other "
                    "customer is at risk and not worked on already."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # -- making --------------------------------------------------------------------

    @api.model
    def _make_lists(self, company, user_ids=None):
        """Fill the lists of this week of a company up to each capacity.

        Who is listed this week stays; a customer who was skipped makes room for
        another one.

        :param user_ids: salespersons to make lists for, default all and nobody's
        :return: number of customers added
        """
        self.env.flush_all()
        week, today = self._get_week(company), company._get_lifecycle_today()
        self._close_past(company, week)
        sellers = self._get_sellers(company)
        capacities = [(user.id, user.churn_capacity) for user in sellers]
        if user_ids is None:
            capacities.append((0, UNOWNED_CAPACITY))
        else:
            capacities = [row for row in capacities if row[0] in user_ids]
        rate, measured = company._get_churn_save_rate()
        self.env.cr.execute(
            SQL(
                """WITH room AS (
                    SELECT s.user_id, s.capacity - (
                        SELECT COUNT(*) FROM churn_save done
                        WHERE done.company_id = %(company)s AND done.week = %(week)s
                          AND COALESCE(done.user_id, 0) = s.user_id
                          AND done.state <> 'skipped'
                    ) AS free, (
                        SELECT COALESCE(MAX(done.rank), 0) FROM churn_save done
                        WHERE done.company_id = %(company)s AND done.week = %(week)s
                          AND COALESCE(done.user_id, 0) = s.user_id
                    ) AS last_rank
                    FROM unnest(%(users)s::int[], %(capacities)s::int[])
                        AS s(user_id, capacity)
                ), ranked AS (
                    SELECT found.*, ROW_NUMBER() OVER (
                        PARTITION BY user_id
                        ORDER BY revenue_at_risk DESC NULLS LAST,
                            churn_probability DESC NULLS LAST,
                            clv_historic DESC NULLS LAST, partner_id
                    ) AS place FROM (%(candidates)s) found
                )
                INSERT INTO churn_save (create_uid, create_date, write_uid, write_date,
                    partner_id, company_id, user_id, week, list_date, rank, state,
                    churn_probability, revenue_at_risk, clv_expected, save_rate,
                    save_rate_measured, expected_saved, last_order_date,
                    revenue_before, saved_revenue)
                SELECT %(uid)s, %(now)s, %(uid)s, %(now)s, r.partner_id, %(company)s,
                    NULLIF(r.user_id, 0), %(week)s, %(today)s,
                    room.last_rank + r.place, 'todo',
                    r.churn_probability, r.revenue_at_risk, r.clv_expected, %(rate)s,
                    %(measured)s, ROUND(r.revenue_at_risk * %(rate)s::numeric,
                    %(digits)s), r.last_order_date, r.revenue_total, 0
                FROM ranked r JOIN room ON room.user_id = r.user_id
                WHERE r.place <= room.free
                ORDER BY r.user_id, r.place
                ON CONFLICT (partner_id, company_id, week) DO NOTHING""",
                company=company.id,
                week=week,
                today=today,
                users=[user_id for user_id, _capacity in capacities],
                capacities=[capacity for _user_id, capacity in capacities],
                candidates=self._select_candidates(company, sellers, week, today),
                uid=self.env.uid,
                now=self.env.cr.now(),
                rate=rate,
                measured=measured,
                digits=company.currency_id.decimal_places,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        return count

    @api.model
    def _close_past(self, company, week):
        """What was not worked on in its week makes room for the list of this one."""
        self.env.cr.execute(
            SQL(
                """UPDATE churn_save SET state = 'skipped', note = %s
                WHERE company_id = %s AND state = 'todo' AND week < %s
                  AND activity_id IS NULL""",
                self.env._("Not contacted in its week"),
                company.id,
                week,
            )
        )

    @api.model
    def _select_candidates(self, company, sellers, week, today):
        """SELECT of the customers worth saving, with the salesperson (0 for nobody)."""
        return SQL(
            """SELECT p.partner_id, %(seller)s AS user_id, p.churn_probability,
                p.revenue_at_risk, p.clv_expected, p.clv_historic, p.last_order_date,
                p.revenue_total
            FROM lifecycle_profile p
            JOIN res_partner c ON c.id = p.partner_id
            LEFT JOIN LATERAL (%(order_seller)s) o ON TRUE
            WHERE p.company_id = %(company)s AND %(conditions)s""",
            seller=self._get_seller_expression(sellers),
            order_seller=self._select_order_seller(company, sellers),
            company=company.id,
            conditions=SQL(" AND ").join(
                self._get_candidate_conditions(company, week, today)
            ),
        )

    @api.model
    def _get_candidate_conditions(self, company, week, today):
        """Conditions on the profile ``p`` and the contact ``c``: who is worth saving.

        Another addon adds its own, an opt-out of profiling for one.
        """
        return [
            SQL("c.active"),
            SQL("p.order_count > 0"),
            # who has lapsed is not at risk but gone
            SQL("(p.lapse_date IS NULL OR p.lapse_date > %s)", today),
            # at risk by the model; by the plain rule while there is none
            SQL(
                """((p.revenue_at_risk > 0 AND p.churn_risk IS DISTINCT FROM 'low'
                    AND p.churn_confidence IS DISTINCT FROM 'too_early')
                OR (p.churn_probability IS NULL AND p.at_risk_date <= %s))""",
                today,
            ),
            # worked on already
            SQL(
                """NOT EXISTS (
                    SELECT FROM churn_save s
                    WHERE s.partner_id = p.partner_id AND s.company_id = p.company_id
                      AND (s.week = %s OR s.state IN ('contacted', 'opportunity')
                        OR s.state = 'todo' OR s.rest_until > %s))""",
                week,
                today,
            ),
            SQL(
                """NOT EXISTS (
                    SELECT FROM crm_lead l
                    JOIN res_partner lc ON lc.id = l.partner_id
                    WHERE lc.commercial_partner_id = p.partner_id AND l.win_back
                      AND l.active AND l.won_status = 'pending'
                      AND (l.company_id = p.company_id OR l.company_id IS NULL))"""
            ),
            SQL(
                """NOT EXISTS (
                    SELECT FROM mail_activity a
                    JOIN res_partner ac ON ac.id = a.res_id
                    WHERE a.res_model = 'res.partner' AND a.active
                      AND a.churn_company_id = p.company_id
                      AND ac.commercial_partner_id = p.partner_id)"""
            ),
            # given up
            SQL(
                """NOT EXISTS (
                    SELECT FROM churn_loss x
                    WHERE x.partner_id = p.partner_id AND x.company_id = %s
                      AND x.date >= p.last_order_date)""",
                company.id,
            ),
        ]
