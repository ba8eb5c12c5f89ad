"""Whether there is anything to show yet."""

from customers.models import Customer
from health.models import Run
from health.selectors.standing import latest_run


def anybody() -> bool:
    """This will be true once there is a customer, whosever it is. One query."""
    return Customer.objects.exists()


def shown_run() -> Run | None:
    """This will return the run that pages show; none where it had nobody to score.

    Somebody who tries the button, or the command, before any customer is there shall read
    what to do, and not that nobody is at risk. One query, two after such a run.
    """
    run = latest_run()
    if run is not None and not run.customers and not anybody():
        return None
    return run
