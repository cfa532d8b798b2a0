"""Customers with their contacts, tags, salespeople and terms."""

from odoo.fields import Command

from .base import DemoData

INDUSTRIES = {
    "cafe": "base.res_partner_industry_I",
    "restaurant": "base.res_partner_industry_I",
    "hotel": "base.res_partner_industry_I",
    "office": "base.res_partner_industry_M",
    "shop": "base.res_partner_industry_G",
}


def load_customers(data: DemoData) -> None:
    data.customers = {customer.key: customer for customer in data.plan.customers}
    tags = _load_tags(data)
    countries = countries_by_code(data)
    Partner = data.env["res.partner"]
    partners = Partner.create(
        [
            _customer_values(data, customer, tags, countries)
            for customer in data.plan.customers
        ]
    )
    data.partners = dict(zip(data.customers, partners, strict=True))
    owners = [
        (customer, contact)
        for customer in data.plan.customers
        for contact in customer.contacts
    ]
    contacts = Partner.create(
        [
            {
                "name": contact.name,
                "parent_id": data.partners[customer.key].id,
                "company_id": data.partners[customer.key].company_id.id,
                "email": contact.email,
                "function": contact.role,
                "type": contact.type,
                "user_id": data.users[customer.salesperson].id,
            }
            for customer, contact in owners
        ]
    )
    for (customer, _contact), record in zip(owners, contacts, strict=True):
        data.contacts[customer.key].append(record)
    _load_terms(data)
    data.name_records(
        (f"demo_customer_{key}", partner) for key, partner in data.partners.items()
    )


def _load_tags(data: DemoData) -> dict[str, object]:
    names = sorted({tag for c in data.plan.customers for tag in c.tags})
    tags = data.env["res.partner.category"].create(
        [{"name": name, "color": number + 1} for number, name in enumerate(names)]
    )
    return dict(zip(names, tags, strict=True))


def countries_by_code(data: DemoData) -> dict[str, object]:
    codes = {customer.country for customer in data.plan.customers}
    codes |= {lead.country for lead in data.plan.leads}
    countries = data.env["res.country"].search([("code", "in", list(codes))])
    return {country.code: country for country in countries}


def _customer_values(data: DemoData, customer, tags, countries) -> dict:
    industry = data.ref(INDUSTRIES.get(customer.kind, "")) if customer.kind else None
    company = data.companies.get(customer.company)
    return {
        "name": customer.name,
        "is_company": customer.is_company,
        "email": customer.email,
        "phone": customer.phone,
        "street": customer.street,
        "city": customer.city,
        "zip": customer.zip,
        "country_id": countries[customer.country].id,
        "user_id": data.users[customer.salesperson].id,
        "category_id": [Command.set([tags[tag].id for tag in customer.tags])],
        "industry_id": industry.id if industry else False,
        "company_id": company.id if company else False,
    }


def _load_terms(data: DemoData) -> None:
    """Companies pay within 30 days; some customers in the foreign currency."""
    month = data.ref("account.account_payment_term_30days")
    for number, company in data.companies.items():
        mine = [c for c in data.plan.customers if c.company in (0, number)]
        Partner = data.env["res.partner"].with_company(company)
        if month:
            businesses = [data.partners[c.key].id for c in mine if c.is_company]
            Partner.browse(businesses).property_payment_term_id = month
        if number == 1:
            foreign = [data.partners[c.key].id for c in mine if c.foreign_currency]
            pricelist = data.pricelists[1, True]
            Partner.browse(foreign).specific_property_product_pricelist = pricelist
