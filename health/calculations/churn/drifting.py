"""What has moved since a churn model was trained."""

import numpy as np

from health.calculations.accuracy.drift import Drift, drift
from health.calculations.churn.model import ChurnModel
from health.calculations.landmarks import Landmarks

# The name under which the chance itself is compared.
SCORE = ""


def drifts(model: ChurnModel, rows: Landmarks) -> tuple[Drift, ...]:
    """This will compare today's customers, n > 0, with the last ones of training.

    One row per feature in the model's order, and one for the chance of leaving, named
    SCORE. Cost: one sort-free pass per feature, and one scoring.
    """
    chance = drift(SCORE, model.score_reference, model.score(rows).p)
    features = zip(model.design.names, model.references, strict=True)
    columns = rows.features.T.astype(np.float64)
    return (
        *(
            drift(name, before, column)
            for (name, before), column in zip(features, columns, strict=True)
        ),
        chance,
    )
