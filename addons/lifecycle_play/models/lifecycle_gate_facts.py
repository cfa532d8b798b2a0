"""What the gate knows of contacts, read in a few queries."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize_all

from ..scoring.quiet import choose_zone, get_allowed_at

# Bounces after which an address counts as one that does not work; Odoo sets the number
# back when something comes from there.
_BOUNCES = 5
# What Odoo calls normalized need not have a domain of the internet.
_DELIVERABLE = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True)
class GateFact:
    """What the gate knows of one contact."""

    id: int
    customer_id: int
    active: bool
    own: bool  # of a company of this database, or an internal user
    given: bool  # there is an address, whether it works or not
    addresses: tuple  # that can work, normalized
    tz: str | None
    country: str | None  # code
    email: str | None = None  # normalized, whatever the channel

    @property
    def address(self):
        return self.addresses[0] if self.addresses else None


class LifecycleGate(models.AbstractModel):
    _inherit = "lifecycle.gate"

    @api.model
    def _read_facts(self, partner_ids, company, channel):
        """``{contact id: GateFact}`` of those that exist."""
        self.env["res.partner"].flush_model()
        self.env["res.users"].flush_model(["partner_id", "active", "share"])
        self.env["res.company"].flush_model(["partner_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT partner.id,
                    coalesce(partner.commercial_partner_id, partner.id),
                    partner.active,
                    EXISTS (
                        SELECT FROM res_company AS own
                        JOIN res_partner AS head ON head.id = own.partner_id
                        WHERE partner.commercial_partner_id IN
                            (head.id, head.commercial_partner_id)
                    ) OR EXISTS (
                        SELECT FROM res_users AS staff
                        WHERE staff.partner_id = partner.id
                            AND staff.active AND NOT staff.share
                    ),
                    partner.email, partner.message_bounce,
                    partner.phone, partner.phone_sanitized,
                    partner.tz, country.code, partner.email_normalized
                FROM res_partner AS partner
                LEFT JOIN res_country AS country ON country.id = partner.country_id
                WHERE partner.id = ANY(%s)""",
                list(partner_ids),
            )
        )
        return {
            row[0]: GateFact(*row[:4], *self._read_address(channel, *row[4:8]), *row[8:])
            for row in rows
        }

    @api.model
    def _read_address(self, channel, email, bounces, phone, sanitized):
        """Whether there is an address, and those that can work."""
        if channel == "sms":
            return bool((phone or "").strip()), (sanitized,) if sanitized else ()
        found = email_normalize_all(email or "")
        good = tuple(address for address in found if _DELIVERABLE.fullmatch(address))
        if (bounces or 0) >= _BOUNCES:
            good = ()
        return bool((email or "").strip()), good

    @api.model
    def _find_contact_reasons(self, facts):
        reasons = {}
        for fact in facts.values():
            if not fact.active:
                reasons[fact.id] = "archived"
            elif fact.own:
                reasons[fact.id] = "internal"
            elif not fact.given:
                reasons[fact.id] = "no_address"
            elif not fact.addresses:
                reasons[fact.id] = "invalid_address"
        return reasons

    @api.model
    def _find_blacklisted(self, facts, channel):
        """A contact with several addresses is held where one is blacklisted."""
        name, column = {
            "mail": ("mail.blacklist", "email"),
            "sms": ("phone.blacklist", "number"),
        }[channel]
        blacklist = self.env[name]
        blacklist.flush_model([column, "active"])
        addresses = {a for fact in facts.values() for a in fact.addresses}
        rows = self.env.execute_query(
            SQL(
                "SELECT %(column)s FROM %(table)s WHERE active AND %(column)s = ANY(%(a)s)",
                column=SQL.identifier(column),
                table=SQL.identifier(blacklist._table),
                a=sorted(addresses),
            )
        )
        listed = {address for (address,) in rows}
        return {
            fact.id: "blacklisted"
            for fact in facts.values()
            if not listed.isdisjoint(fact.addresses)
        }

    @api.model
    def _find_duplicates(self, facts, company, channel, at, key):
        """Who had the same message lately, also at another contact's address."""
        days = company.lifecycle_duplicate_days
        if not key or days <= 0:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, address FROM lifecycle_message
                WHERE company_id = %s AND channel = %s AND template_key = %s
                    AND state = 'sent' AND date > %s
                    AND (partner_id = ANY(%s) OR address = ANY(%s))""",
                company.id,
                channel,
                key,
                at - timedelta(days=days),
                sorted(facts),
                sorted({fact.address for fact in facts.values() if fact.address}),
            )
        )
        partners = {partner_id for partner_id, _address in rows}
        addresses = {address for _partner_id, address in rows if address}
        return {
            fact.id: "duplicate"
            for fact in facts.values()
            if fact.id in partners or fact.address in addresses
        }

    # -- time ----------------------------------------------------------------------

    @api.model
    def _get_allowed_at(self, partners, company, at=None):
        """When a message may go to each contact, by the quiet hours alone.

        :return: ``{contact id: moment in UTC}``; ``at`` where it is not quiet there
        """
        facts = self.sudo()._read_facts(partners.ids, company, "mail")
        at = at or fields.Datetime.now()
        return self._find_allowed_at(facts, company.sudo(), at)

    @api.model
    def _find_allowed_at(self, facts, company, at):
        if not company.lifecycle_quiet:
            return dict.fromkeys(facts, at)
        hours = company.lifecycle_quiet_from, company.lifecycle_quiet_to
        zone = company._get_lifecycle_tz()
        moments, allowed = {}, {}
        for fact in facts.values():
            place = (fact.tz, fact.country)
            if place not in moments:
                there = fact.tz or self._get_country_zone(fact.country, zone, at)
                moments[place] = get_allowed_at(at, there, *hours)
            allowed[fact.id] = moments[place]
        return allowed

    @api.model
    def _get_country_zone(self, code, zone, at):
        names = pytz.country_timezones.get(code, ()) if code else ()
        return choose_zone(names, at, zone)
