{
    "name": "Customer Lifecycle: Margin",
    "summary": "What customers bring after costs: by margin, under discount, returned",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_crm", "sale_margin"],
    "auto_install": True,
    "data": [
        "views/lifecycle_profile_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
