"""Drafts of tier rules: computed in arrays, applied set-based."""

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.scoring.days import day_number

from ..scoring.periods import Period
from ..scoring.standing import Rules, begin
from .loyalty_engine import Ladder
from .loyalty_engine_members import look_up, sum_by


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    @api.model
    def _simulate(self, program, company, as_of, rules):
        """Sort everybody who takes part by other rules, as if for the first time.

        :return: arrays by member: ids, level, what counts, net spend of a year
        """
        ladder = Ladder(rules, [], {})
        # nobody has a standing by rules that do not exist yet
        stored = self._read_stored(program, company, None, as_of)
        nobody = {"partner_id": ()}
        recent, totals = self._read_recent(program, company, as_of, ladder, nobody)
        members = self._read_members(program, company, as_of, ladder, stored, totals)
        members.is_new[:] = True
        members.standing.level[:] = -1
        members.standing.needed[:] = 0
        bought = self._read_purchases(
            program, company, as_of, members, rules, recent=recent
        )
        found, _why = begin(
            rules,
            day_number(as_of),
            members.joined,
            members.counted,
            bought,
            members.partner_id,
        )
        level = np.where(members.leaves, -1, found.level)
        spend = self._read_spend(program, company, as_of)
        return (
            members.partner_id,
            level,
            members.counted,
            look_up(members.partner_id, *spend, default=0),
        )

    @api.model
    def _read_spend(self, program, company, as_of):
        """Net spend of each customer in a year, in hundredths of the currency of the
        programme at the rate of today: what perks cost by.
        """
        since = as_of - relativedelta(years=1) + relativedelta(days=1)
        transactions = self._get_transactions(program)
        scope = transactions._get_scope(company, as_of, since=since)
        rows = self._copy(
            SQL(
                """SELECT contact_id, (SUM(amount) * 100)::int8
                FROM (%s) counted GROUP BY contact_id""",
                transactions._get_contact_query(
                    company, scope, [SQL("contact_id"), SQL("amount")]
                ),
            ),
            {"contact": "int4", "value": "int8"},
        )
        engine = self.env["lifecycle.engine"]
        customers, kept = engine._find_customers(
            self.env.cr, rows["contact"], scope, everybody=True
        )
        customers, spend = sum_by(customers[kept], rows["value"][kept])
        if self._is_foreign(program, company):
            rate = self.env["res.currency"]._get_conversion_rate(
                company.currency_id, program.currency_id, company, as_of
            )
            spend = np.rint(spend * rate).astype("int64")
        return customers, spend


