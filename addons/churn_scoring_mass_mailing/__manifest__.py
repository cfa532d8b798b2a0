{
    "name": "Churn Scoring: Email Marketing",
    "summary": "Mailings by risk; bounces, opt-outs and silence as evidence",
    "version": "19.0.1.0.0",
    "category": "Marketing/Email Marketing",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["churn_scoring", "lifecycle_mass_mailing"],
    "auto_install": True,
    "data": ["views/mailing_mailing_views.xml"],
    "uninstall_hook": "uninstall_hook",
}
