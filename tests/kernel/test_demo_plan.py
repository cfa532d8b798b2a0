"""The demo company's plan: the same everywhere, believable, never in the future."""

import importlib.util
import sys
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "addons/lifecycle_crm/demo/plan"
# one day of every season, a leap day and the turn of a year
DAYS = [
    date(2026, 1, 1),
    date(2026, 3, 20),
    date(2026, 6, 15),
    date(2026, 11, 21),
    date(2028, 2, 29),
]


def load_plan():
    name = "lifecycle_demo_plan"
    spec = importlib.util.spec_from_file_location(
        name, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


demo = load_plan()


@pytest.fixture(scope="module", params=DAYS, ids=str)
def plan(request):
    return demo.make_plan(request.param)


def sales(plan, company=1):
    return [o for o in plan.orders if o.state == "sale" and o.company == company]


def counts(plan, company=1):
    return Counter(order.customer for order in sales(plan, company))


def test_is_the_same_every_time(plan):
    assert asdict(demo.make_plan(plan.today)) == asdict(plan)


def test_first_customers_never_change():
    """Whatever the machine, the Python, the day: the same people."""
    first = demo.make_plan(DAYS[0]).customers[0]
    assert (first.key, first.name, first.city) == (
        demo.make_plan(DAYS[-1]).customers[0].key,
        "Café Rosengarten",
        "Berlin",
    )


def test_size(plan):
    assert 400 <= len(counts(plan)) <= 460
    assert 35 <= len(counts(plan, 2)) <= 60
    assert 3000 <= len(sales(plan)) + len(sales(plan, 2)) <= 4400
    assert 110 <= len(plan.leads) <= 150
    assert 20 <= sum(o.state in ("draft", "sent") for o in plan.orders) <= 40


def test_half_of_the_customers_bought_once(plan):
    orders = counts(plan)
    assert 0.42 < sum(n == 1 for n in orders.values()) / len(orders) < 0.52
    # heavy tail: a tenth of the customers makes more than half of the orders
    top = sorted(orders.values(), reverse=True)[: len(orders) // 10]
    assert sum(top) > 0.5 * sum(orders.values())
    assert all(any(n == wanted for n in orders.values()) for wanted in range(1, 8))


def test_nothing_lies_in_the_future(plan):
    for order in plan.orders:
        assert order.moment.date() < plan.today
        assert not order.returned_on or order.returned_on < plan.today
    for lead in plan.leads:
        assert lead.created.date() < plan.today
        assert not lead.closed or lead.created < lead.closed
        assert not lead.closed or lead.closed.date() < plan.today
    for customer in plan.customers:
        assert customer.created < plan.today
    assert plan.rates[-1][0] <= plan.today


def test_three_years_and_growth(plan):
    first = min(order.moment.date() for order in plan.orders)
    assert timedelta(days=900) < plan.today - first <= timedelta(days=3 * 365 + 3)
    year = timedelta(days=365)
    by_age = Counter((plan.today - o.moment.date()) // year for o in sales(plan))
    assert by_age[0] > by_age[1] > by_age[2] > 100


def test_rates_cover_all_orders(plan):
    assert plan.rates[0][0] <= min(order.moment.date() for order in plan.orders)
    assert all(0.5 < rate < 2 for _day, rate in plan.rates)
    assert len({day for day, _rate in plan.rates}) == len(plan.rates)


def test_amounts(plan):
    products = {product.key for product in plan.products}
    assert 20 <= len(products) <= 30
    assert all(0 < product.cost < product.price for product in plan.products)
    for order in plan.orders:
        assert order.lines and order.amount > 0
        for line in order.lines:
            assert line.product in products
            assert line.quantity >= 1 and line.price > 0 and 0 <= line.discount < 50


def test_every_archetype_behaves(plan):
    orders = counts(plan)
    by_archetype = {}
    for customer in plan.customers:
        if customer.company in (0, 1):
            by_archetype.setdefault(customer.archetype, []).append(customer.key)
    assert set(by_archetype) == {a.key for a in demo.ARCHETYPES}
    for archetype in ("quoted", "prospect", "cancelled"):
        assert not any(orders[key] for key in by_archetype[archetype])
    for archetype in ("one_time", "all_returned"):
        assert {orders[key] for key in by_archetype[archetype]} == {1}
    assert {orders[key] for key in by_archetype["second_and_gone"]} == {2}
    for order in sales(plan):
        key = order.customer.rpartition("_")[0]
        if key == "bargain":
            assert all(line.discount >= 15 for line in order.lines)
        if key == "all_returned":
            assert order.returned == "full"
    for key in by_archetype["won_back"]:
        days = sorted(o.moment.date() for o in sales(plan) if o.customer == key)
        gaps = [b - a for a, b in pairwise(days)]
        assert max(gaps) > timedelta(days=180)
        assert plan.today - days[-1] < timedelta(days=40)


def test_people_are_fictional_and_unique(plan):
    names = [customer.name for customer in plan.customers]
    assert len(names) == len(set(names))
    phones = [customer.phone for customer in plan.customers if customer.phone]
    assert len(phones) == len(set(phones))
    for customer in plan.customers:
        for email in [customer.email, *(c.email for c in customer.contacts)]:
            assert email.isascii() and email.endswith(("@example.org", ".example.com"))
    text = "".join(names)
    assert any("\u0600" <= letter <= "\u06ff" for letter in text)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in text)
    assert len({customer.country for customer in plan.customers}) >= 8


def test_both_companies_share_customers_who_differ(plan):
    shared = [customer for customer in plan.customers if not customer.company]
    assert len(shared) >= 5
    here, there = counts(plan, 1), counts(plan, 2)
    assert all(here[customer.key] and there[customer.key] for customer in shared)
    assert sum(here[c.key] != there[c.key] for c in shared) >= len(shared) - 2


def test_two_currencies(plan):
    foreign = [order for order in plan.orders if order.foreign_currency]
    assert len(foreign) > 100
    assert {order.company for order in foreign} == {1}


def test_leads(plan):
    customers = {customer.key for customer in plan.customers}
    for lead in plan.leads:
        assert lead.customer in customers or (lead.email and lead.partner_name)
    assert {lead.outcome for lead in plan.leads} == {"", "won", "lost"}
    won = {lead.key for lead in plan.leads if lead.outcome == "won"}
    assert {order.lead for order in plan.orders} - {""} == won
    lapsed = [x for x in plan.leads if x.customer.startswith("lapsed") and not x.closed]
    assert len(lapsed) >= 5


def test_a_small_plan_has_everything():
    small = demo.make_plan(DAYS[2], 0.02)
    assert len(small.customers) < 60
    assert {c.archetype for c in small.customers} == {a.key for a in demo.ARCHETYPES}
    assert {o.state for o in small.orders} >= {"sent", "sale", "cancel"}
    assert {order.returned for order in small.orders} == {"", "part", "full"}


def test_some_go_on_to_what_goes_with_it(plan):
    """Else the report of what was bought next finds nothing, and nothing is offered."""
    category = {product.key: product.category for product in plan.products}
    baskets = {}
    for order in sorted(sales(plan), key=lambda order: order.moment):
        bought = {category[line.product] for line in order.lines}
        baskets.setdefault(order.customer, []).append(bought)
    followed, others = Counter(), Counter()
    for orders in baskets.values():
        first = next((n for n, b in enumerate(orders) if "machine" in b), None)
        if first is None:
            others[any("service" in bought for bought in orders)] += 1
        elif not any("service" in bought for bought in orders[: first + 1]):
            followed[any("service" in bought for bought in orders[first + 1 :])] += 1
    assert followed.total() >= 40
    share = followed[True] / followed.total()
    # some did, so that it is proposed to those who did not
    assert 0.15 < share < 0.85
    assert share > 2 * others[True] / others.total()
