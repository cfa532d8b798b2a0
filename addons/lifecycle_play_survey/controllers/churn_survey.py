from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request
from odoo.tools import consteq


class ChurnSurvey(http.Controller):
    @http.route(
        "/lifecycle/why/<int:company_id>/<int:partner_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def why(self, company_id, partner_id, token, **_kw):
        """To the survey, as the customer to whom the signed link was written.

        The answer sheet is made here and not with the message: most are never opened.
        """
        # the signature says that they may
        company = request.env["res.company"].sudo().browse(company_id)
        partner = request.env["res.partner"].sudo().browse(partner_id)
        if not consteq(
            partner._get_lifecycle_survey_token(company).encode(), token.encode()
        ):
            raise NotFound()
        survey = request.env.ref(
            "lifecycle_play_survey.survey_why", raise_if_not_found=False
        )
        if not (company.exists() and partner.exists() and survey):
            raise NotFound()
        survey = survey.sudo()
        if not survey.active:
            raise NotFound()
        sheets = request.env["survey.user_input"].sudo()
        sheet = sheets.search(
            [
                ("survey_id", "=", survey.id),
                ("partner_id", "=", partner.id),
                ("lifecycle_company_id", "=", company.id),
                ("state", "!=", "done"),
            ],
            limit=1,
        )
        if not sheet:
            sheet = sheets.create(
                {
                    "survey_id": survey.id,
                    "partner_id": partner.id,
                    "email": partner.email,
                    "nickname": partner.name,
                    "lifecycle_company_id": company.id,
                }
            )
        return request.redirect(sheet.get_start_url())
