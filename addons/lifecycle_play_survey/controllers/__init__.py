from . import churn_survey
