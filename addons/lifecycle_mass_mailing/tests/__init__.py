from . import (
    test_engagement,
    test_mailing_control,
    test_mailing_gate,
    test_mailing_queries,
    test_mailing_rights,
    test_mailing_target,
    test_mailing_tour,
    test_mailing_walk,
    test_play_best_time,
    test_uninstall,
)
from . import test_privacy_mailing
