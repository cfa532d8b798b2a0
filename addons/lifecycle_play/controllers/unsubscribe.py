from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools import consteq

_PATH = "/lifecycle/unsubscribe/<int:company_id>/<int:partner_id>/<string:token>"


class Unsubscribe(http.Controller):
    """The page that a customer comes to from a message.

    Looking at it changes nothing: mail scanners open every link.  The signature in the
    address is the only key; with it one can say what one wants to get, nothing else.
    """

    @http.route(
        _PATH,
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def page(self, company_id, partner_id, token, **_kw):
        company, partner = self._read_link(company_id, partner_id, token)
        return self._render(company, partner)

    @http.route(
        _PATH,
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        multilang=False,
        sitemap=False,
        # mail programs send no token of a form; the signature stands for it
        csrf=False,
    )
    def say(self, company_id, partner_id, token, **post):
        company, partner = self._read_link(company_id, partner_id, token)
        if post.get("List-Unsubscribe") == "One-Click":
            self._record(company, partner, "opted_out", "one_click")
            return request.make_response("", [("Content-Type", "text/plain")])
        what = post.get("what")
        if what == "all":
            self._record(self._get_companies(company, partner), partner, "opted_out")
        elif what in ("opted_in", "opted_out"):
            self._record(company, partner, what)
        else:
            what = None  # nothing was said
        return self._render(company, partner, said=what)

    def _read_link(self, company_id, partner_id, token):
        """Company and contact of a link, with the rights of the signature.

        :raises NotFound: for every link that is not signed, or whose contact is gone:
            nobody can find out which
        """
        # the signature says that they may
        company = request.env["res.company"].sudo().browse(company_id)
        partner = request.env["res.partner"].sudo().browse(partner_id)
        if not consteq(partner._get_lifecycle_token(company).encode(), token.encode()):
            raise NotFound()
        if not company.exists() or not partner.exists():
            raise NotFound()
        lang = partner.lang or request.env.lang
        request.update_context(lang=lang)
        return company.with_context(lang=lang), partner.with_context(lang=lang)

    def _record(self, companies, partner, state, source="page"):
        consents = request.env["lifecycle.consent"].sudo()  # see _read_link
        consents._say(partner, companies, state, source, user_id=False)

    def _get_companies(self, company, partner):
        """Companies that wrote to a contact: the only ones that it is told of."""
        messages = request.env["lifecycle.message"].sudo()  # see _read_link
        groups = messages._read_group(
            [("partner_id", "=", partner.id), ("state", "=", "sent")], ["company_id"]
        )
        others = company.browse().union(*(other for (other,) in groups))
        return company | others.with_env(company.env)

    def _render(self, company, partner, said=None):
        companies = self._get_companies(company, partner)
        consents = request.env["lifecycle.consent"].sudo()  # see _read_link
        current = consents._get_current(partner.ids, companies.ids)
        states = {
            other: current.get((partner.id, other.id), {}).get("state")
            for other in companies
        }
        response = request.render(
            "lifecycle_play.unsubscribe_page",
            {
                "company": company,
                "partner": partner,
                "others": companies - company,
                "out": states[company] == "opted_out",
                "all_out": all(state == "opted_out" for state in states.values()),
                "said": said,
                "no_index": True,
            },
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response
