from . import test_install
from . import test_play_outcomes
from . import test_play_results
from . import test_referral
from . import test_shipped_plays
