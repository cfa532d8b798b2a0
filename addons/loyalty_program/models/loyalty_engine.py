"""Who stands in which tier: read, decided in arrays, written where it changed.

The way of the data, for one programme in one company::

    what counts --SQL sum--> amounts    memberships --COPY--> standing
        --scoring/standing--> new standing --diff--> changed rows --COPY, SQL-->
    memberships, transitions, profiles, perks of who moved

It runs behind :mod:`lifecycle_engine`, at its three speeds: everybody at night, or the
customers to whom something happened, seconds after it.
"""

from dataclasses import dataclass, field

from odoo import api, models

from odoo.addons.lifecycle_crm.scoring.days import day_number


@dataclass(frozen=True)
class Occasion:
    """Why tiers are looked at.

    :param quiet: nobody hears of what changed: no transition is created through the
        ORM, no perk of entry is given
    :param reason: that of the ``lifecycle.run``, None for a refresh
    :param partial: who did something was looked at when it happened: only who is moved
        by time must be looked at
    """

    quiet: bool = False
    reason: str | None = None
    run_id: int | None = None
    partial: bool = False


@dataclass
class Ladder:
    """The tiers of a programme, as the arrays know them.

    :param ids: of the active tiers, by threshold
    :param levels: ``{tier id: position in ids}``, archived ones where they lead to
    :param archived: ids of the archived ones
    """

    rules: object
    ids: list
    levels: dict
    archived: set = field(default_factory=set)


class LoyaltyEngine(models.AbstractModel):
    _name = "loyalty.engine"
    _description = "Loyalty Engine"

    @api.model
    def _get_programs(self, company):
        """Programmes with tiers that a company uses, the main one first."""
        # rules of the house, whoever's order asked for them
        programs = self.env["loyalty.program"].sudo()
        domain = [
            *programs._check_company_domain(company | company.parent_ids),
            ("program_type", "=", "loyalty"),
            ("tier_ids", "!=", False),
        ]
        return programs.search(domain, order="sequence, id")

    @api.model
    def _evaluate(self, company, as_of, occasion, partner_ids=None, work=None):
        """Bring the memberships of a company to where they stand on a day.

        A programme whose rules cannot be used is left as it is, and says why.

        :param as_of: a day in the time zone of the company
        :param partner_ids: customers to look at, None for all
        :param work: as for ``lifecycle.engine._recompute_company``
        :return: number of transitions
        """
        engine = self.with_company(company)
        count, work = 0, work or _at_once
        programs = engine._get_programs(company)
        partial, shown = occasion.partial and partner_ids is None, partner_ids
        for program in programs:
            if not engine._is_usable(program, company, as_of):
                continue
            moved, members = engine._evaluate_program(
                program, company, as_of, occasion, partner_ids, work
            )
            count += moved
            if program == programs[0] and partner_ids is None and not partial:
                shown = members.find_misshown().tolist()
        if not programs or not partial:
            engine._show_on_profiles(company, shown)
        return count

    @api.model
    def _evaluate_program(self, program, company, as_of, occasion, partner_ids, work):
        partial = occasion.partial and partner_ids is None
        assess = self._assess_moved if partial else self._assess
        members = work(lambda: assess(program, company, as_of, partner_ids), 0, 0)
        count = self._write_members(program, company, as_of, occasion, members, work)
        return count, members

    # -- arrays --------------------------------------------------------------------

    @api.model
    def _get_ladder(self, program):
        """The rules of a programme as arrays."""
        import numpy as np

        from ..scoring.periods import Period
        from ..scoring.standing import Rules

        digits = self._get_digits(program)
        tiers = program.with_context(active_test=False).tier_ids
        tiers = tiers.sorted(lambda tier: (tier.threshold, tier.id))
        active = tiers.filtered("active")
        thresholds = np.array(
            [round(tier.threshold * 10**digits) for tier in active], dtype="int64"
        )
        rules = Rules(
            thresholds,
            Period(program.tier_period, program.tier_months),
            program.tier_grace_days,
            program.tier_downgrade == "one_step",
        )
        levels, position = {}, -1
        for tier in tiers:
            position += tier.active
            levels[tier.id] = position
        return Ladder(rules, active.ids, levels, set((tiers - active).ids))

    @api.model
    def _assess_moved(self, program, company, as_of, partner_ids=None):
        """The same of those only whom time may have moved, or their figures."""
        ladder = self._get_ladder(program)
        ids, totals = self._find_candidates(program, company, as_of, ladder)
        if ids is None:
            return self._assess(program, company, as_of)
        return self._assess(program, company, as_of, ids, totals, time_only=True)

    @api.model
    def _assess(
        self,
        program,
        company,
        as_of,
        partner_ids=None,
        totals=None,
        time_only=False,
    ):
        """Members as they are and as they should be.

        :param totals: what counts of each customer, where it was read already
        :param time_only: see :func:`..scoring.standing.assess`
        :return: :class:`.loyalty_engine_members.Members`
        """
        import numpy as np

        from ..scoring.standing import assess, begin, count_to_keep

        ladder = self._get_ladder(program)
        rules, today = ladder.rules, day_number(as_of)
        stored = self._read_stored(program, company, partner_ids, as_of)
        recent = None
        if totals is None:
            recent, totals = self._read_recent(
                program, company, as_of, ladder, stored, partner_ids
            )
        members = self._read_members(
            program, company, as_of, ladder, stored, totals, partner_ids
        )
        allowed = self._find_allowed(program, company, as_of, ladder, members)
        bought = self._read_purchases(
            program, company, as_of, members, rules, time_only, recent
        )

        def read(rows, first, last):
            return bought.sum(members.partner_id[rows], first, last)

        fresh, _known = members.split()
        joined, counted = members.joined, members.counted
        standing, why = assess(
            members.standing,
            rules,
            today,
            joined,
            counted,
            read,
            allowed,
            time_only,
        )
        if len(fresh):
            first, causes = begin(
                rules,
                today,
                joined[fresh],
                counted[fresh],
                bought,
                members.partner_id[fresh],
                None if allowed is None else allowed[fresh],
            )
            why[fresh] = causes
            for name, values in vars(first).items():
                getattr(standing, name)[fresh] = values
        keep = count_to_keep(standing, rules, today, read)
        if time_only:
            # of who stands as before, it did not change and was not read
            same = standing.until == members.standing.until
            same &= (standing.level == members.standing.level) & ~members.is_new
            keep = np.where(same, members.stored["keep_missing"], keep)
        members.set_result(standing, why, keep, ladder, today)
        return members


def _at_once(function, _done, _total):
    return function()
