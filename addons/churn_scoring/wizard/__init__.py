from . import churn_evidence_merge
