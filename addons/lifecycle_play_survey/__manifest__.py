{
    "name": "Lifecycle Plays: Why They Left",
    "summary": "A short survey asks lost customers why; the answer is the churn reason",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["churn_scoring", "survey"],
    "auto_install": True,
    "data": [
        "data/survey_data.xml",
        "data/mail_template_data.xml",
        "views/survey_question_views.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
