"""Tickets of the last four months, some of them waiting, some promises broken."""

from datetime import timedelta
from random import Random

from odoo import Command, fields
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.demo.loader.base import SILENT

COUNT = 64
SUBJECTS = (
    ("Two bags of the last delivery were torn", True),
    ("The invoice shows the old address", False),
    ("The roast is much darker than usual", True),
    ("Can we change the delivery day?", False),
    ("One box is missing", True),
    ("Grinder makes a strange noise", False),
    ("Which tea goes with our breakfast menu?", False),
    ("Delivery came four days late", True),
    ("Please send the invoice again", False),
    ("Still waiting for the credit note", True),
)


def load_tickets(env):
    """Make the tickets, silently; rules decide about them as they do about others."""
    env = env(su=True, context={**env.context, **SILENT, "lang": "en_US"})
    company = env.ref("base.main_company")
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    agent, team = _make_agent(env, company)
    category = env["helpdesk.ticket.category"].create(
        {"name": "Complaint", "lifecycle_complaint": True, "company_id": company.id}
    )
    _make_rules(env, company, team)
    profiles = env["lifecycle.profile"].search(
        [("company_id", "=", company.id), ("order_count", ">", 0)],
        order="clv_historic desc, id",
        limit=COUNT * 3,
    )
    rng = Random("tickets")
    customers = rng.sample(profiles.partner_id.ids, min(COUNT, len(profiles)))
    tickets = env["helpdesk.ticket"].create(
        [
            _get_values(env["res.partner"].browse(customer), number, team, category)
            for number, customer in enumerate(customers)
        ]
    )
    env.flush_all()
    now = fields.Datetime.now()
    urgent = tickets.filtered(
        lambda ticket: ticket.lifecycle_at_risk and ticket.rfm_monetary >= 4
    )[:2]
    for number, ticket in enumerate(tickets):
        _move_back(env, ticket, number, now, rng, agent)
    for hours, ticket in enumerate(urgent, 1):
        _let_wait(env, ticket, now - timedelta(hours=hours))
    env.invalidate_all()
    return tickets


def _make_agent(env, company):
    """A user who does helpdesk and nothing else: agent / agent."""
    agent = env["res.users"].create(
        {
            "name": "Alma Ruiz",
            "login": "agent",
            "password": "agent",
            "email": "alma.ruiz@example.com",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [
                Command.set(
                    [
                        env.ref("base.group_user").id,
                        env.ref("helpdesk_mgmt.group_helpdesk_user").id,
                    ]
                )
            ],
        }
    )
    users = agent | env.ref("base.user_admin")
    team = env["helpdesk.ticket.team"].create(
        {
            "name": "Customer Care",
            "company_id": company.id,
            "user_ids": [Command.set(users.ids)],
        }
    )
    return agent, team


def _make_rules(env, company, team):
    segments = [
        env.ref(f"lifecycle_crm.segment_{name}") for name in ("champions", "loyal")
    ]
    env["lifecycle.ticket.rule"].create(
        [
            {
                "name": "Valuable customers at risk first",
                "sequence": 10,
                "company_id": company.id,
                "at_risk": True,
                "profile_domain": "[('rfm_monetary', '>=', 4)]",
                "priority": "3",
                "answer_hours": 8,
            },
            {
                "name": "Champions and loyal customers",
                "sequence": 20,
                "company_id": company.id,
                "segment_ids": [Command.set([segment.id for segment in segments])],
                "priority": "2",
                "answer_hours": 24,
            },
        ]
    )


def _get_values(partner, number, team, category):
    subject, complaint = SUBJECTS[number % len(SUBJECTS)]
    return {
        "name": subject,
        "description": f"<p>{subject}.</p>",
        "partner_id": partner.id,
        "partner_name": partner.name,
        "partner_email": partner.email,
        "company_id": team.company_id.id,
        "team_id": team.id,
        "category_id": category.id if complaint else False,
    }


def _move_back(env, ticket, number, now, rng, agent):
    """Let a ticket be of some time ago: written, answered and closed."""
    days = rng.uniform(0, 2) if number % 4 == 0 else rng.uniform(2, 120)
    made = (now - timedelta(days=days)).replace(microsecond=0)
    answered = made + timedelta(hours=rng.choice((0.5, 1, 2, 3, 5, 9, 20, 30, 60)))
    closed = answered + timedelta(hours=rng.uniform(2, 90))
    stage = "done" if closed < now else "in_progress" if answered < now else "new"
    rule = ticket.promise_rule_id
    deadline = made + timedelta(hours=rule.answer_hours) if rule else None
    state = None
    if rule:
        state = "broken" if min(answered, now) > deadline else "kept"
        if answered >= now and state == "kept":
            state = "open"
    env.cr.execute(
        SQL(
            """UPDATE helpdesk_ticket SET create_date = %s, last_stage_update = %s,
                stage_id = %s, closed_date = %s, unattended = %s, user_id = %s,
                first_answer_date = %s, waiting_since = %s, promise_deadline = %s,
                promise_state = %s
            WHERE id = %s""",
            made,
            min(closed, now) if answered < now else made,
            env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{stage}").id,
            closed if stage == "done" else None,
            stage == "new",
            agent.id if stage != "new" else None,
            answered if answered < now else None,
            made if answered >= now else None,
            deadline,
            state,
            ticket.id,
        )
    )
    if stage == "done" and number % 7 == 1:
        _tell_reopened(env, ticket, answered + (closed - answered) / 2)


def _let_wait(env, ticket, made):
    """Somebody valuable and at risk wrote today, and nobody has answered yet."""
    made = made.replace(microsecond=0)
    rule = ticket.promise_rule_id
    env.cr.execute(
        SQL(
            """UPDATE helpdesk_ticket SET create_date = %s, last_stage_update = %s,
                stage_id = %s, closed_date = NULL, unattended = TRUE, user_id = NULL,
                first_answer_date = NULL, waiting_since = %s, promise_deadline = %s,
                promise_state = %s
            WHERE id = %s""",
            made,
            made,
            env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new").id,
            made,
            made + timedelta(hours=rule.answer_hours) if rule else None,
            "open" if rule else None,
            ticket.id,
        )
    )


def _tell_reopened(env, ticket, moment):
    """What Odoo tracks when a closed ticket is opened again."""
    stages = {
        name: env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")
        for name in ("done", "in_progress")
    }
    message = env["mail.message"].create(
        {
            "model": ticket._name,
            "res_id": ticket.id,
            "message_type": "notification",
            "subtype_id": env.ref("mail.mt_note").id,
            "date": moment,
            "author_id": ticket.partner_id.id,
        }
    )
    env["mail.tracking.value"].create(
        {
            "mail_message_id": message.id,
            "field_id": env["ir.model.fields"]._get("helpdesk.ticket", "stage_id").id,
            "old_value_integer": stages["done"].id,
            "old_value_char": stages["done"].name,
            "new_value_integer": stages["in_progress"].id,
            "new_value_char": stages["in_progress"].name,
        }
    )
