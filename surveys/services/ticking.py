"""What happens to surveys every minute."""

import datetime as dt
import logging
import time
from collections.abc import Callable

from common.errors import KeepwellError
from common.locks import Lock, session_lock_on
from common.outage import database_is_away
from surveys.enums import SurveyState
from surveys.models import Survey
from surveys.selectors.turns import Day, day_of
from surveys.services.asking import survey_ask
from surveys.services.ending import invitations_expire, surveys_end
from surveys.services.purging import links_end
from surveys.services.reminding import survey_remind

logger = logging.getLogger(__name__)
# A task may take 90 seconds; the next tick goes on where this one stops.
TICK_SECONDS = 45.0


def surveys_tick(*, now: dt.datetime, seconds: float = TICK_SECONDS) -> None:
    """This will ask, remind and end whatever is due.

    One at a time: a tick that finds another at work leaves it to that one. Trouble with
    one survey does not keep the others; its page says what is wrong.
    """
    with session_lock_on(Lock.SURVEY_TICK, 0) as free:
        if free:
            _work(day_of(now), _clock(seconds))


def _clock(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def _work(day: Day, go_on: Callable[[], bool]) -> None:
    surveys_end(day=day)
    invitations_expire(now=day.now)
    running = Survey.objects.filter(state=SurveyState.RUNNING)
    # Whoever asked longest ago goes first, so that a long round keeps nobody back for ever.
    for survey in running.select_related("sender").order_by("asked_on", "pk"):
        trouble = _survey_work(survey, day, go_on)
        if trouble != survey.trouble:
            Survey.objects.filter(pk=survey.pk).update(trouble=trouble)
    links_end(now=day.now)


def _survey_work(survey: Survey, day: Day, go_on: Callable[[], bool]) -> str:
    """This will do what a survey has to do, and return what went wrong in words."""
    try:
        survey_ask(survey=survey, day=day, go_on=go_on)
        survey_remind(survey=survey, now=day.now, go_on=go_on)
    except KeepwellError as error:
        return str(error)
    except Exception as error:
        if database_is_away(error):
            raise
        logger.exception("Survey %s could not ask", survey.pk)
        return f"{type(error).__name__}: {error}"
    return ""
