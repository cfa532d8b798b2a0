from odoo import http
from odoo.exceptions import ValidationError
from odoo.http import request
from odoo.tools import email_normalize, plaintext2html

_LIMITS = {"name": 100, "email": 200, "phone": 50, "message": 2000}


class Referral(http.Controller):
    """The page of a personal link: who was recommended leaves name and email."""

    @http.route(
        "/lifecycle/refer/<string:code>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def refer(self, code, **post):
        referral = request.env["lifecycle.referral"]._find(code)
        if not referral:
            return request.not_found()
        values = {
            name: (post.get(name) or "").strip()[:limit]
            for name, limit in _LIMITS.items()
        }
        error, done = None, False
        # a field that people do not see: who fills it in is no person
        if request.httprequest.method == "POST" and not post.get("website_url"):
            error = self._find_error(values)
            if not error:
                try:
                    with request.env.cr.savepoint():
                        self._create_lead(referral, values)
                    done = True
                except ValidationError:
                    error = request.env._("You cannot recommend us to yourself.")
        return request.render(
            "lifecycle_play.referral_page",
            {
                "company": referral.company_id,
                "values": values,
                "error": error,
                "done": done,
            },
        )

    def _find_error(self, values):
        if not values["name"]:
            return request.env._("Name: please tell us your name.")
        if not email_normalize(values["email"]):
            return request.env._("Email: this is not a valid address.")
        return None

    def _create_lead(self, referral, values):
        """A lead of the company; once for each address."""
        company = referral.company_id
        # a visitor may leave this, and see nothing
        leads = request.env["crm.lead"].sudo().with_company(company)
        email = email_normalize(values["email"])
        if leads.search_count(
            [("referral_id", "=", referral.id), ("email_normalized", "=", email)],
            limit=1,
        ):
            return
        user = referral.partner_id.user_id
        if not user.active or company not in user.company_ids:
            user = user.browse()
        # in the language of the company, not of the visitor
        texts = leads.with_context(lang=company.partner_id.lang or "en_US").env
        leads.create(
            {
                "name": texts._("Recommended: %s", values["name"]),
                "type": "lead",
                "contact_name": values["name"],
                "email_from": values["email"],
                "phone": values["phone"] or False,
                # what somebody typed is text, whatever it looks like
                "description": plaintext2html(values["message"])
                if values["message"]
                else False,
                "company_id": company.id,
                "user_id": user.id,
                "referral_id": referral.id,
            }
        )
