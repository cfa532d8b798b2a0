"""On the privacy page: what one wants to get, and why one got what one got."""

from odoo import fields
from odoo.http import request, route

from odoo.addons.lifecycle_crm.controllers.portal import LifecyclePrivacyPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_PAGE = 20


class LifecycleMessagesPortal(LifecyclePrivacyPortal):
    def _get_privacy_companies(self):
        """The user's own company, and those that wrote to the user.

        ``sudo``: the domain is made of the user's own contact.
        """
        messages = request.env["lifecycle.message"].sudo()
        groups = messages._read_group(self._get_messages_domain(), ["company_id"])
        wrote = request.env["res.company"].sudo()
        wrote = wrote.union(*(company for (company,) in groups))
        return (request.env.company.sudo() | wrote).sorted("id")

    def _get_messages_domain(self):
        """Messages that the user got; those of colleagues are their own."""
        return [
            ("partner_id", "=", request.env.user.partner_id.id),
            ("state", "=", "sent"),
            # in quiet hours it waits still
            ("date", "<=", fields.Datetime.now()),
        ]

    def _prepare_privacy_values(self, page=1, **kw):
        values = super()._prepare_privacy_values(**kw)
        partner = request.env.user.partner_id
        companies = self._get_privacy_companies()
        # the user's own words and messages, by the domain
        consents = request.env["lifecycle.consent"].sudo()
        current = consents._get_current(partner.ids, companies.ids)
        messages = request.env["lifecycle.message"].sudo()
        domain = self._get_messages_domain()
        page = int(page) if str(page).isdecimal() else 1
        pager = portal_pager(
            url="/my/privacy",
            total=messages.search_count(domain),
            page=page,
            step=_PAGE,
        )
        shown = messages.search(domain, limit=_PAGE, offset=pager["offset"])
        return {
            **values,
            "consents": [
                {
                    "company": company,
                    "state": current.get((partner.id, company.id), {}).get("state"),
                    "only_in": company.lifecycle_consent_policy == "opt_in",
                }
                for company in companies
            ],
            "messages": shown._get_customer_words(),
            "pager": pager,
            "default_url": "/my/privacy",
        }

    @route()
    def portal_my_privacy(self, said=None, page=1, **kw):
        return super().portal_my_privacy(said=said, page=page, **kw)

    @route(
        "/my/privacy/page/<int:page>",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_my_privacy_page(self, page=1, **_kw):
        return self.portal_my_privacy(page=page)

    @route(
        "/my/privacy/consent",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_consent(self, company_id=None, state=None, **_kw):
        companies = self._get_privacy_companies()
        company = companies.filtered(lambda own: str(own.id) == str(company_id))
        if not company or state not in ("opted_in", "opted_out"):
            return request.redirect("/my/privacy")
        consents = request.env["lifecycle.consent"].sudo()  # of the user's own contact
        consents._say(request.env.user.partner_id, company, state, "portal")
        return request.redirect(f"/my/privacy?said={state}#messages")
