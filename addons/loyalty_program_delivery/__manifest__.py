{
    "name": "Loyalty Tiers: Free Delivery",
    "summary": "Delivery costs members of a tier nothing",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["loyalty_program", "delivery"],
    "auto_install": True,
    "data": ["views/loyalty_tier_views.xml"],
}
