from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

CONSENT_STATES = [
    ("opted_in", "Opted in"),
    ("opted_out", "Opted out"),
    ("unknown", "Not asked"),
]


class LifecycleConsent(models.Model):
    """What a contact said about messages of a company; the latest row counts.

    Append-only: how somebody came to be written to, or not, can be shown later.
    It holds for the address as well: who opted out is not written to through another
    contact of the same address.
    """

    _name = "lifecycle.consent"
    _description = "Consent to Messages"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        ondelete="cascade",
        help="Who said so. What a company said holds for its contacts, too, unless "
        "they say otherwise.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
        help="The company whose messages it is about.",
    )
    state = fields.Selection(
        CONSENT_STATES,
        string="Consent",
        required=True,
        default="opted_out",
        help="Opted in: wants messages. Opted out: wants none. Not asked: as if "
        "nothing had been said.",
    )
    no_profiling = fields.Boolean(
        string="Objects to Profiling",
        help="Does not want to be written to because of what was computed about them. "
        "Plays and rules never write to them.",
    )
    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, help="When."
    )
    source = fields.Selection(
        [
            ("page", "Unsubscribe page"),
            ("one_click", "Unsubscribe button of the mail program"),
            ("hand", "By hand"),
            ("import", "Import"),
        ],
        required=True,
        readonly=True,
        default="hand",
        help="How it came in.",
    )
    email = fields.Char(
        readonly=True, help="Address of the contact when it was said, normalized."
    )
    note = fields.Char(help="How the contact said so: by phone, in a letter …")
    user_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        ondelete="set null",
        default=lambda self: self.env.user,
    )
    is_current = fields.Boolean(
        string="In Force",
        compute="_compute_is_current",
        search="_search_is_current",
        help="The latest word of this contact to this company.",
    )

    _partner_company_idx = models.Index("(partner_id, company_id, date DESC, id DESC)")
    _email_company_idx = models.Index("(email, company_id) WHERE email IS NOT NULL")

    @api.depends("partner_id", "company_id", "date")
    def _compute_is_current(self):
        current = self._get_current(self.partner_id.ids, self.company_id.ids)
        ids = {row["id"] for row in current.values()}
        for consent in self:
            consent.is_current = consent.id in ids

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model()
        latest = SQL(
            """(SELECT DISTINCT ON (partner_id, company_id) id FROM lifecycle_consent
            ORDER BY partner_id, company_id, date DESC, id DESC)"""
        )
        return [("id", "in" if True in value else "not in", latest)]

    @api.model
    def _get_current(self, partner_ids, company_ids):
        """The latest word of contacts themselves.

        :return: ``{(contact id, company id): dict of id, state, no_profiling, date}``
        """
        self.flush_model()
        names = ("partner_id", "company_id", "id", "state", "no_profiling", "date")
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (partner_id, company_id) %s
                FROM lifecycle_consent
                WHERE partner_id = ANY(%s) AND company_id = ANY(%s)
                ORDER BY partner_id, company_id, date DESC, id DESC""",
                SQL(", ").join(map(SQL.identifier, names)),
                list(partner_ids),
                list(company_ids),
            )
        )
        return {row[:2]: dict(zip(names[2:], row[2:], strict=True)) for row in rows}

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"].sudo()  # to read the address
        partners = partners.browse([vals.get("partner_id") for vals in vals_list])
        for vals, partner in zip(vals_list, partners, strict=True):
            vals["email"] = email_normalize(partner.email or "", strict=False) or False
            if not self.env.su:
                partner.sudo(False).check_access("read")
                # nobody writes in another one's name
                vals.update(user_id=self.env.uid, date=fields.Datetime.now())
                vals["source"] = (
                    "import" if self.env.context.get("import_file") else "hand"
                )
        consents = super().create(vals_list)
        partners.invalidate_recordset(["lifecycle_consent", "lifecycle_consent_date"])
        consents._log_on_contacts()
        consents._take_back_messages()
        return consents

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "What a contact said stays as it was recorded. Record what they say "
                "now: the latest counts."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What a contact said is kept: it shows why they were written to, or "
                "not. Record what they say now: the latest counts."
            )
        )

    def _log_on_contacts(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        sources = dict(self._fields["source"]._description_selection(self.env))
        bodies = {}
        for consent in self:
            said = {
                "company": consent.company_id.name,
                "state": states[consent.state],
                "way": sources[consent.source],
            }
            if consent.no_profiling:
                text = self.env._(
                    "Messages of %(company)s: %(state)s (%(way)s). "
                    "Objects to profiling.",
                    **said,
                )
            else:
                text = self.env._(
                    "Messages of %(company)s: %(state)s (%(way)s)", **said
                )
            theirs = bodies.setdefault(consent.company_id, {})
            theirs[consent.partner_id.id] = f"{text}\n{consent.note or ''}".strip()
        for company, texts in bodies.items():
            # who may record it, may have it noted on the contact
            contacts = self.env["res.partner"].sudo().browse(texts)
            contacts._lifecycle_log(company, texts)

    def _take_back_messages(self):
        """What waits in the queue does not go any more."""
        messages = self.env["lifecycle.message"].sudo()  # of whoever sent them
        contacts = messages.env["res.partner"].with_context(active_test=False)
        for consent in self:
            if consent.state == "opted_out" or consent.no_profiling:
                reason = "opted_out" if consent.state == "opted_out" else "no_profiling"
                partners = consent.partner_id
                if consent.email:  # it holds for all who have the address
                    partners |= contacts.search(
                        [("email_normalized", "=", consent.email)]
                    )
                messages._cancel_queued(partners, consent.company_id, reason)
