from . import test_cdnow
from . import test_demo
from . import test_history_import
