{
    "name": "Customer Lifecycle: Helpdesk and Tiers",
    "summary": "The loyalty tier of the customer on each ticket, and rules by tier",
    "version": "19.0.1.0.0",
    "category": "After-Sales",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "AGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_helpdesk", "loyalty_program"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "views/helpdesk_ticket_views.xml",
        "views/lifecycle_ticket_rule_views.xml",
    ],
}
