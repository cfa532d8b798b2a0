"""Figures and verdicts of plays, from the outcomes of their customers."""

from odoo import api, models
from odoo.tools import SQL

from ..scoring.uplift import Arm, money_uplift, rate_uplift
from ..scoring.verdict import judge

# Days of entries that say how many customers enter each week.
_PACE_DAYS = 56


class LifecyclePlayResult(models.Model):
    _inherit = "lifecycle.play.result"

    @api.model
    def _cron_refresh(self):
        """Every night, of every company that has plays."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT company_id FROM lifecycle_play_enrollment ORDER BY 1")
        )
        # the scheduled action stands for all companies
        companies = self.env["res.company"].sudo().browse([row[0] for row in rows])
        companies._lifecycle_do_each(self._refresh, "Results of the plays")

    @api.model
    def _refresh(self, company):
        """Outcomes, results and verdicts of the plays of a company, as of today."""
        # of plays of the company only, which whoever calls this may see
        results = self.sudo().with_company(company)
        self.env["lifecycle.play.outcome"].sudo()._refresh(company)
        known = {
            (result.play_id.id, result.step_id.id): result
            for result in results.search([("company_id", "=", company.id)])
        }
        found = results._read_arms(company)
        values = results._get_all_values(company, found)
        for key, vals in values.items():
            if key in known:
                known[key].write(vals)
            else:
                known[key] = results.create(vals)
        gone = [result.id for key, result in known.items() if key not in values]
        results.browse(gone).unlink()
        plays = self.env["lifecycle.play"].sudo()
        plays.search([("company_id", "=", company.id)])._tell_losses()

    @api.model
    def _read_arms(self, company):
        """What is known of each arm: ``{(play, step or False): {arm: dict}}``.

        Money per customer is the margin where it is known, else the revenue.
        """
        names = (
            *("play", "step", "arm", "customers", "buyers", "orders", "revenue"),
            *("margin", "discount", "cost", "messages", "amounts"),
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT play_id, step_id, arm, COUNT(*),
                    COUNT(*) FILTER (WHERE orders > 0), SUM(orders), SUM(revenue),
                    SUM(margin), SUM(discount), SUM(cost), SUM(messages),
                    ARRAY_AGG(COALESCE(margin, revenue)::float8)
                        FILTER (WHERE COALESCE(margin, revenue) <> 0)
                FROM (
                    SELECT play_id, step_id, arm, partner_id,
                        SUM(order_count) AS orders, SUM(revenue) AS revenue,
                        SUM(margin) AS margin, SUM(discount) AS discount,
                        SUM(cost) AS cost, SUM(message_count) AS messages
                    FROM lifecycle_play_outcome
                    WHERE company_id = %s AND complete
                    GROUP BY play_id, step_id, arm, partner_id
                ) customer
                GROUP BY play_id, step_id, arm""",
                company.id,
            )
        )
        found = {}
        for row in rows:
            values = dict(zip(names, row, strict=True))
            key = values.pop("play"), values.pop("step") or False
            found.setdefault(key, {})[values.pop("arm")] = values
        return found

    @api.model
    def _read_entries(self, company):
        """``{(play, step or False): (entries, not complete, customers a week)}``"""
        today = company._get_lifecycle_today()
        rows = self.env.execute_query(
            SQL(
                """SELECT play_id, step_id, COUNT(*),
                    COUNT(*) FILTER (WHERE NOT complete),
                    COUNT(*) FILTER (WHERE start_day > %(today)s - %(days)s),
                    LEAST(%(today)s - MIN(start_day) + 1, %(days)s)
                FROM lifecycle_play_outcome WHERE company_id = %(company)s
                GROUP BY play_id, step_id""",
                today=today,
                days=_PACE_DAYS,
                company=company.id,
            )
        )
        return {
            (play, step or False): (count, waiting, 7 * recent / max(days, 1))
            for play, step, count, waiting, recent, days in rows
        }

    @api.model
    def _get_all_values(self, company, found):
        has_margin = self.env["lifecycle.play.outcome"]._has_margin(company)
        entries = self._read_entries(company)
        sequences = {
            step.id: step.sequence
            for step in self.env["lifecycle.play.step"].browse(
                step for _play, step in entries if step
            )
        }
        values = {}
        for key, (count, waiting, pace) in entries.items():
            play_id, step_id = key
            values[key] = {
                "play_id": play_id,
                "step_id": step_id,
                "step_sequence": sequences.get(step_id, -1),
                "company_id": company.id,
                "date": company._get_lifecycle_today(),
                "entered_count": count,
                "waiting_count": waiting,
                "has_margin": has_margin,
                **self._get_values(found.get(key, {}), has_margin, pace),
            }
        return values

    @api.model
    def _get_values(self, arms, has_margin, pace):
        """Figures of one play or step.

        :param arms: as :meth:`_read_arms` finds them
        :param pace: customers who enter each week
        """
        treated, control = (arms.get(name, {}) for name in ("treated", "control"))
        sizes = [arm.get("customers", 0) for arm in (treated, control)]
        buyers = [arm.get("buyers", 0) for arm in (treated, control)]
        samples = [
            Arm(size, bought, arm.get("amounts") or [])
            for size, bought, arm in zip(sizes, buyers, (treated, control), strict=True)
        ]
        cost = float(treated.get("cost") or 0)
        money = money_uplift(*samples, cost=cost / sizes[0] if sizes[0] else 0)
        rate = rate_uplift(*samples)
        verdict = judge(money, *sizes, sum(buyers), pace)

        def beyond(name):
            if not all(sizes):
                return 0.0
            shares = [
                float(arm.get(name) or 0) / size
                for arm, size in zip((treated, control), sizes, strict=True)
            ]
            return (shares[0] - shares[1]) * sizes[0]

        net, low, high = (value if value == value else 0 for value in money.total)
        return {
            "treated_count": sizes[0],
            "control_count": sizes[1],
            "treated_buyers": buyers[0],
            "control_buyers": buyers[1],
            "treated_rate": buyers[0] / sizes[0] if sizes[0] else 0,
            "control_rate": buyers[1] / sizes[1] if sizes[1] else 0,
            "rate_uplift": rate.estimate if all(sizes) else 0,
            "rate_low": rate.low if all(sizes) else 0,
            "rate_high": rate.high if all(sizes) else 0,
            "treated_orders": treated.get("orders", 0),
            "treated_revenue": treated.get("revenue", 0),
            "incremental_orders": beyond("orders"),
            "incremental_revenue": beyond("revenue"),
            "incremental_margin": beyond("margin") if has_margin else 0,
            "message_count": treated.get("messages", 0),
            "discount": treated.get("discount", 0),
            "cost": cost,
            "net": net,
            "net_low": low,
            "net_high": high,
            "has_interval": money.low == money.low,
            "verdict": verdict.state,
            "weeks": verdict.weeks or 0,
        }
