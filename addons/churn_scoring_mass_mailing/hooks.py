from .models.churn_evidence import KINDS


def uninstall_hook(env):
    """What mailings told goes with them: nothing could say it any more."""
    env.cr.execute("DELETE FROM churn_evidence WHERE kind = ANY(%s)", [list(KINDS)])
    env["churn.evidence"].invalidate_model(flush=False)
