"""What a salesperson does for a customer with one click."""

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount, format_date
from odoo.tools.misc import split_every

# Records created at once.
_BATCH = 500


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    # -- in words ----------------------------------------------------------------

    def _get_churn_words(self):
        """In one line, why the customer may leave."""
        self.ensure_one()
        if "churn_reason_top" in self._fields and self.churn_reason_top:
            return self.churn_reason_top
        if not self.last_order_date:
            return False
        if self.gap_days:
            return self.env._(
                "%(days)s days since the last order; usual gap %(gap)s days",
                days=self.days_since_order,
                gap=round(self.gap_days),
            )
        return self.env._("%s days since the only order day", self.days_since_order)

    def _get_churn_facts(self):
        """The figures that a call or an opportunity is about: [(label, text)]"""
        self.ensure_one()

        def money(amount):
            return format_amount(self.env, amount, self.currency_id)

        facts = [(self.env._("Why"), self._get_churn_words())]
        if self.churn_method and self.churn_method != "rule" and self.churn_probability:
            facts.append(
                (
                    self.env._("Churn probability"),
                    self.env._("%s %%", round(100 * self.churn_probability)),
                )
            )
        if self.revenue_at_risk:
            facts.append((self.env._("Value at risk"), money(self.revenue_at_risk)))
        if self.clv_expected:
            facts.append((self.env._("Expected value"), money(self.clv_expected)))
        facts += [
            (self.env._("Last order"), format_date(self.env, self.last_order_date)),
            (
                self.env._("So far"),
                self.env._(
                    "%(orders)s orders, %(revenue)s",
                    orders=self.order_count,
                    revenue=money(self.revenue_total),
                ),
            ),
        ]
        return [(label, text) for label, text in facts if text]

    def _get_churn_note(self):
        """The figures as HTML."""
        return Markup("<ul>%s</ul>") % Markup("").join(
            Markup("<li>%s: %s</li>") % fact for fact in self._get_churn_facts()
        )

    # -- who -----------------------------------------------------------------------

    def _check_customers(self):
        """Refuse who may not see the customers, or has chosen nobody who bought."""
        self.check_access("read")
        customers = self.filtered("order_count")
        if not customers:
            raise UserError(
                self.env._(
                    "None of the chosen contacts has bought anything yet: choose "
                    "customers with at least one order."
                )
            )
        if customers.company_id - self.env.companies:
            raise UserError(
                self.env._(
                    "Choose the company of the customer in the company switcher."
                )
            )
        return customers

    @api.model
    def _get_salespersons(self, company, profiles):
        """{customer: the user who is to do it}

        The customer's salesperson, or the acting user where there is none, and where
        the acting user may only see own documents.
        """
        user = self.env.user
        if not self.env.su and not user.has_group(
            "sales_team.group_sale_salesman_all_leads"
        ):
            return dict.fromkeys(profiles.partner_id, user)
        # whose customer somebody is, is no secret to who sees all documents
        found = (
            self.env["churn.save"]
            .sudo()
            ._read_salespersons(company, profiles.partner_id.ids)
        )
        users = self.env["res.users"]
        return {
            partner: users.browse(found.get(partner.id)) or user
            for partner in profiles.partner_id
        }

    def _lock_customers(self):
        """Let nobody else make the same for these customers at the same time.

        Who comes second waits, then fails to serialize, and Odoo tries again: by then
        it sees what the first one made.
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """UPDATE lifecycle_profile SET partner_id = partner_id
                WHERE id = ANY(%s) RETURNING id""",
                sorted(self.ids),
            )
        )

    # -- calls -----------------------------------------------------------------------

    def action_schedule_calls(self):
        return self._check_customers()._schedule_calls()

    def _schedule_calls(self):
        """Plan a call with each customer, unless one is planned already."""
        profiles = self._check_customers()
        profiles._lock_customers()
        created = self.env["mail.activity"]
        planned = self.env["mail.activity"].sudo().browse()
        for company, group in profiles.grouped("company_id").items():
            calls = self._find_calls(company, group.partner_id)
            planned |= calls
            busy = set(calls.mapped("res_id"))
            missing = group.filtered(lambda p, b=busy: p.partner_id.id not in b)
            for batch in split_every(_BATCH, missing.ids, self.browse):
                created |= batch._create_calls(company)
            self._link_calls(company, created.sudo() | planned)
        return self._get_calls_notice(created, planned)

    @api.model
    def _find_calls(self, company, partners):
        """Planned save calls, of whoever."""
        # only whether there is one: a second call would annoy the customer
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "res.partner"),
                    ("res_id", "in", partners.ids),
                    ("churn_company_id", "=", company.id),
                ]
            )
        )

    def _create_calls(self, company):
        users = self._get_salespersons(company, self)
        activity_type = self.env.ref(
            "churn_scoring.activity_type_save_call", raise_if_not_found=False
        ) or self.env.ref("mail.mail_activity_data_call")
        today = company._get_lifecycle_today()
        calls = self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": profile.partner_id.id,
                    "activity_type_id": activity_type.id,
                    # shown to whoever sees the contact: no figures here
                    "summary": self.env._("Call before the customer leaves"),
                    "user_id": users[profile.partner_id].id,
                    "date_deadline": today,
                }
                for profile in self
            ]
        )
        for profile, call in zip(self, calls, strict=True):
            # nobody else may say that it is a save call: it hides the figures from who
            # may not see them, so they come no earlier
            call.sudo().write(
                {"churn_company_id": company.id, "note": profile._get_churn_note()}
            )
        return calls

    @api.model
    def _link_calls(self, company, calls):
        by_partner = {call.res_id: call for call in calls}
        # users see items but do not write them; only the link is set
        items = (
            self.env["churn.save"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", list(by_partner)),
                    ("state", "in", ("todo", "contacted")),
                ]
            )
        )
        for item in items:
            item.activity_id = by_partner[item.partner_id.id]

    def _get_calls_notice(self, created, planned):
        if not created and len(planned) == 1:
            message = self.env._(
                "A call to %(customer)s is planned already: %(user)s, %(day)s.",
                customer=self.display_name,
                user=planned.user_id.name,
                day=format_date(self.env, planned.date_deadline),
            )
        elif len(created) == 1 and not planned:
            message = self.env._(
                "Call to %(customer)s planned: %(user)s, %(day)s.",
                customer=self.display_name,
                user=created.user_id.name,
                day=format_date(self.env, created.date_deadline),
            )
        else:
            message = self.env._(
                "%(new)s calls planned, %(old)s were planned already.",
                new=len(created),
                old=len(planned),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if created else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # -- loss --------------------------------------------------------------------------

    def action_record_loss(self):
        profiles = self._check_customers()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the Loss"),
            "res_model": "churn.loss.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_profile_ids": profiles.ids},
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_churn_profiles(self):
        """Profiles of the customers that contacts belong to, in this company."""
        return self.commercial_partner_id.lifecycle_profile_id

    def action_schedule_calls(self):
        return self._get_churn_profiles()._schedule_calls()

    def action_win_backs(self):
        return self._get_churn_profiles()._open_win_backs()

    def action_record_loss(self):
        return self._get_churn_profiles().action_record_loss()
