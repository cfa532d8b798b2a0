from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS

# What of the profile each filter takes.
_KEYS = {"profile_domain": "id", "partner_domain": "partner_id"}


class LifecycleAudience(models.Model):
    """A named group of customers of a company: filters over profile and contact.

    Others ask :meth:`_get_domain` for its customers; it is safe to ask as superuser.
    """

    _name = "lifecycle.audience"
    _inherit = "lifecycle.domain.mixin"
    _description = "Audience"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The company whose customers are in it.",
    )
    description = fields.Text(
        translate=True,
        help="Who these customers are, what they want, how to speak to them.",
    )
    profile_domain = fields.Char(
        string="Customers",
        default="[]",
        help="Which customers are in it, by what is known of their purchases: stage, "
        "segment, value, days since the last order. Dates can be relative, such as "
        "“today -30d”.",
    )
    partner_domain = fields.Char(
        string="Contacts",
        default="[]",
        help="Which of them, by their contact: country, language, tags, salesperson.",
    )
    customer_count = fields.Integer(
        string="In it Now",
        compute="_compute_customer_count",
        help="Customers who match now and whom you may see.",
    )
    tag_id = fields.Many2one(
        "res.partner.category",
        string="Kept as Tag",
        ondelete="restrict",
        copy=False,
        help="Who is in the audience carries this tag, nobody else does: it is put on "
        "and taken off by itself, every night and after each recompute. Everybody who "
        "sees a contact sees its tags, in every company.",
    )
    tag_date = fields.Datetime(
        string="Tagged on",
        readonly=True,
        copy=False,
        help="When the tag was last kept.",
    )

    _tag_uniq = models.Constraint(
        "UNIQUE(tag_id)",
        "Another audience keeps this tag: each needs one of its own.",
    )

    @api.depends("profile_domain", "partner_domain", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_count(self):
        # with the rights of who looks
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        for audience in self:
            try:
                # one that cannot be asked any more must not close the list
                with self.env.cr.savepoint():
                    domain = audience._get_domain(profiles)
                    audience.customer_count = profiles.search_count(domain)
            except REFUSALS:
                audience.customer_count = 0

    # -- the customers in it -------------------------------------------------------

    def _get_domain(self, profiles=None):
        """The customers in it, as a domain over ``lifecycle.profile``.

        Of the company of the audience only, whatever it says and whoever asks.
        Archived contacts are in it only where it asks for them: search with
        ``active_test=False``.

        :param profiles: empty profiles with the rights to ask with; superuser's by
            default: it was checked with the rights of who saved it
        :raises ValidationError: in words, where it cannot be used
        """
        self.ensure_one()
        company = self.company_id
        # what is in it, not what may be seen
        profiles = (
            self.env["lifecycle.profile"].sudo() if profiles is None else profiles
        )
        # the fields of a contact are those of the current company
        profiles = profiles.with_company(company)
        domain = Domain("company_id", "=", company.id)
        for name, model in self._get_filters(profiles).items():
            query = self._get_query(name, model)
            if query is not None:
                domain &= Domain(_KEYS[name], "in", query)
        if not self._asks_for_archived():
            domain &= Domain("partner_id.active", "=", True)
        return domain

    def _get_filters(self, profiles):
        """Filters of the audience and the model that each is over."""
        return {
            "profile_domain": profiles,
            "partner_domain": profiles.env["res.partner"],
        }

    def _get_query(self, name, model):
        """What a filter takes, None where there is none."""
        try:
            domain = self._parse_text(self[name])
            if domain is None:
                return None
            return model._search(self._resolve(domain, model), active_test=False)
        except REFUSALS as error:
            raise self._get_filter_error(name, error, model) from error

    def _resolve(self, domain, model):
        company = self.company_id
        as_of = company._get_lifecycle_today()
        return self._resolve_domain(domain, model, as_of, company)

    def _asks_for_archived(self):
        text = f"{self.profile_domain or ''} {self.partner_domain or ''}"
        return "'active'" in text or '"active"' in text or ".active" in text

    @api.constrains("profile_domain", "partner_domain", "company_id")
    def _check_filters(self):
        # constraints run as superuser, but nobody may ask more than they may read
        profiles = self.env["lifecycle.profile"].sudo(False)
        for audience in self:
            asked = profiles.with_company(audience.company_id)
            asked.env.company.check_access("read")  # nor of a company out of reach
            for name, model in audience._get_filters(asked).items():
                query = audience._get_query(name, model)
                if query is None:
                    continue
                try:
                    # some of what is wrong shows only when it is asked
                    with self.env.cr.savepoint():
                        query.limit = 1
                        self.env.execute_query(query.select())
                except REFUSALS as error:
                    raise audience._get_filter_error(name, error, model) from error

    def _get_filter_error(self, name, error, model):
        """What is wrong with a filter, in words that say where and how to mend it."""
        error, condition = self._find_culprit(name, model) or (error, None)
        return ValidationError(
            self.env._(
                "Audience “%(audience)s”, %(field)s: %(reason)s\n"
                "Open the filter, mend or remove that condition and save again. "
                "It was: %(text)s",
                audience=self.name,
                field=self._fields[name]._description_string(self.env),
                reason=self._explain_where(error, condition, model._name),
                text=(self[name] or "")[:500],
            )
        )

    def _find_culprit(self, name, model):
        """The first condition that cannot be asked alone: (error, condition)."""
        try:
            conditions = list(self._parse_text(self[name]).iter_conditions())
        except REFUSALS:
            return None
        for condition in conditions[:50]:
            try:
                with self.env.cr.savepoint():
                    model.search(self._resolve(condition, model), limit=1)
            except REFUSALS as error:
                return error, condition
        return None

    # -- actions -------------------------------------------------------------------

    def action_preview(self):
        """Its customers, in the list of customers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_profile"
        )
        self._get_domain()  # in words, where it cannot be used
        archived = {"active_test": False} if self._asks_for_archived() else {}
        return {
            **action,
            "display_name": self.name,
            "domain": list(self._get_typed_domain()),
            "context": archived,
        }

    def _get_typed_domain(self):
        """The filters as they were typed: relative dates stay what they are."""
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= self._parse_text(self.profile_domain) or Domain.TRUE
        if contacts := self._parse_text(self.partner_domain):
            domain &= Domain("partner_id", "any", contacts)
        return domain

    def action_add_filter(self):
        """Put the audience among the saved filters of who asks."""
        self.ensure_one()
        filters = self.env["ir.filters"]
        values = {
            "name": self.name,
            "model_id": "lifecycle.profile",
            "user_ids": [self.env.uid],
            "domain": repr(list(self._get_typed_domain())),
            "context": "{}",
            "sort": "[]",
        }
        mine = filters.search(
            [
                ("name", "=", self.name),
                ("model_id", "=", "lifecycle.profile"),
                ("user_ids", "=", self.env.uid),
            ],
            limit=1,
        )
        mine.write(values) if mine else filters.create(values)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "“%s” is among your favourites in the list of customers.",
                    self.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_keep_tag(self):
        """Put the tag on and take it off now."""
        self.check_access("write")
        self._keep_tags()
