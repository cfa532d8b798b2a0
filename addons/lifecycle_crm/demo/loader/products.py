"""Articles with prices and costs, and the pricelists of each company."""

from odoo.fields import Command

from ..plan import CATEGORIES, FOREIGN_PRICE_FACTOR
from .base import DemoData


def load_products(data: DemoData) -> None:
    env = data.env
    parent = env["product.category"].create({"name": "Coffee and Tea"})
    categories = {
        key: env["product.category"].create({"name": name, "parent_id": parent.id})
        for key, name in CATEGORIES.items()
    }
    company_env = data.company_env(1)
    products = company_env["product.product"].create(
        [
            {
                "name": product.name,
                "default_code": product.key.upper().replace("_", "-"),
                "categ_id": categories[product.category].id,
                "type": "service" if product.category == "service" else "consu",
                "list_price": product.price,
                "standard_price": product.cost,
                "invoice_policy": "order",
                "taxes_id": [Command.set(_default_taxes(data).ids)],
                "purchase_ok": product.category != "service",
            }
            for product in data.plan.products
        ]
    )
    # costs are kept by company
    for product, planned in zip(products, data.plan.products, strict=True):
        data.products[planned.key] = product.with_env(env)
        product.with_company(data.companies[2]).standard_price = planned.cost
    data.name_records(
        (f"demo_product_{key}", product) for key, product in data.products.items()
    )
    _load_pricelists(data)


def _default_taxes(data: DemoData):
    """The sales tax that each company puts on its products."""
    companies = data.companies[1] + data.companies[2]
    return companies.account_sale_tax_id


def _load_pricelists(data: DemoData) -> None:
    """Every company has a default one; the first has one in foreign currency."""
    env = data.env
    values = {
        (1, False): ("Default", data.companies[1].currency_id),
        (1, True): ("Export", data.foreign_currency),
        (2, False): ("Default", data.companies[2].currency_id),
    }
    for (number, foreign), (name, currency) in values.items():
        company = data.companies[number]
        pricelist = env["product.pricelist"].search(
            [
                ("company_id", "=", company.id),
                ("currency_id", "=", currency.id),
                ("item_ids", "=", False),
            ],
            limit=1,
        )
        if not pricelist or foreign:
            pricelist = env["product.pricelist"].create(
                {
                    "name": f"{name} ({currency.name})" if foreign else name,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "sequence": 20 if foreign else 10,
                }
            )
        data.pricelists[number, foreign] = pricelist
    data.pricelists[1, True].item_ids = [
        Command.create(
            {
                "applied_on": "1_product",
                "product_tmpl_id": data.products[product.key].product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": round(product.price * FOREIGN_PRICE_FACTOR, 1),
            }
        )
        for product in data.plan.products
    ]
    data.name_records([("demo_pricelist_export", data.pricelists[1, True])])
