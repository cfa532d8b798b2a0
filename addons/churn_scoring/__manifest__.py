{
    "name": "Churn Scoring",
    "summary": "Lifetime value and churn risk, proven on the company's own past",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Customer Lifecycle Contributors",
    "website": "https://github.com/customer-lifecycle/customer-lifecycle",
    "license": "LGPL-3",
    "development_status": "Alpha",
    "depends": ["lifecycle_play"],
    "external_dependencies": {"python": ["numpy", "pandas", "scipy"]},
}
