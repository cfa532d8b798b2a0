{
    "name": "Loyalty Tiers: Point of Sale",
    "summary": "Tier, points and prices of members in points of sale",
    "version": "19.0.1.0.0",
    "category": "Sales/Point of Sale",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["loyalty_program", "lifecycle_pos", "pos_loyalty"],
    "auto_install": True,
    "assets": {
        "point_of_sale._assets_pos": ["loyalty_program_pos/static/src/**/*"],
        "web.assets_tests": ["loyalty_program_pos/static/tests/tours/**/*"],
    },
}
