from . import test_cdnow
from . import test_history_import
