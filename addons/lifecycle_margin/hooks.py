def post_init_hook(env):
    """What is known of costs is computed for all customers."""
    _request_runs(env["res.company"].search([]))  # pylint: disable=no-search-all


def uninstall_hook(env):
    """Companies that counted by margin count by revenue again."""
    _request_runs(env["res.company"].search([("lifecycle_value_basis", "=", "margin")]))


def _request_runs(companies):
    companies._recompute_lifecycle_values()
