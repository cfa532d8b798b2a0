{
    "name": "Loyalty Tiers: Email Marketing",
    "summary": "Mailings to the members of a tier",
    "version": "19.0.1.0.0",
    "category": "Marketing/Email Marketing",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["loyalty_program", "lifecycle_mass_mailing"],
    "auto_install": True,
    "data": [
        "views/mailing_mailing_views.xml",
        "views/loyalty_tier_views.xml",
    ],
}
