"""Plan of the demo company: a coffee and tea roastery with three years of sales.

A plan is a pure function of a day: the same customers, rhythms and amounts on
every machine, relative to that day.  Nothing of Odoo is in here.
"""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from .archetypes import ARCHETYPES, BY_KEY, SHARED
from .catalog import CATEGORIES, FOREIGN_PRICE_FACTOR, PRODUCTS
from .leads import Pipeline
from .model import Customer, Lead, Order, Plan, Product
from .orders import Buyer, exchange_rates, quotation
from .people import Population

__all__ = [
    "CATEGORIES",
    "FOREIGN_PRICE_FACTOR",
    "Customer",
    "Lead",
    "Order",
    "Plan",
    "Product",
    "make_plan",
]

# Who serves the customers of the first and of the second company.
SALESPEOPLE = {
    1: {"demo": 5, "sara": 6, "mei": 4, "admin": 3},
    2: {"jonas": 7, "demo": 1, "admin": 1},
}
EURO_COUNTRIES = {"DE", "AT", "FR", "ES", "IT", "NL"}
RATE_MONTHS = 38
QUOTATIONS = {"monthly": 6, "quarterly": 4, "biweekly": 3, "lapsed": 2, "newcomer": 2}


def make_plan(
    today: date, scale: float = 1.0, *, foreign_countries: set[str] | None = None
) -> Plan:
    """The plan for a day.

    :param scale: share of the customers; of every archetype there is at least one
    :param foreign_countries: where customers of the first company may pay in the
        foreign currency (by default those that have the euro)
    """
    population = Population()
    customers = _make_customers(population, scale, foreign_countries or EURO_COUNTRIES)
    orders: list[Order] = []
    for customer in customers:
        for company, archetype in _roles(customer):
            buyer = Buyer(customer, BY_KEY[archetype], company, today)
            orders += buyer.orders()
            if archetype == "quoted":
                orders.append(quotation(customer, company, today))
    orders += _more_quotations(customers, today, scale)
    orders.sort(key=lambda order: (order.moment, order.customer, order.state))

    by_customer = defaultdict(list)
    for order in orders:
        by_customer[order.customer].append(order)
    pipeline = Pipeline(today, population, by_customer)
    pipeline.known(customers, scale)
    pipeline.unknown(list(SALESPEOPLE[1]), scale)
    _date_customers(customers, by_customer, pipeline.leads, today)
    return Plan(
        today=today,
        products=PRODUCTS,
        customers=customers,
        orders=orders,
        leads=pipeline.leads,
        rates=exchange_rates(today, RATE_MONTHS, FOREIGN_PRICE_FACTOR + 0.01),
    )


def _scaled(count: int, scale: float) -> int:
    return max(1, round(count * scale)) if count else 0


def _make_customers(
    population: Population, scale: float, foreign_countries: set[str]
) -> list[Customer]:
    customers = []
    for company in (1, 2):
        for archetype in ARCHETYPES:
            count = _scaled(archetype.counts[company - 1], scale)
            shared = _scaled(SHARED.get(archetype.key, ("", 0))[1], scale)
            for number in range(1, count + 1):
                key = f"{archetype.key}_{number:03d}" + ("_eu" if company == 2 else "")
                rng = Random(key)
                kinds = archetype.kinds
                kind = rng.choices(list(kinds), list(kinds.values()))[0]
                customer = population.customer(key, archetype.key, kind, company)
                staff = SALESPEOPLE[company]
                customer.salesperson = rng.choices(list(staff), list(staff.values()))[0]
                customer.tags = _tags(rng, archetype.key, kind)
                if company == 1:
                    customer.foreign_currency = (
                        customer.country in foreign_countries and rng.random() < 0.7
                    )
                    customer.company = 0 if number <= shared else 1
                customers.append(customer)
    return customers


def _roles(customer: Customer) -> list[tuple[int, str]]:
    """In which companies a customer buys, and the way of which archetype."""
    if customer.company:
        return [(customer.company, customer.archetype)]
    return [(1, customer.archetype), (2, SHARED[customer.archetype][0])]


def _tags(rng: Random, archetype: str, kind: str) -> list[str]:
    tags = [{"private": "Private customer"}.get(kind, kind.capitalize())]
    if kind in ("shop", "hotel") or archetype == "key_account":
        tags.append("Wholesale")
    if rng.random() < 0.3:
        tags.append("Newsletter")
    return tags


def _more_quotations(
    customers: list[Customer], today: date, scale: float
) -> list[Order]:
    orders = []
    for archetype, count in QUOTATIONS.items():
        pool = [c for c in customers if c.archetype == archetype and c.company == 1]
        for customer in pool[-_scaled(count, scale) :]:
            orders.append(quotation(customer, 1, today))
    return orders


def _date_customers(
    customers: list[Customer],
    orders: dict[str, list[Order]],
    leads: list[Lead],
    today: date,
) -> None:
    """A customer is known some days before the first order or lead."""
    first_lead = {}
    for lead in leads:
        if lead.customer:
            day = lead.created.date()
            first_lead[lead.customer] = min(first_lead.get(lead.customer, day), day)
    for customer in customers:
        rng = Random(f"{customer.key}/created")
        days = [order.moment.date() for order in orders[customer.key]]
        days += [first_lead[customer.key]] if customer.key in first_lead else []
        first = min(days, default=today - timedelta(days=rng.randint(5, 200)))
        before = 0 if customer.archetype == "one_time" else rng.randint(0, 25)
        customer.created = first - timedelta(days=before)
