"""From transactions to scored customers, as of a day.

The way of the data, set-based from end to end::

    transactions --COPY--> arrays --scoring/--> facts --scorers--> scores
        --diff with the profiles--> changed rows --COPY--> staging --SQL--> stage

:mod:`lifecycle_store` writes the staged rows.  There are three speeds:

* **all**: everybody's purchases are read again.  What is learned from all of them
  (rhythm, scales) is kept on the run.
* **nightly**: facts come back from the profiles, and only the purchases of those are
  read to whom something happened, or from whose window a purchase dropped out.
* **at once**: a few customers, scored by what the last run learned.

And since everything takes a day, the same path answers for a day of the past.

:mod:`lifecycle_engine_read` reads, :mod:`lifecycle_engine_columns` says what is
stored, :mod:`lifecycle_engine_scorers` scores, :mod:`lifecycle_engine_stage` finds
the stages.  To add a score: extend ``_get_score_columns`` and ``_get_scorers``.
"""

from dataclasses import dataclass, field
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..scoring.days import day_number


@dataclass
class ScoringContext:
    """What a scorer is told beside the facts.

    :param as_of: the day the scores stand for
    :param learned: what was learned from all customers, as JSON; a scorer that finds
        nothing of its own there learns it and leaves it there
    :param rhythm: :class:`..scoring.rhythm.RhythmRules` of the company
    :param extras: what the scorers of other addons need, by name; not kept
    """

    company: models.Model
    as_of: date
    learned: dict = field(default_factory=dict)
    rhythm: object = None
    extras: dict = field(default_factory=dict)


@dataclass
class Reading:
    """What profiles are computed from.

    :param purchases: :class:`..scoring.purchases.Purchases` as known on ``as_of``
    :param contacts: customers who asked and the days, two arrays
    :param lasting: purchases are only those that looked the same on earlier days; the
        others are read for each day
    """

    as_of: date
    purchases: object
    contacts: tuple
    lasting: bool = False

    def take_purchases(self):
        """The purchases, which are not kept here: who computes frees them soon."""
        purchases, self.purchases = self.purchases, None
        return purchases