class LoyaltyTierSimulation(models.Model):
    _inherit = "loyalty.tier.simulation"

    def action_compute(self):
        """Button: sort everybody by the draft, beside the tiers they have now."""
        for draft in self:
            draft.check_access("write")
            draft._check_lines()
            draft._compute_moves()

    def _get_rules(self):
        """Lines by threshold, and the rules that they make."""
        lines = self.line_ids.sorted("threshold")
        digits = self.env["loyalty.engine"]._get_digits(self.program_id)
        thresholds = [round(line.threshold * 10**digits) for line in lines]
        period = Period(self.tier_period, self.tier_months)
        return lines, Rules(np.array(thresholds, dtype="int64"), period), digits

    def _compute_moves(self):
        self.ensure_one()
        lines, rules, digits = self._get_rules()
        company = self.company_id
        # sums over everybody; rows are of the own company, as the draft is
        engine = self.env["loyalty.engine"].sudo().with_company(company)
        as_of = company._get_lifecycle_today()
        ids, level, counted, spend = engine._simulate(
            self.program_id.sudo(), company, as_of, rules
        )
        before = self._read_tiers(ids)
        places = {line.tier_id.id: n for n, line in enumerate(lines) if line.tier_id}
        known = np.array([-1, *places])
        # the line of each tier; one that the draft drops is below all of them
        stood = np.full(len(ids), -1)
        for tier_id, place in places.items():
            stood[before == tier_id] = place
        dropped = ~np.isin(before, known)
        moved = (stood != level) | dropped
        self._write_lines(lines, stood, level, spend)
        self._write_moves(
            ids[moved],
            before[moved],
            [lines[int(n)].id if n >= 0 else None for n in level[moved]],
            (level > stood)[moved] & ~dropped[moved],
            counted[moved] / 10**digits,
        )
        rises = (level > stood) & ~dropped
        self.write(
            {
                "state": "done",
                "computed_at": fields.Datetime.now(),
                "member_count": len(ids),
                "up_count": int(rises.sum()),
                "down_count": int((moved & ~rises).sum()),
            }
        )

    def _read_tiers(self, ids):
        """The tier that each customer has now, -1 for none."""
        rows = self.env["loyalty.engine"]._copy(
            SQL(
                """SELECT partner_id, tier_id FROM loyalty_membership
                WHERE program_id = %s AND company_id = %s AND tier_id IS NOT NULL
                ORDER BY partner_id""",
                self.program_id.id,
                self.company_id.id,
            ),
            {"partner_id": "int4", "tier_id": "int4"},
        )
        return look_up(ids, rows["partner_id"], rows["tier_id"], default=-1)

    def _write_lines(self, lines, stood, level, spend):
        count = len(lines)
        before = np.bincount(stood[stood >= 0], minlength=count)
        after = np.bincount(level[level >= 0], minlength=count)
        same = np.bincount(level[(level >= 0) & (stood == level)], minlength=count)
        money = np.maximum(spend, 0) / 100
        bought_before = np.bincount(
            stood[stood >= 0], weights=money[stood >= 0], minlength=count
        )
        bought_after = np.bincount(
            level[level >= 0], weights=money[level >= 0], minlength=count
        )
        rate = self.program_id._get_points_per_unit() * self.point_value
        for place, line in enumerate(lines):
            tier = line.tier_id

            def cost(bought, multiplier, percent):
                return bought * (rate * (multiplier - 1) + percent / 100)

            line.write(
                {
                    "before_count": int(before[place]),
                    "after_count": int(after[place]),
                    "in_count": int(after[place] - same[place]),
                    "out_count": int(before[place] - same[place]),
                    "spend_after": bought_after[place],
                    "cost_before": cost(
                        bought_before[place],
                        tier.point_multiplier if tier else 1,
                        tier.cashback_percent if tier else 0,
                    ),
                    "cost_after": cost(
                        bought_after[place],
                        line.point_multiplier,
                        line.cashback_percent + line.other_percent,
                    ),
                }
            )

    def _write_moves(self, ids, before, line_ids, rises, amounts):
        self.env.cr.execute(
            SQL(
                "DELETE FROM loyalty_tier_simulation_move WHERE simulation_id = %s",
                self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO loyalty_tier_simulation_move (simulation_id, company_id,
                    partner_id, from_tier_id, to_line_id, rises, amount, protected)
                SELECT %s, %s, m.partner_id, NULLIF(m.tier_id, -1), m.line_id, m.rises,
                    m.amount, FALSE
                FROM unnest(%s::int[], %s::int[], %s::int[], %s::bool[], %s::numeric[])
                    AS m(partner_id, tier_id, line_id, rises, amount)""",
                self.id,
                self.company_id.id,
                ids.tolist(),
                before.tolist(),
                line_ids,
                rises.tolist(),
                amounts.tolist(),
            )
        )
        self.env["loyalty.tier.simulation.move"].invalidate_model(flush=False)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def action_simulate_tiers(self):
        """Button: a draft of the rules, to be changed and looked at."""
        self.ensure_one()
        draft = self.env["loyalty.tier.simulation"]._create_draft(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try Other Rules"),
            "res_model": "loyalty.tier.simulation",
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    def _get_point_value(self):
        """What a point buys at the cheapest reward, in the programme's currency."""
        values = [
            reward.discount
            if reward.discount_mode == "per_point"
            else reward.discount / reward.required_points
            for reward in self.reward_ids
            if reward.reward_type == "discount"
            and reward.discount_mode in ("per_point", "per_order")
            and reward.required_points
        ]
        return max(values, default=0)

    def _get_points_per_unit(self):
        """Points earned for one unit of money, by the rules that count money."""
        rules = self.rule_ids.filtered(lambda rule: rule.reward_point_mode == "money")
        return sum(rules.mapped("reward_point_amount"))
