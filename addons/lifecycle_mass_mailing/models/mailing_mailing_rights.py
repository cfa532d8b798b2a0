"""Who may choose recipients and fill in texts by what, and who sees such a mailing.

Recipients are found by a scheduled action, with the rights of who chose them; what a
filter asks for is checked when it is saved, too, so that it can be said at once. Texts
are filled in as superuser, so what they ask for is checked when they are saved.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .lifecycle_mailing_text import TEXTS


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    lifecycle_scored = fields.Boolean(
        string="By Scores",
        compute="_compute_lifecycle_scored",
        store=True,
        compute_sudo=True,
        help="The recipients are chosen by what is known of their purchases, or the "
        "text tells it. Only who may see that sees the mailing and whom it reached.",
    )

    @api.depends(
        lambda self: [
            "mailing_domain",
            "mailing_model_id",
            *(name for name in TEXTS if name in self._fields),
        ]
    )
    def _compute_lifecycle_scored(self):
        rules = self.env["lifecycle.mailing.rule"]
        for mailing in self:
            pairs = rules._follow(mailing.mailing_model_real, mailing.mailing_domain)
            mailing.lifecycle_scored = any(
                rules._is_scored(*pair) for pair in pairs
            ) or bool(rules._find_scored(mailing._lifecycle_get_expressions()))

    def _lifecycle_get_expressions(self):
        """Of all placeholders in the texts."""
        self.ensure_one()
        rules = self.env["lifecycle.mailing.rule"]
        return [
            expression
            for name, engine in TEXTS.items()
            if name in self._fields
            for expression in rules._get_expressions(self[name], engine)
        ]

    @api.constrains("mailing_domain", "mailing_model_id", "mailing_filter_id")
    def _check_lifecycle_rights(self):
        # constraints run as superuser, but nobody may ask more than they may read
        for mailing in self.sudo(False):
            mailing._check_lifecycle_fields()

    def _check_lifecycle_fields(self):
        self.ensure_one()
        rules = self.env["lifecycle.mailing.rule"]
        # the filter, whoever may read the mailing
        said = self.sudo()
        rules._check_fields(rules._follow(said.mailing_model_real, said.mailing_domain))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_lifecycle_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_lifecycle_values(vals)
        return super().write(vals)

    def _check_lifecycle_values(self, vals):
        """Say what is refused in words, before the rules of records refuse it."""
        if self.env.su:
            return
        rules = self.env["lifecycle.mailing.rule"]
        for name in vals.keys() & TEXTS.keys():
            rules._check_text(vals[name], TEXTS[name])
        if not {"mailing_domain", "mailing_filter_id"} & vals.keys():
            return
        saved = self.env["mailing.filter"].browse(vals.get("mailing_filter_id") or [])
        models = set(self.sudo().mapped("mailing_model_real"))
        if vals.get("mailing_model_id"):
            # which model it is, is no secret
            model = self.env["ir.model"].sudo().browse(vals["mailing_model_id"])
            models.add(model.model)
        for model in filter(None, models):
            for text in (vals.get("mailing_domain"), saved.mailing_domain):
                rules._check_fields(rules._follow(model, text))

    # -- when it is sent ----------------------------------------------------------

    def _lifecycle_get_author(self):
        """Who chose the recipients; of older mailings, who is responsible for it."""
        self.ensure_one()
        return self.lifecycle_user_id or self.user_id

    def _lifecycle_as_author(self):
        """With the rights of who chose the recipients, in the company that writes."""
        self.ensure_one()
        company = self.lifecycle_company_id
        mailing = self.with_context(allowed_company_ids=company.ids)
        return mailing.with_user(self._lifecycle_get_author())

    def _lifecycle_find_objection(self):
        """Why it must not go to whom was chosen, in words, or None."""
        self.ensure_one()
        author = self._lifecycle_get_author()
        if author._is_superuser():  # no user's choice: what Odoo itself wrote
            return None
        if not author.active:  # or nobody
            return self.env._("who chose the recipients is no user any more.")
        if self.lifecycle_company_id not in author.company_ids:
            return self.env._("who chose the recipients left the company.")
        try:
            asked = self._lifecycle_as_author()
            asked.check_access("read")
            asked._check_lifecycle_fields()
        except AccessError as error:
            return str(error)
        return None

    def _action_send_mail(self, res_ids=None):
        """Placeholders of scores are those of the company that writes."""
        for mailing in self:
            sent = mailing
            if mailing.lifecycle_scored:
                company = mailing.lifecycle_company_id
                sent = mailing.with_context(allowed_company_ids=company.ids)
            super(MailingMailing, sent)._action_send_mail(res_ids)
        return True

    @api.model
    def _process_mass_mailing_queue(self):
        waiting = self.search(
            [("state", "in", ("in_queue", "sending")), ("lifecycle_scored", "=", True)]
        )
        for mailing in waiting:
            if problem := mailing._lifecycle_find_objection():
                # one that cannot be sent must not keep the others
                mailing.action_cancel()
                mailing.message_post(
                    body=self.env._(
                        "Not sent: %s\nChoose the recipients again, and send it.",
                        problem,
                    )
                )
        return super()._process_mass_mailing_queue()
