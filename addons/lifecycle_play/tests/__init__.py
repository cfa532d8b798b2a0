from . import test_install
from . import test_play_entry
from . import test_play_steps
from . import test_play_stops
from . import test_gate_table
from . import test_gate
from . import test_gate_race
from . import test_gate_recipients
