from . import test_mailing_evidence, test_mailing_risk, test_uninstall
