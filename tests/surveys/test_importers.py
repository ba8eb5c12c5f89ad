"""survey_responses.csv becomes answers of the imported surveys."""

from pathlib import Path

import pytest

from surveys.enums import ResponseSource
from surveys.models import Response, Survey, SurveyVersion
from tests.customers.importing.folder import counts, load, rejected, write
from tests.world import NOW

pytestmark = pytest.mark.django_db
HEAD = "response_id,customer_id,kind,score,responded_at\n"


def test_each_kind_has_a_survey_with_one_frozen_version(tmp_path: Path) -> None:
    rows = f"{HEAD}R-1,C-1,nps,0,2024-03-01\nR-2,C-1,nps,10,2024-03-02\nR-3,C-2,csat,5,2024-03-01\n"
    report = load(write(tmp_path, survey_responses=rows))
    assert counts(report, "survey_responses") == (3, 0, 0, 0, 0)
    assert list(Survey.objects.order_by("key").values_list("key", "name")) == [
        ("imported-csat", "Imported CSAT"),
        ("imported-nps", "Imported NPS"),
    ]
    versions = SurveyVersion.objects.values_list("number", "frozen_at")
    assert list(versions) == [(1, NOW), (1, NOW)]
    assert set(Response.objects.values_list("source", flat=True)) == {
        ResponseSource.IMPORTED
    }
    load(tmp_path)
    assert (SurveyVersion.objects.count(), Response.objects.count()) == (2, 3)


@pytest.mark.parametrize(
    ("kind", "score", "reason"),
    [
        ("nps", 11, "11 is outside of 0 to 10"),
        ("csat", 0, "0 is outside of the scale of CSAT, 1 to 5"),
        ("csat", 6, "6 is outside of the scale of CSAT, 1 to 5"),
        ("ces", 8, "8 is outside of the scale of CES, 1 to 7"),
    ],
)
def test_a_score_off_its_scale_is_told(
    tmp_path: Path, kind: str, score: int, reason: str
) -> None:
    rows = f"{HEAD}R-1,C-1,{kind},{score},2024-03-01\n"
    report = load(write(tmp_path, survey_responses=rows))
    assert rejected(report) == [("survey_responses.csv", 2, "score", reason)]
    assert Response.objects.count() == 0
