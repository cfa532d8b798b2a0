from . import res_partner
from . import survey_question_answer
from . import survey_user_input
from . import lifecycle_play
