from . import test_install
from . import test_play_entry
from . import test_play_steps
from . import test_play_stops
