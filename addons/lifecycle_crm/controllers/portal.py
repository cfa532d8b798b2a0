"""“Privacy”: what is computed about a customer, and the switch against it."""

from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

_SAID = ("off", "on")


class LifecyclePrivacyPortal(CustomerPortal):
    """Whose page it is, is never asked of the request: it is the user's own."""

    def _get_privacy_customer(self):
        """The customer that the user is, or is a contact of.

        Nobody for colleagues: the companies of the database are no customers.
        ``sudo``: portal users may not write contacts; this one is their own.
        """
        customer = request.env.user.partner_id.commercial_partner_id.sudo()
        companies = request.env["res.company"].sudo().with_context(active_test=False)
        own = [("partner_id.commercial_partner_id", "=", customer.id)]
        if companies.search_count(own, limit=1):
            return customer.browse()
        return customer

    def _prepare_privacy_values(self, **_kw):
        """What the page shows; addons add their parts."""
        customer = self._get_privacy_customer()
        return {
            "page_name": "privacy",
            "customer": customer,
            "for_company": customer != request.env.user.partner_id,
            "profiling_off": customer.lifecycle_profiling_off,
        }

    @route("/my/privacy", type="http", auth="user", methods=["GET"], website=True)
    def portal_my_privacy(self, said=None, **kw):
        values = {**self._prepare_privacy_values(**kw), "said": said}
        response = request.render("lifecycle_crm.portal_my_privacy", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    @route(
        "/my/privacy/profiling",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_profiling(self, profiling=None, **_kw):
        customer = self._get_privacy_customer()
        if not customer or profiling not in _SAID:
            return request.redirect("/my/privacy")
        off = profiling == "off"
        # pressed twice is said once
        if customer.lifecycle_profiling_off != off:
            customer._lifecycle_set_profiling(
                off,
                request.env._(
                    "%s asked for it on the privacy page", request.env.user.name
                ),
            )
        return request.redirect(f"/my/privacy?said={profiling}")
