"""How good the models of churn and value are on purchases with a known end."""
