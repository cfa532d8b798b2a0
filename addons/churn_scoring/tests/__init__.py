from . import test_install
from . import test_save_list
from . import test_save_outcome
from . import test_save_actions
from . import test_save_security
from . import test_churn_loss
from . import test_won_back
from . import test_churn_tour
