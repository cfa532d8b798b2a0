{
    "name": "Customer Lifecycle: Helpdesk SLA",
    "summary": "Rules for tickets give a customer an SLA of their own",
    "version": "19.0.1.0.0",
    "category": "After-Sales",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "AGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_helpdesk", "helpdesk_mgmt_sla"],
    "auto_install": True,
    "data": ["views/lifecycle_ticket_rule_views.xml"],
}
