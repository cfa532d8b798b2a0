def post_init_hook(env):
    _request_runs(env)


def uninstall_hook(env):
    """Sold in points of sale counts no more: everything is computed again."""
    _request_runs(env)


def _request_runs(env):
    companies = env["res.company"].search([])  # pylint: disable=no-search-all
    env["lifecycle.run"]._request(companies, reason="rules", quiet=True)
