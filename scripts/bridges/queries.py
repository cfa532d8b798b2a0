"""Queries of screens that bridges add to, counted in the environment of an Odoo shell.

Nothing is kept: what is made for it is rolled back.
"""

from lxml import etree


def count(env):
    """Of the screens that there are, by name."""
    env = env(user=env.ref("base.user_admin"))
    screens = {
        "list of 80 tickets": ("helpdesk.ticket", _list_tickets),
        "load of 80 customers in a point of sale": ("pos.config", _load_customers),
        "form of a mailing": ("mailing.mailing", _open_mailing),
    }
    return {
        name: screen(env) for name, (model, screen) in screens.items() if model in env
    }


def _customers(env):
    partners = env["res.partner"].search([("parent_id", "=", False)], order="id desc")
    return partners.filtered("sale_order_ids")[:80]


def _list_tickets(env):
    env["helpdesk.ticket"].create(
        [
            {"name": "Ticket", "description": "Help", "partner_id": partner.id}
            for partner in _customers(env)
        ]
    )
    return _count(
        env,
        lambda: env["helpdesk.ticket"].web_search_read(
            [], _specification(env["helpdesk.ticket"], "list"), limit=80
        ),
    )


def _load_customers(env):
    shop = env["pos.config"].search([], limit=1)
    contacts = _customers(env)
    return _count(env, lambda: contacts._load_pos_data_read(contacts, shop))


def _open_mailing(env):
    mailing = env["mailing.mailing"].create({"subject": "News"})
    return _count(env, lambda: mailing.web_read(_specification(mailing, "form")))


def _count(env, screen):
    # what is read once, whoever asks first, is no part of it
    for _time in range(3):
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        screen()
        number = env.cr.sql_log_count - before
    env.cr.rollback()
    return number


def _specification(model, kind):
    """What the web client asks for, without what it asks of lines."""
    arch = model.get_view(view_type=kind)["arch"]
    names = dict.fromkeys(
        node.get("name")
        for node in etree.fromstring(arch).xpath(
            "//field[not(ancestor::field)][not(ancestor::searchpanel)]"
        )
    )
    many2one = {"fields": {"display_name": {}}}
    return {
        name: many2one if model._fields[name].type == "many2one" else {}
        for name in names
    }
