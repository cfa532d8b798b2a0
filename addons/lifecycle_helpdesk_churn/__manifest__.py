{
    "name": "Customer Lifecycle: Helpdesk and Churn",
    "summary": "Churn risk on tickets, rules by risk, and tickets as evidence",
    "version": "19.0.1.0.0",
    "category": "After-Sales",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "AGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_helpdesk", "churn_scoring"],
    "auto_install": True,
    "data": [
        "views/helpdesk_ticket_views.xml",
        "views/lifecycle_ticket_rule_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
