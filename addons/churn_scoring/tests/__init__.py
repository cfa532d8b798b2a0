from . import test_churn_cdnow
from . import test_evidence_buying
from . import test_evidence_documents
from . import test_evidence_refresh
from . import test_evidence_report
from . import test_evidence_stock
from . import test_install
from . import test_why
