{
    "name": "Lifecycle Plays",
    "summary": "Act on a change of stage: steps, one message gate, control groups",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_crm", "base_automation", "sms", "phone_validation"],
    "data": [
        "security/ir.model.access.csv",
        "security/lifecycle_play_rules.xml",
        "views/lifecycle_play_views.xml",
        "views/lifecycle_play_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["lifecycle_play/static/tests/tours/**/*"],
    },
}
