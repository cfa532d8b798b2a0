from . import test_install
from . import test_gate_table
from . import test_gate
from . import test_gate_race
from . import test_gate_recipients
