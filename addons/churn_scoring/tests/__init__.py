from . import test_install
from . import test_churn_cdnow
from . import test_churn_training
from . import test_churn_scores
from . import test_churn_predictions
from . import test_churn_security