class LifecycleEngine(models.AbstractModel):
    _name = "lifecycle.engine"
    _description = "Lifecycle Engine"

    # -- a day, for whoever wants to know ---------------------------------------

    @api.model
    def _stage_company(self, company, as_of=None, history=None, rows_only=False):
        """Fill the staging table with every profile as it should be on a day.

        Nothing else changes: it can be asked of any day.

        :param as_of: a day in the time zone of the company, default today
        :param history: from :meth:`_read_history`, where several days are asked for
        :param rows_only: send the numbers, and leave the table to who needs it:
            ``_select_staged`` or ``_fill_from_numbers``
        :return: the :class:`ScoringContext` that was used
        """
        engine = self.with_company(company)
        as_of = as_of or company._get_lifecycle_today()
        engine._flush_sources()
        reading = history or engine._read_all(company, as_of)
        facts, context = engine._score_reading(company, as_of, reading)
        engine._send_numbers(company, facts)
        if not rows_only:
            engine._fill_from_numbers(company, as_of)
        return context

    @api.model
    def _read_history(self, company, until):
        """What all days up to one are computed from, for :meth:`_stage_company`."""
        engine = self.with_company(company)
        engine._flush_sources()

        def read(cr):
            purchases, contacts = engine._read_customers(
                company, until, cr=cr, lasting=True
            )
            return Reading(until, purchases, contacts, lasting=True)

        return engine._read_from(company, read)

    # -- recompute ---------------------------------------------------------------

    @api.model
    def _recompute_company(self, company, run, as_of=None, work=None):
        """Bring the profiles of a company to where they stand on a day.

        :param run: the ``lifecycle.run`` that asks; what it learned is kept there
        :param as_of: a day in the time zone of the company, default today
        :param work: called with (function, customers done, customers to do) for each
            batch; calls the function and may commit.  Default: all in one go
        :return: figures of the run, as values of ``lifecycle.run``
        """
        engine = self.with_company(company)
        as_of = as_of or company._get_lifecycle_today()
        work = work or _at_once
        last = run._get_last_done(company)
        partial = run._is_partial(last, as_of)
        news, facts, changes, context = work(
            lambda: engine._prepare(company, as_of, last if partial else None), 0, 0
        )
        figures = engine.env["lifecycle.store"]._write_profiles(
            company, as_of, run, facts, changes, work
        )
        self.env["lifecycle.dirty"]._forget_news(news)
        return {
            **figures,
            "learned": context.learned,
            "partial": partial,
            "gap_days": context.rhythm.gap_days,
            "lapse_days": context.rhythm.lapse_days,
        }

    @api.model
    def _prepare(self, company, as_of, last=None):
        """Read and score everybody, write nothing.

        :param last: the run whose facts hold but for the news, None: read all
        :return: (news that is in it, DataFrame of all,
            :class:`..scoring.changes.Changes` of it, context)
        """
        self._flush_sources()
        news = self.env["lifecycle.dirty"]._read_news(company)
        if last:
            return news, *self._score_news(company, as_of, last, news)
        reading = self._read_all(company, as_of)
        facts, context = self._score_reading(company, as_of, reading)
        changes = self._compare_profiles(company, facts, self._get_columns())
        return news, facts, changes, context

    @api.model
    def _refresh_customers(self, company, news):
        """Bring a few customers to where they stand now, by what is known already.

        :param news: from ``lifecycle.dirty._read_news``
        :return: figures, as values of ``lifecycle.run``
        """
        engine = self.with_company(company)
        engine._flush_sources()
        runs = self.env["lifecycle.run"].sudo()  # what was learned is no secret here
        last = runs._get_last_done(company)
        as_of = company._get_lifecycle_today()
        partner_ids = news.partner_ids
        reading = engine._read_all(company, as_of, partner_ids)
        facts, _context = engine._score_reading(company, as_of, reading, last.learned)
        old = engine._read_profiles(company, {}, partner_ids)
        return engine.env["lifecycle.store"]._write_few(
            company, as_of, runs.browse(), facts, old
        )

    # -- parts ---------------------------------------------------------------------

    @api.model
    def _read_all(self, company, as_of, partner_ids=None):
        """Purchases and contacts up to a day."""

        def read(cr):
            return Reading(
                as_of, *self._read_customers(company, as_of, partner_ids, cr)
            )

        return self._read_from(company, read, partner_ids)

    @api.model
    def _score_reading(self, company, as_of, reading, learned=None):
        """Facts and scores as of a day: (DataFrame, context)."""
        customers, days = reading.contacts
        if reading.lasting:
            last_day = day_number(as_of)
            others = self._read_purchases(company, as_of, known=reading.as_of)
            purchases = reading.purchases.until(last_day).merge(others)
            known = days <= last_day
            customers, days = customers[known], days[known]
        else:
            purchases = reading.take_purchases()
        context = self._create_context(company, as_of, learned)
        if context.rhythm is None:
            self._learn_rhythm(purchases, context)
        facts = self._build_facts(purchases, customers, days, context)
        del purchases  # the scores need the room
        self._score(facts, context)
        return facts, context

    @api.model
    def _score_news(self, company, as_of, last, news):
        """Facts and scores where only some customers have news.

        :return: (DataFrame of all, :class:`..scoring.changes.Changes` of it, context)
        """
        import numpy as np
        import pandas as pd

        context = self._create_context(company, as_of, self._get_lasting(last))
        columns = {
            name: column
            for name, column in self._get_columns().items()
            if not column.follows
        }
        old = self._read_profiles(company, columns)
        changed = np.union1d(
            news.partner_ids, self._read_passed(company, last.as_of, as_of)
        ).tolist()
        reading = self._read_all(company, as_of, changed)
        fresh = self._build_facts(reading.purchases, *reading.contacts, context)
        kept = old[["partner_id", *self._get_fact_columns()]]
        kept = kept[~np.isin(kept["partner_id"], changed)]
        facts = pd.concat([kept, fresh], ignore_index=True)
        facts = facts.sort_values("partner_id", ignore_index=True)
        self._score(facts, context)
        changes = self._create_changes(facts, columns)
        changes.compare(old)
        return facts, changes, context

    @api.model
    def _read_passed(self, company, last_day, as_of):
        """Customers with a purchase that the days since the last run bring in or out.

        In: dated ahead, and now reached.  Out: it left a window.
        """
        import numpy as np

        transactions = self.env["lifecycle.transaction"]
        found = []
        for months in (0, *sorted(self._get_windows(company))):
            window = relativedelta(months=months)
            begin, end = last_day - window, as_of - window
            if begin < end:
                since = begin + relativedelta(days=1)
                scope = transactions._get_scope(company, end, since=since)
                found.append(self._read_contacts_of(company, scope))
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    @api.model
    def _get_windows(self, company):
        """Lengths in months of the windows, up to today, that facts are counted in."""
        return {company.lifecycle_rfm_months}

    @api.model
    def _build_facts(self, purchases, customers, days, context):
        from ..scoring.facts import build_facts

        window = context.as_of - relativedelta(
            months=context.company.lifecycle_rfm_months
        )
        return build_facts(
            purchases,
            customers,
            days,
            day_number(window),
            context.rhythm,
            context.company.currency_id.decimal_places,
        )

    @api.model
    def _score(self, facts, context):
        for scorer in self._get_scorers():
            scorer(facts, context)

    @api.model
    def _flush_sources(self):
        """What waits in the cache must be in the database before it is read."""
        self.env.flush_all()
        self.env["lifecycle.dirty"]._write_marks()


def _at_once(function, _done, _total):
    return function()
