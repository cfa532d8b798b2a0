"""What a source of transactions is asked for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytz

from odoo.tools import SQL


@dataclass(frozen=True)
class TransactionScope:
    """What a source is asked for.

    :param company_id: one company; amounts are in its currency
    :param tz: name of the time zone that decides on which day a sale falls
    :param as_of: last day that counts, as a date in ``tz``
    :param since: first day that counts, None for all
    :param partner_ids: commercial partners to restrict to, None for all
    :param share: of the commercial partners about this share, see :func:`is_drawn`;
        None for all
    :param strays: contacts whose own id would be drawn while that of their customer is
        not, or the other way round
    :param known: a later day; only what is ``changeable`` as known on that day is
        asked for, as it looked on ``as_of``.  None for all
    :param asking: who asked is wanted, too, see ``_select_asked``
    :param contacts_only: nothing but ``contact_id`` and ``day`` must be right
    :param amounts_only: nothing but ``contact_id``, ``day``, ``amount`` must be right,
        and rows of no amount may be there
    :param has_credits: the query that this becomes part of has the WITH queries
        ``order_credits`` (of ``_select_order_credits``) and ``order_back``
    """

    company_id: int
    tz: str
    as_of: date
    since: date | None = None
    partner_ids: tuple[int, ...] | None = None
    share: float | None = None
    strays: tuple[int, ...] = ()
    known: date | None = None
    asking: bool = False
    contacts_only: bool = False
    amounts_only: bool = False
    has_credits: bool = False

    @property
    def until(self) -> datetime:
        """First moment (naive UTC) that does not count any more."""
        return self._get_midnight(self.as_of + timedelta(days=1))

    def _get_midnight(self, day: date) -> datetime:
        """First moment (naive UTC) of a day in ``tz``."""
        zone, midnight = pytz.timezone(self.tz), datetime.combine(day, time.min)
        # where clocks change, midnight may come twice, or be left out
        first = zone.normalize(zone.localize(midnight, is_dst=True))
        if first.date() < day:
            first = zone.localize(midnight, is_dst=False)
        return first.astimezone(pytz.utc).replace(tzinfo=None)

    def moment_condition(self, moment: SQL) -> SQL:
        """Condition that a column of naive UTC moments falls on days that count."""
        if self.since is None:
            return SQL("%s < %s", moment, self.until)
        since = self._get_midnight(self.since)
        return SQL("%s < %s AND %s >= %s", moment, self.until, moment, since)

    def day_condition(self, day: SQL) -> SQL:
        """Condition that a column of dates is a day that counts."""
        if self.since is None:
            return SQL("%s <= %s", day, self.as_of)
        return SQL("%s BETWEEN %s AND %s", day, self.since, self.as_of)

    def local_day(self, moment: SQL) -> SQL:
        """The day in ``tz`` of a column that holds naive UTC moments."""
        if self.tz == "UTC":
            return SQL("(%s)::date", moment)
        return SQL("timezone(%s, timezone('UTC', %s))::date", self.tz, moment)

    def changeable_condition(self, document: SQL, documents: SQL) -> SQL:
        """Condition on a column of documents: those that later ones changed.

        :param documents: SELECT of these documents
        """
        if self.known is None:
            return SQL("TRUE")
        return SQL("%s IN (%s)", document, documents)

    def lasting_condition(self) -> SQL:
        """Condition of a source whose rows never look different on a later day."""
        return SQL("TRUE") if self.known is None else SQL("FALSE")

    def contact_condition(self, contact: SQL) -> SQL:
        """Condition on a column of contacts: those of the customers asked for."""
        if self.share is not None:
            # a look at the row itself, and no join: it comes before all that costs more
            drawn = is_drawn(contact, self.share)
            if self.strays:
                drawn = SQL("(%s) <> (%s = ANY(%s))", drawn, contact, [*self.strays])
            return drawn
        if self.partner_ids is None:
            return SQL("TRUE")
        return SQL(
            """%s IN (
                SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))""",
            contact,
            list(self.partner_ids),
        )


def is_drawn(customer: SQL, share: float | None) -> SQL:
    """Condition on a column of commercial partners: about this share of them.

    They are drawn by a hash of their ids: the same ones each time, also when others
    come, and PostgreSQL needs no list of them.

    :param share: 0 to 1, None for all
    """
    if share is None:
        return SQL("TRUE")
    # hashes are spread evenly over all numbers of four bytes
    return SQL("hashint4(%s) < %s", customer, round((share - 0.5) * 2**32))
