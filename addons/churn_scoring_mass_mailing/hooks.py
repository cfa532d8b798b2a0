from .models.churn_evidence import KINDS


def uninstall_hook(env):
    """What mailings told goes with them: nothing could say it any more."""
    env["churn.evidence"]._forget_kinds(KINDS)
