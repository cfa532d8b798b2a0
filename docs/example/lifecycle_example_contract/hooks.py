def post_init_hook(env):
    _request_runs(env)


def uninstall_hook(env):
    """Charges count no more: everything is computed again."""
    _request_runs(env)


def _request_runs(env):
    """Ask for a run of every company that lets no automation act on what moves."""
    companies = env["res.company"].search([])  # pylint: disable=no-search-all
    env["lifecycle.run"]._request(companies, reason="rules", quiet=True)
