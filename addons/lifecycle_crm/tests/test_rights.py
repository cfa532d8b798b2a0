"""The registry against the declared matrix: all in one set of people and rows."""

from odoo.tests import tagged

from .rights_actions import RightsActions
from .rights_common import RightsCase
from .rights_files import RightsFiles
from .rights_methods import RightsMethods


@tagged("post_install", "-at_install")
class TestRights(RightsMethods, RightsActions, RightsFiles, RightsCase):
    """Each part is in a file of its own; what they stand on is slow to make."""
