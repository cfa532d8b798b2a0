from . import lifecycle_score
