{
    "name": "Loyalty Tiers: eCommerce",
    "summary": "Tier, prices and points of members in the web shop",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["loyalty_program", "website_sale_loyalty"],
    "auto_install": True,
    "data": ["views/website_sale_templates.xml"],
    "assets": {
        "web.assets_tests": ["loyalty_program_website_sale/static/tests/tours/**/*"],
    },
}
