"""Opening Contacts as the web client does, with our fields in the list and without.

With: filtered by some stages and grouped by stage, then the list sorted by value.
Without: filtered by as many contacts of some countries, grouped by country, then
sorted by name; the same list view, without our columns.  Both as an ordinary
salesperson, on the same database, the best of some.

The page of the list shows the same contacts in both.  Those of the highest value have
hundreds of orders each, and Odoo's own columns count them, whoever put them on top:
what that takes is no matter of our fields.
"""

from lxml import etree

from . import session, timing

LIMIT = 80
COUNT_LIMIT = 10_001  # the web client stops counting there
TIMES = 5
STAGES = ("stage_active", "stage_at_risk")


def measure(env, times=TIMES):
    """``{"ratio": …, "ms": …, "parts": {…ms}}``: sum of opening groups and list."""
    print("- Contacts by stage and by value, beside by country and by name", flush=True)
    partners = env(user=session.get_users(env)[0])["res.partner"]
    stages = [env.ref(f"lifecycle_crm.{name}").id for name in STAGES]
    mine = [("lifecycle_stage_id", "in", stages)]
    matched = partners.search_count(mine)
    theirs = [("country_id", "in", _choose_countries(partners, matched))]
    every, native = get_specifications(partners)
    page = partners.search(mine, limit=LIMIT, order="clv_historic DESC").ids

    def open_same_page(partners, domain, order, specification):
        return open_page(partners, domain, order, specification, page)

    parts = {
        "by_stage": _time(partners, open_groups, mine, "lifecycle_stage_id", every),
        "by_value": _time(partners, open_list, mine, "clv_historic DESC", every),
        "by_country": _time(partners, open_groups, theirs, "country_id", native),
        "by_name": _time(partners, open_same_page, theirs, "complete_name", native),
    }
    others = _time(partners, open_list, theirs, "complete_name", native)
    ours = parts["by_stage"] + parts["by_value"]
    figures = {
        "ratio": ours / (parts["by_country"] + parts["by_name"]),
        "ms": 1000 * ours,
        "parts_ms": {name: round(1000 * value, 1) for name, value in parts.items()},
        # the first contacts by name, who have few orders
        "by_name_other_page_ms": round(1000 * others, 1),
        "matched": {"by_stage": matched, "by_country": partners.search_count(theirs)},
    }
    print(f"  {figures['parts_ms']}", flush=True)
    return figures


def open_groups(partners, domain, groupby, specification):
    """The request of a grouped list: the groups and their totals, all folded."""
    aggregates = []
    for name in specification:
        field = partners._fields[name]
        if field.type not in ("integer", "float", "monetary") or not field.aggregator:
            continue
        aggregates.append(f"{name}:{field.aggregator}")
        if field.type == "monetary":
            currency = field.get_currency_field(partners)
            aggregates += [f"{currency}:array_agg_distinct", f"{name}:sum_currency"]
    return partners.with_context(read_group_expand=True).web_read_group(
        domain,
        [groupby],
        list(dict.fromkeys(aggregates)),
        limit=LIMIT,
        unfold_read_specification=specification,
        unfold_read_default_limit=LIMIT,
    )


def open_list(partners, domain, order, specification):
    """The request of a flat list: the first page and how many there are."""
    return partners.with_context(bin_size=True).web_search_read(
        domain, specification, limit=LIMIT, order=order, count_limit=COUNT_LIMIT
    )


def open_page(partners, domain, order, specification, page):
    """The same work as :func:`open_list`, showing contacts that were chosen before."""
    partners = partners.with_context(bin_size=True)
    partners.search(domain, limit=LIMIT, order=order)
    partners.search_count(domain, limit=COUNT_LIMIT)
    return partners.browse(page).web_read(specification)


def get_specifications(partners):
    """What the list view asks for: with our fields, and without them."""
    view = partners.get_view(partners.env.ref("base.view_partner_tree").id, "list")
    names = [node.get("name") for node in etree.fromstring(view["arch"]).iter("field")]
    every = {name: _specify(partners, name) for name in names}
    native = {
        name: value for name, value in every.items() if not _is_ours(partners, name)
    }
    return every, native


def _specify(partners, name):
    field = partners._fields[name]
    if not field.relational:
        return {}
    others = partners.env[field.comodel_name]
    wanted = {"display_name": {}}
    if field.type == "many2many" and "color" in others._fields:
        wanted["color"] = {}  # tags
    return {"fields": wanted}


def _is_ours(partners, name):
    modules = partners._fields[name]._modules
    return all(module.startswith("lifecycle") for module in modules)


def _choose_countries(partners, wanted):
    """Countries with about as many contacts in them as are wanted."""
    groups = partners._read_group(
        [("country_id", "!=", False)], ["country_id"], ["__count"]
    )
    chosen, total = [], 0
    for country, count in sorted(groups, key=lambda group: -group[1]):
        if total + count <= wanted * 1.02 or not chosen:
            chosen.append(country.id)
            total += count
    return chosen


def _time(partners, request, *arguments):
    def action():
        # a request comes with an empty cache
        partners.env.invalidate_all()
        request(partners, *arguments)

    action()
    with timing.no_collection():
        return timing.best(action, TIMES)
