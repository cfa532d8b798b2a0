{
    "name": "Lifecycle: Spreadsheet Dashboard",
    "summary": "The figures of the lifecycle among Odoo's dashboards",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_crm", "spreadsheet_dashboard"],
    "auto_install": True,
    "data": ["data/dashboards.xml"],
    "assets": {
        "web.assets_tests": ["lifecycle_spreadsheet_dashboard/static/tests/tours/**/*"],
    },
}
