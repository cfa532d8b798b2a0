"""In an Odoo shell: all screens of our addons in this database, as JSON.

Written to the file named by SCREENS. Every menu entry of ours in each of its views, the
form of the first record behind it, and the screens of Odoo that we add to.
"""

import json
import os

from odoo import Command

LANGUAGES = ("fa_IR", "zh_CN")
env = globals()["env"]
ours = set(os.environ["OUR_ADDONS"].split(","))


def screen(name, path, login="admin", tab="", long=False):
    """One to look at.

    :param tab: name of the page of a form to turn to
    :param long: take a second picture that shows all of what scrolls
    """
    return {"name": name, "path": path, "login": login, "tab": tab, "long": long}


def of_menus():
    menus = env["ir.ui.menu"].search([("action", "!=", False)], order="id")
    seen = set()
    for menu in menus:
        xmlid = menu.get_external_id()[menu.id]
        if xmlid.split(".")[0] not in ours or menu.action in seen:
            continue
        seen.add(menu.action)
        yield from of_action(xmlid.replace(".", "-"), menu.action)


def of_action(name, action):
    base = f"/odoo/action-{action.id}"
    if action._name == "ir.actions.client":
        yield screen(name, base, long=True)
    if action._name != "ir.actions.act_window":
        return
    views = [view for view in action.view_mode.split(",") if view != "form"]
    for view in views if action.target != "new" else ():
        yield screen(f"{name}-{view}", f"{base}?view_type={view}")
    if "form" in action.view_mode:
        record = env[action.res_model].browse()
        if not record._transient:
            record = record.search([], limit=1)
        end = f"/{record.id}" if record else "?view_type=form"
        if record or record._transient:
            yield screen(f"{name}-form", base + end, long=True)


def of_odoo():
    """Where ours stands in Odoo's own screens, of customers who have something."""
    profiles = env["lifecycle.profile"]
    here = [("company_id", "=", env.company.id)]
    best = profiles.search(here, order="clv_historic desc", limit=1)
    partner = best.partner_id
    yield screen("contact", f"/odoo/res.partner/{partner.id}")
    yield screen(
        "contact-lifecycle",
        f"/odoo/res.partner/{partner.id}",
        tab="lifecycle",
        long=True,
    )
    at_risk = profiles.search(
        [*here, ("at_risk_date", "<=", "today"), ("lapse_date", ">", "today")],
        order="clv_historic desc",
        limit=1,
    )
    if at_risk:
        yield screen(
            "contact-at-risk",
            f"/odoo/res.partner/{at_risk.partner_id.id}",
            "demo",
            tab="lifecycle",
            long=True,
        )
    yield screen(
        "dashboard-salesperson",
        "/odoo/action-lifecycle_crm.action_lifecycle_dashboard",
        "demo",
        long=True,
    )
    if "churn.model" in env:
        model = env["churn.model"].search([*here, ("state", "=", "active")], limit=1)
        yield screen("model-card", f"/odoo/churn.model/{model.id}", long=True)
    stage = env.ref("lifecycle_crm.stage_won_back")
    yield screen("stage", f"/odoo/lifecycle.stage/{stage.id}")
    order = env["sale.order"].search([("partner_id", "=", partner.id)], limit=1)
    yield screen("order", f"/odoo/sale.order/{order.id}")
    yield screen("orders", "/odoo/action-sale.action_orders")
    yield screen("pipeline", "/odoo/action-crm.crm_lead_action_pipeline")
    lead = env["crm.lead"].search([("partner_id", "!=", False)], limit=1)
    yield screen("lead", f"/odoo/crm.lead/{lead.id}", long=True)
    yield screen("contacts", "/odoo/action-base.action_partner_form?view_type=list")
    yield screen("contacts-cards", "/odoo/action-base.action_partner_form")
    if "helpdesk.ticket" in env:
        action = "/odoo/action-helpdesk_mgmt.helpdesk_ticket_action"
        yield screen("tickets", f"{action}?view_type=list")
        yield screen("tickets-kanban", f"{action}?view_type=kanban")
        ticket = env["helpdesk.ticket"].search([("partner_id", "!=", False)], limit=1)
        yield screen("ticket", f"/odoo/helpdesk.ticket/{ticket.id}", long=True)
        yield screen("tickets-agent", f"{action}?view_type=list", "agent")
    if "mailing.mailing" in env:
        action = "/odoo/action-mass_mailing.mailing_mailing_action_mail"
        yield screen("mailings", action)
        mailing = env["mailing.mailing"].search(
            [("lifecycle_target", "!=", False)], limit=1
        )
        end = mailing.id or "new"
        yield screen("mailing", f"{action}/{end}")
        yield screen("mailing-customers", f"{action}/{end}", tab="lifecycle")
    if "spreadsheet.dashboard" in env:
        ours_here = env.ref(
            "lifecycle_spreadsheet_dashboard.spreadsheet_dashboard_lifecycle"
        )
        yield screen("dashboards", f"/odoo/dashboards?dashboard_id={ours_here.id}")
    yield screen("club", "/my/club", "portal", long=True)
    yield screen("privacy", "/my/privacy", "portal", long=True)
    yield screen("portal", "/my", "portal")


for code in LANGUAGES:
    language = env.ref(f"base.lang_{code}")
    values = {"lang_ids": [Command.set(language.ids)]}
    env["base.language.install"].create(values).lang_install()
found = [*of_menus(), *of_odoo()]
env.cr.commit()
with open(os.environ["SCREENS"], "w", encoding="utf-8") as file:
    json.dump(found, file, indent=1)
