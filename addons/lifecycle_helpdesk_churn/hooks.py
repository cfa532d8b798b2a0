from .models.churn_evidence_neighbours import NEIGHBOUR_KINDS
from .models.churn_evidence_tickets import TICKET_KINDS


def uninstall_hook(env):
    """What tickets told goes with them: nothing could say it any more."""
    env["churn.evidence"]._forget_kinds((*TICKET_KINDS, *NEIGHBOUR_KINDS))
