from odoo import Command

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


class HelpdeskCase(LifecycleCase):
    """Agents, a team, and customers with scores who write tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "email": "help@example.com",
                "lifecycle_quiet": False,
                "lifecycle_message_cap": 0,
                "lifecycle_duplicate_days": 0,
            }
        )
        cls.agent = cls._user("agent", "helpdesk_mgmt.group_helpdesk_user")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Care",
                "company_id": cls.company.id,
                "user_ids": [Command.set(cls.agent.ids)],
            }
        )
        cls.rules = cls.env["lifecycle.ticket.rule"]
        cls.new, cls.progress, cls.done = (
            cls.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")
            for name in ("new", "in_progress", "done")
        )
        cls.customer = cls._partner(
            "Customer", email="customer@example.com", is_company=True
        )

    @classmethod
    def _user(cls, login, *groups, company=None):
        company = company or cls.company
        return cls.env["res.users"].create(
            {
                "name": f"{login.title()} User",
                "login": f"hd_{login}",
                "password": f"hd_{login}",
                "email": f"{login}@company.example.com",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.set(
                        [cls.env.ref(g).id for g in (groups or ("base.group_user",))]
                    )
                ],
            }
        )

    @classmethod
    def _score(cls, partner, stage="loyal", company=None, **values):
        """What the engine would have found out about a customer."""
        return cls.env["lifecycle.profile"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                "stage_id": cls.env.ref(f"lifecycle_crm.stage_{stage}").id,
                "segment_id": cls.env.ref("lifecycle_crm.segment_loyal").id,
                "clv_historic": 1000,
                "order_count": 4,
                "rfm_code": "545",
                "rfm_monetary": 5,
                **values,
            }
        )

    @classmethod
    def _ticket(cls, partner=None, company=None, **values):
        partner = cls.customer if partner is None else partner
        company = company or cls.company
        return (
            cls.env["helpdesk.ticket"]
            .with_company(company)
            .create(
                {
                    "name": "Torn bag",
                    "description": "<p>It is torn.</p>",
                    "partner_id": partner.id,
                    "company_id": company.id,
                    **values,
                }
            )
        )

    @classmethod
    def _rule(cls, **values):
        return cls.rules.create(
            {"name": "Rule", "company_id": cls.company.id, **values}
        )

    def _as(self, user, model="helpdesk.ticket"):
        """A model as a request of a user sees it."""
        env = self.env(
            user=user, su=False, context={"allowed_company_ids": user.company_id.ids}
        )
        env.flush_all()
        env.invalidate_all()
        return env[model]

    def _answer(self, ticket, user=None, **values):
        """An agent writes to the customer."""
        user = user or self.agent
        return ticket.with_user(user).message_post(
            body="We look into it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )
