from . import test_margin_basis
from . import test_margin_facts
from . import test_margin_play
