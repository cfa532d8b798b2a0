from . import test_install
from . import test_gate_table
from . import test_gate
from . import test_gate_race
from . import test_gate_recipients
from . import test_audience
from . import test_consent
from . import test_unsubscribe
