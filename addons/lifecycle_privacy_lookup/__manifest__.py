{
    "name": "Customer Lifecycle: Privacy",
    "summary": "Erasure by Odoo's privacy lookup reaches what Lifecycle computed",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_crm", "privacy_lookup"],
    "auto_install": True,
}
