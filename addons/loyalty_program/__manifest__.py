{
    "name": "Loyalty Tiers",
    "summary": "Tiers, expiry and claw-back on top of Odoo's own loyalty programmes",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_play", "sale_loyalty"],
    "external_dependencies": {"python": ["numpy"]},
    "data": [
        "security/loyalty_tier_security.xml",
        "security/ir.model.access.csv",
    ],
}
