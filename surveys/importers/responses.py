"""survey_responses.csv: answers that were collected elsewhere."""

import json
from collections.abc import Sequence
from typing import Any

from customers.extension import Importer
from customers.importing.load import Check, Load, contact_known, customer_known
from customers.importing.tally import Counts
from customers.importing.upsert import known_at, taken_over, upsert
from customers.importing.values import Column
from surveys.calculations.scales import SCALES
from surveys.enums import ResponseSource, SurveyKind, SurveyState
from surveys.models import Survey, SurveyVersion

DIRECT = {
    "contact_id": "contact_id",
    "score": "score",
    "comment": "comment",
    "responded_at": "responded_at",
    "recorded_at": "recorded_at",
}


class ResponseImporter(Importer):
    """Answers, each to the "Imported …" survey of its kind."""

    table = "survey_responses"
    noun = "response"
    key = ("response_id",)
    newest = "responded_at"
    columns = (
        Column("response_id", required=True, size=100),
        Column("customer_id", required=True, size=100),
        Column("kind", "choice", required=True, choices=tuple(SurveyKind.values)),
        Column("score", "integer", required=True, high=10),
        Column("responded_at", "moment", required=True, past=True),
        Column("contact_id", size=100),
        Column("comment"),
        Column("recorded_at", "moment", past=True),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject unknown customers and contacts, and scores off the scale."""
        del load
        scales = (
            Check(
                "score",
                f"s.kind = '{kind}' AND s.score NOT BETWEEN {low} AND {high}",
                f"format('%%s is outside of the scale of {kind.upper()}, {low} to {high}', "
                "s.score)",
            )
            for kind, (low, high) in SCALES.items()
        )
        return (customer_known(), contact_known(), *scales)

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will make the survey of each kind that the file holds."""
        cursor.execute("SELECT DISTINCT kind FROM import_stage ORDER BY kind")
        kinds = [kind for (kind,) in cursor.fetchall()]
        self.versions = json.dumps(
            {kind: version_ensure(SurveyKind(kind), load) for kind in kinds}
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of answers."""
        return self.written(
            cursor,
            load,
            first,
            last,
            upsert(
                table="surveys_response",
                conflict="(external_id)",
                source="FROM import_stage s JOIN customers_customer c "
                "ON c.external_id = s.customer_id LEFT JOIN customers_contact k "
                "ON k.customer_id = c.id AND k.external_id = s.contact_id "
                "WHERE s.line > %(first)s AND s.line <= %(last)s",
                order="s.response_id",
                columns={
                    "customer_id": "c.id",
                    "contact_id": "k.id",
                    "version_id": "(%(versions)s::jsonb ->> s.kind)::bigint",
                    "external_id": "s.response_id",
                    "kind": "s.kind",
                    "score": "s.score",
                    "comment": "COALESCE(s.comment, '')",
                    "source": f"'{ResponseSource.IMPORTED.value}'",
                    "language": "''",
                    "no_reply": "false",
                    "flags": "'{}'",
                    "counted": "true",
                    "decision": "''",
                    "resolution": "''",
                    "responded_at": "s.responded_at",
                    "recorded_at": known_at("s.recorded_at", "s.responded_at"),
                    "recorded_assumed": "s.recorded_at IS NULL",
                },
                update=taken_over(load.present, DIRECT),
            ),
            versions=self.versions,
        )


def version_ensure(kind: SurveyKind, load: Load) -> int:
    """This will find or make the frozen version that imported answers belong to."""
    survey, _made = Survey.objects.get_or_create(
        key=f"imported-{kind.value}",
        defaults={
            "name": f"Imported {kind.name}",
            "kind": kind,
            "state": SurveyState.IMPORTED,
        },
    )
    version, _made = SurveyVersion.objects.get_or_create(
        survey=survey, number=1, defaults={"frozen_at": load.now}
    )
    return int(version.pk)
