"""The pipeline, with won and lost opportunities in it."""

from odoo.fields import Command

from .base import DemoData
from .partners import countries_by_code


def load_leads(data: DemoData) -> None:
    env = data.env
    stages = env["crm.stage"].search([("team_ids", "=", False)])
    shared = {
        "open": stages.filtered(lambda stage: not stage.is_won),
        "won": stages.filtered("is_won")[:1],
        "sources": _by_name(env["utm.source"], {x.source for x in data.plan.leads}),
        "reasons": _by_name(
            env["crm.lost.reason"], {x.lost_reason for x in data.plan.leads} - {""}
        ),
        "countries": countries_by_code(data),
        "tag": env["crm.tag"].search([("name", "=", "Win back")], limit=1)
        or env["crm.tag"].create({"name": "Win back", "color": 3}),
    }
    leads = env["crm.lead"].create(
        [_lead_values(data, lead, shared) for lead in data.plan.leads]
    )
    data.leads = {
        planned.key: lead for planned, lead in zip(data.plan.leads, leads, strict=True)
    }


def _by_name(model, names: set[str]) -> dict[str, object]:
    """Records of these names; those that are missing are created."""
    found = {record.name: record for record in model.search([("name", "in", [*names])])}
    missing = sorted(names - set(found))
    created = model.create([{"name": name} for name in missing])
    return {**found, **dict(zip(missing, created, strict=True))}


def _lead_values(data: DemoData, lead, shared: dict) -> dict:
    user = data.users.get(lead.salesperson)
    stages = shared["open"]
    values = {
        "name": lead.name,
        "type": "opportunity" if lead.is_opportunity else "lead",
        "user_id": user.id if user else False,
        "team_id": data.teams[lead.company].id,
        "company_id": data.companies[lead.company].id,
        "expected_revenue": lead.expected_revenue,
        "source_id": shared["sources"][lead.source].id,
        "stage_id": stages[min(lead.stage, len(stages) - 1)].id,
        "date_open": lead.created if user else False,
        "date_last_stage_update": lead.closed or lead.created,
    }
    if lead.name.startswith("Win back"):
        values["tag_ids"] = [Command.set(shared["tag"].ids)]
    if lead.customer:
        partner = data.partners[lead.customer]
        if lead.contact >= 0:
            partner = data.contacts[lead.customer][lead.contact]
        values["partner_id"] = partner.id
    else:
        values.update(
            contact_name=lead.contact_name,
            partner_name=lead.partner_name,
            email_from=lead.email,
            phone=lead.phone,
            city=lead.city,
            country_id=shared["countries"][lead.country].id,
        )
    if lead.outcome == "won":
        values.update(stage_id=shared["won"].id, date_closed=lead.closed)
    elif lead.outcome == "lost":
        values.update(
            active=False,
            probability=0,
            lost_reason_id=shared["reasons"][lead.lost_reason].id,
            date_closed=lead.closed,
        )
    return values
