from . import lifecycle_score
from . import portal
