{
    "name": "Customer Lifecycle: Helpdesk Ratings",
    "summary": "A bad rating of a ticket starts a play",
    "version": "19.0.1.0.0",
    "category": "After-Sales",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "AGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_helpdesk", "helpdesk_mgmt_rating"],
    "auto_install": True,
    "data": ["data/lifecycle_play_data.xml"],
}
