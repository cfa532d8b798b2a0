def post_init_hook(env):
    """Ask for the first computation: the scores are there within minutes."""
    companies = env["res.company"].search([])
    env["lifecycle.run"]._request(companies, reason="install", quiet=True)
