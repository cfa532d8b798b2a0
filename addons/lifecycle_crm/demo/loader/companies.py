"""Companies, charts of accounts, currencies with rates, users and sales teams."""

from odoo.fields import Command

from .base import DemoData

MAIN_NAME = "Blue Heron Coffee & Tea"
# Names that Odoo gives the first company: nobody chose them.
DEFAULT_NAMES = {"YourCompany", "My Company", "My Company (San Francisco)"}

USERS = {
    "sara": ("Sara Karimi", "sales_team.group_sale_salesman_all_leads", 1),
    "mei": ("Mei Lin", "sales_team.group_sale_salesman", 1),
    "jonas": ("Jonas Weber", "sales_team.group_sale_salesman_all_leads", 2),
}


def load_companies(data: DemoData) -> None:
    env = data.env
    main = data.ref("base.main_company") or env.company
    _load_chart(data, main)
    if main.name in DEFAULT_NAMES:
        main.name = MAIN_NAME
    name, currency, country = _second_place(env, main)
    # install_mode: a new company must not install the country's localization
    second = (
        env["res.company"]
        .with_context(install_mode=True)
        .create(
            {
                "name": name,
                "country_id": country.id,
                "currency_id": currency.id,
            }
        )
        .with_env(env)
    )
    # not at create: partner_autocomplete would look the domain up on the internet
    second.email = "hello@blue-heron-europe.example.com"
    data.companies = {1: main, 2: second}
    data.foreign_currency = currency
    for name in ("base.user_root", "base.user_admin", "base.user_demo"):
        if user := data.ref(name):
            user.write({"company_ids": [Command.link(second.id)]})
    _load_chart(data, second)
    _load_warehouse(data, second)
    _load_rates(data)
    _load_users(data)
    _load_teams(data)
    data.name_records([("demo_company_eu", second)])


def _second_place(env, main):
    """Name, currency and country of the second company: not those of the first."""
    euro = env.ref("base.EUR")
    if main.currency_id != euro:
        return "Blue Heron Europe", euro, env.ref("base.de")
    return "Blue Heron America", env.ref("base.USD"), env.ref("base.us")


def _load_warehouse(data: DemoData, company) -> None:
    """Where there is a stock, nothing can be sold without one; Odoo makes none."""
    if "stock.warehouse" not in data.env:
        return
    warehouses = data.env["stock.warehouse"]
    if not warehouses.search_count([("company_id", "=", company.id)], limit=1):
        warehouses.with_company(company).create(
            {"name": company.name, "code": "BH", "company_id": company.id}
        )


def _load_chart(data: DemoData, company) -> None:
    """A company without a chart of accounts could not invoice."""
    if company.chart_template:
        return
    registry = data.env.registry
    install = getattr(registry, "_auto_install_template", None)
    if install and company == data.env.company:
        # Odoo would load it when all modules are there: too late for invoices
        install(data.env)
        del registry._auto_install_template
        return
    # not try_loading(), which warns while modules are being installed
    currency = company.currency_id
    data.env["account.chart.template"]._load("generic_coa", company, False)
    if company.currency_id != currency:
        company.currency_id = currency


def _load_rates(data: DemoData) -> None:
    """A rate a month, for each company the other's currency."""
    main, second = data.companies[1], data.companies[2]
    (main.currency_id + second.currency_id).write({"active": True})
    values = []
    for day, rate in data.plan.rates:
        values.append((main, second.currency_id, day, rate))
        values.append((second, main.currency_id, day, 1 / rate))
    known = {
        (rate.company_id.id, rate.currency_id.id, rate.name)
        for rate in data.env["res.currency.rate"].search(
            [("company_id", "in", (main + second).ids)]
        )
    }
    data.env["res.currency.rate"].create(
        [
            {
                "company_id": company.id,
                "currency_id": currency.id,
                "name": day,
                "company_rate": rate,
            }
            for company, currency, day, rate in values
            if (company.id, currency.id, day) not in known
        ]
    )


def _load_users(data: DemoData) -> None:
    data.users = {
        "admin": data.env.ref("base.user_admin"),
        "demo": data.ref("base.user_demo") or data.env.ref("base.user_admin"),
    }
    created = data.env["res.users"].create(
        [
            {
                "name": name,
                "login": login,
                "password": login,
                "email": f"{login}@blue-heron.example.com",
                "company_id": data.companies[company].id,
                "company_ids": [Command.set(data.companies[company].ids)],
                "group_ids": [
                    Command.set((data.env.ref("base.group_user") + role).ids)
                ],
            }
            for login, (name, group, company) in USERS.items()
            for role in [data.env.ref(group)]
        ]
    )
    data.users.update(zip(USERS, created, strict=True))
    data.name_records((f"demo_user_{login}", data.users[login]) for login in USERS)


def _load_teams(data: DemoData) -> None:
    """Everyone new gets a team; the teams of Odoo's own demo data stay."""
    Team = data.env["crm.team"]
    data.teams = {
        1: Team.create(
            {
                "name": "Cafés and Retail",
                "company_id": data.companies[1].id,
                "user_id": data.users["sara"].id,
                "member_ids": [
                    Command.set((data.users["sara"] + data.users["mei"]).ids)
                ],
            }
        ),
        2: Team.create(
            {
                "name": "Sales Europe",
                "company_id": data.companies[2].id,
                "user_id": data.users["jonas"].id,
                "member_ids": [Command.set(data.users["jonas"].ids)],
            }
        ),
    }
    data.name_records(
        [("demo_team_retail", data.teams[1]), ("demo_team_eu", data.teams[2])]
    )
