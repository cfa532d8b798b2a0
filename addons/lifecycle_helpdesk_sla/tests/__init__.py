from . import test_rule_sla
