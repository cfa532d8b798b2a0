{
    "name": "Customer Lifecycle: Example, Maintenance Contracts",
    "summary": "How the suite is extended: see docs/extending.md",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["churn_scoring"],
    "data": [
        "security/example_contract_security.xml",
        "security/ir.model.access.csv",
        "views/example_contract_views.xml",
        "views/lifecycle_profile_views.xml",
        "data/lifecycle_play_data.xml",
    ],
    "assets": {
        "web.assets_backend": ["lifecycle_example_contract/static/src/**/*"],
        "web.assets_tests": ["lifecycle_example_contract/static/tests/tours/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
