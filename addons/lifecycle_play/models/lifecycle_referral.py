"""Customers who recommend the company, and what came of it."""

import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Without what is mistaken for something else: 0 and O, 1, I and L.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8


class LifecycleReferral(models.Model):
    """The personal link and code of one customer.

    A lead made through the link, or with the code on it, names who recommended.  Once
    the first order of the new customer is paid, both are rewarded.
    """

    _name = "lifecycle.referral"
    _description = "Referral Code"
    _order = "id desc"
    _rec_names_search = ["code", "partner_id.name"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Who recommends. Its contacts share the code.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        help="Whoever comes with it was recommended by this customer.",
    )
    link = fields.Char(
        compute="_compute_link",
        help="Page on which somebody who was recommended leaves name and email.",
    )
    active = fields.Boolean(default=True, help="Off: the link does not work any more.")
    lead_ids = fields.One2many(
        "crm.lead",
        "referral_id",
        string="Leads",
        # else a filter would tell whether there are any to who may see no leads
        groups="sales_team.group_sale_salesman",
    )
    lead_count = fields.Integer(
        string="Recommended", compute="_compute_counts", help="Leads that came by it."
    )
    earned_count = fields.Integer(
        string="Rewarded",
        compute="_compute_counts",
        help="Leads whose first order was paid.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "Every referral code is unique.")
    # not unique: of contacts that are merged, the codes of both go on
    _partner_company_idx = models.Index("(partner_id, company_id)")

    @api.depends("partner_id", "code")
    def _compute_display_name(self):
        for referral in self:
            referral.display_name = (
                f"{referral.partner_id.display_name} ({referral.code})"
            )

    @api.depends("code", "company_id")
    def _compute_link(self):
        for referral in self:
            base = referral.company_id.get_base_url()
            referral.link = f"{base}/lifecycle/refer/{referral.code}"

    @api.depends("lead_ids.referral_state")
    def _compute_counts(self):
        groups = self.env["crm.lead"]._read_group(
            [("referral_id", "in", self.ids)],
            ["referral_id", "referral_state"],
            ["__count"],
        )
        counts = {(referral.id, state): count for referral, state, count in groups}
        for referral in self:
            found = {
                state: n for (rid, state), n in counts.items() if rid == referral.id
            }
            referral.lead_count = sum(found.values())
            referral.earned_count = found.get("earned", 0)

    @api.model
    def _get_for(self, partners, company):
        """The referrals of customers, made where there is none: ``{customer: it}``.

        Of several, which a merge of contacts leaves, the first.

        :param partners: contacts; their customers count
        """
        customers = partners.commercial_partner_id
        # a code says nothing of the customer, whoever writes to them
        referrals = self.sudo().with_context(active_test=False)
        found = referrals.search(
            [("partner_id", "in", customers.ids), ("company_id", "=", company.id)],
            order="active DESC, id",
        )
        missing = customers - found.partner_id
        found |= referrals.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "code": self._generate_code(),
                }
                for partner in missing
            ]
        )
        # the first one wins
        return {referral.partner_id: referral for referral in reversed(found)}

    @api.model
    def _generate_code(self):
        return "".join(secrets.choice(_ALPHABET) for _position in range(_LENGTH))

    @api.model
    def _find(self, code):
        """The referral of a code as somebody typed it, as superuser; or empty."""
        # the code is the key: whoever knows it may come with it
        return self.sudo().search(
            [("code", "=", (code or "").strip().upper())], limit=1
        )

    def _is_own(self, partner, addresses, phones):
        """Whether somebody is the customer who recommends, or one of its contacts.

        :param partner: contact of the lead, or empty
        :param addresses: normalized email addresses
        :param phones: sanitized numbers
        """
        self.ensure_one()
        # only whether they are the same
        contacts = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("commercial_partner_id", "=", self.partner_id.id)])
        )
        return bool(
            partner.commercial_partner_id == self.partner_id
            or set(contacts.mapped("email_normalized")) - {False} & set(addresses)
            or set(contacts.mapped("phone_sanitized")) - {False} & set(phones)
        )

    # -- rewards -----------------------------------------------------------------

    @api.model
    def _cron_settle(self):
        """Reward those whose new customers have paid their first order."""
        # the scheduled action stands for all companies
        leads = self.env["crm.lead"].sudo()
        open_leads = leads.search([("referral_state", "=", "open")])
        companies = open_leads.referral_id.company_id
        companies._lifecycle_do_each(self._settle, "Referrals")

    @api.model
    def _settle(self, company):
        """Reward or refuse the open referrals of a company, each once.

        Of several leads of one new customer the first counts.

        :return: the leads that were rewarded
        """
        self.env.flush_all()
        scope = self.env["lifecycle.transaction"]._get_scope(company)
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id, p.first_order_date < %(created)s, EXISTS (
                    SELECT FROM crm_lead other
                    JOIN lifecycle_referral known ON known.id = other.referral_id
                    JOIN res_partner own ON own.id = other.partner_id
                    WHERE own.commercial_partner_id = contact.commercial_partner_id
                    AND known.company_id = r.company_id AND other.id <> l.id
                    AND (other.referral_state = 'earned'
                        OR (other.referral_state = 'open' AND other.id < l.id)))
                FROM crm_lead l
                JOIN lifecycle_referral r ON r.id = l.referral_id
                JOIN res_partner contact ON contact.id = l.partner_id
                LEFT JOIN lifecycle_profile p
                    ON p.partner_id = contact.commercial_partner_id
                    AND p.company_id = r.company_id
                WHERE r.company_id = %(company)s AND l.referral_state = 'open'
                    AND (p.first_order_date < %(created)s OR EXISTS (
                        SELECT FROM account_move m
                        WHERE m.commercial_partner_id = contact.commercial_partner_id
                        AND m.company_id = %(company)s AND m.state = 'posted'
                        AND m.move_type = 'out_invoice' AND m.amount_untaxed > 0
                        AND m.payment_state IN ('paid', 'in_payment')
                        AND m.invoice_date >= %(created)s))
                ORDER BY l.id FOR UPDATE OF l SKIP LOCKED""",
                company=company.id,
                created=scope.local_day(SQL("l.create_date")),
            )
        )
        leads = self.env["crm.lead"].sudo().with_company(company)
        known = leads.browse(row[0] for row in rows if row[1])
        again = leads.browse(row[0] for row in rows if row[2]) - known
        earned = leads.browse(row[0] for row in rows) - known - again
        (known | again).write({"referral_state": "refused"})
        for lead in known:
            lead.message_post(
                body=self.env._("No reward for the referral: was a customer before.")
            )
        for lead in again:
            lead.message_post(
                body=self.env._("No reward for the referral: another lead was first.")
            )
        earned.write({"referral_state": "earned", "referral_date": fields.Date.today()})
        earned._reward_referral()
        return earned

    @api.constrains("partner_id")
    def _check_customer(self):
        for referral in self:
            if referral.partner_id != referral.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Customer: %s is a contact of a customer. Choose the customer.",
                        referral.partner_id.display_name,
                    )
                )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_lifecycle_referral_link(self):
        """Personal link to recommend the current company, for templates."""
        self.ensure_one()
        referrals = self.env["lifecycle.referral"]._get_for(self, self.env.company)
        return referrals[self.commercial_partner_id].link
