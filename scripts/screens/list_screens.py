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


def screen(name, path, login="admin", tab=""):
    return {"name": name, "path": path, "login": login, "tab": tab}


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
        yield screen(name, base)
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
            yield screen(f"{name}-form", base + end)


def of_odoo():
    """Where ours stands in Odoo's own screens, of customers who have something."""
    best = env["lifecycle.profile"].search([], order="clv_historic desc", limit=1)
    partner = best.partner_id
    for number, tab in enumerate(("Lifecycle", "Points", "Churn", "Plays")):
        yield screen(
            f"contact-{number + 1}", f"/odoo/res.partner/{partner.id}", tab=tab
        )
    order = env["sale.order"].search([("partner_id", "=", partner.id)], limit=1)
    yield screen("order", f"/odoo/sale.order/{order.id}")
    yield screen("orders", "/odoo/action-sale.action_orders")
    yield screen("pipeline", "/odoo/action-crm.crm_lead_action_pipeline")
    lead = env["crm.lead"].search([("partner_id", "!=", False)], limit=1)
    yield screen("lead", f"/odoo/crm.lead/{lead.id}")
    yield screen("contacts", "/odoo/action-base.action_partner_form?view_type=list")
    yield screen("contacts-cards", "/odoo/action-base.action_partner_form")
    if "helpdesk.ticket" in env:
        action = "/odoo/action-helpdesk_mgmt.helpdesk_ticket_action"
        yield screen("tickets", f"{action}?view_type=list")
        yield screen("tickets-kanban", f"{action}?view_type=kanban")
        ticket = env["helpdesk.ticket"].search([("partner_id", "!=", False)], limit=1)
        yield screen("ticket", f"/odoo/helpdesk.ticket/{ticket.id}")
    if "mailing.mailing" in env:
        yield screen("mailing", "/odoo/action-mass_mailing.mailing_mailing_action_mail")
    yield screen("club", "/my/club", "portal")
    yield screen("privacy", "/my/privacy", "portal")
    yield screen("portal", "/my", "portal")


for code in LANGUAGES:
    language = env.ref(f"base.lang_{code}")
    values = {"lang_ids": [Command.set(language.ids)]}
    env["base.language.install"].create(values).lang_install()
found = [*of_menus(), *of_odoo()]
env.cr.commit()
with open(os.environ["SCREENS"], "w", encoding="utf-8") as file:
    json.dump(found, file, indent=1)
