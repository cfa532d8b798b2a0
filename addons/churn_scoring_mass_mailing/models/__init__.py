from . import churn_evidence, mailing_mailing
