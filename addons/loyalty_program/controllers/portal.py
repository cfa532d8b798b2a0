"""“My Club”: what a member has, until when, and why."""

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class LoyaltyClubPortal(CustomerPortal):
    def _get_club_cards(self):
        """Cards that the user may see.

        ``sudo``: members have no rights on cards; the domain is built from the user's
        own contact alone, nothing in it comes from the request.
        """
        cards = request.env["loyalty.card"].sudo()
        domain = cards._get_club_domain(request.env.user.partner_id)
        return cards.search(domain, order="program_id, id")

    def _get_club_memberships(self):
        """Memberships of the user's own customer; ``sudo`` as above."""
        members = request.env["loyalty.membership"].sudo()
        return members.search(
            [
                (
                    "partner_id",
                    "=",
                    request.env.user.partner_id.commercial_partner_id.id,
                ),
                ("program_id.active", "=", True),
            ],
            order="program_id, company_id, id",
        )

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "club_count" in counters:
            values["club_count"] = len(self._get_club_cards().program_id) or len(
                self._get_club_memberships().filtered("tier_id")
            )
        return values

    @route(
        ["/my/club", "/my/club/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_club(self, page=1, **_kw):
        cards = self._get_club_cards()
        ledger = request.env["loyalty.ledger"].sudo()  # of the user's own cards
        # what moved no points is for the bookkeeper
        domain = [("card_id", "in", cards.ids), ("points", "!=", 0)]
        pager = portal_pager(
            url="/my/club",
            total=ledger.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        entries = ledger.search(
            domain, limit=self._items_per_page, offset=pager["offset"]
        )
        memberships = self._get_club_memberships().filtered(
            lambda member: member.tier_id or member.next_tier_id
        )
        return request.render(
            "loyalty_program.portal_my_club",
            {
                "page_name": "club",
                "cards": cards,
                "memberships": memberships,
                "entries": entries,
                "kinds": dict(
                    ledger._fields["kind"]._description_selection(request.env)
                ),
                "pager": pager,
                "default_url": "/my/club",
            },
        )
