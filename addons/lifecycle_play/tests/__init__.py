from . import test_install
from . import test_play_outcomes
from . import test_play_results
