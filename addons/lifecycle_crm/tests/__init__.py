from . import test_cdnow
from . import test_demo
from . import test_history_import
from . import test_security_company
from . import test_security_models
from . import test_security_partner
from . import test_security_rpc
