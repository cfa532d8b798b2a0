{
    "name": "Lifecycle Plays: eCommerce",
    "summary": "A cart that was left in the web shop starts a play, once",
    "version": "19.0.1.0.0",
    "category": "Website/Website",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_play", "website_sale"],
    "auto_install": True,
    "data": [
        "data/mail_template_data.xml",
        "views/lifecycle_play_enrollment_views.xml",
        "data/lifecycle_play_data.xml",
    ],
    "assets": {
        "web.assets_tests": ["lifecycle_play_website_sale/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
