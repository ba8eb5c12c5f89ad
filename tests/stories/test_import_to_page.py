"""Import, a run in a real worker, and the page that shows the right customer first.

The scores of three customers are worked out by hand here, from the files' own numbers and
the published anchors, without a line of the product's arithmetic.
"""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from tests.live import Site, Visitor, site
from tests.processes import ROOT, wait_until

PASSWORD = "a long enough password"

# Three customers on 30 June 2026. Tickets are opened by nobody but Alder.
FILES = {
    "customers.csv": """customer_id,name,customer_since,segment,owner_email
A,Alder & Voss,2024-06-30,Mid-market,ana@example.org
B,Brightwater,2024-06-30,Mid-market,ana@example.org
C,Calm Clinics,2026-05-31,Small,ana@example.org
""",
    "contacts.csv": """contact_id,customer_id,name,is_primary
1,A,Mara Ionescu,1
2,B,Tom Reyes,1
""",
    "subscriptions.csv": """subscription_id,customer_id,started_on,mrr,seats,interval_months
SA,A,2024-06-30,4000,40,12
SB,B,2024-06-30,1000,10,12
SC,C,2026-05-31,300,0,1
""",
    "invoices.csv": """invoice_id,customer_id,issued_on,due_on,paid_on,total
IA,A,2026-05-27,2026-06-10,,4000
IB,B,2026-06-01,2026-06-15,2026-06-14,1000
""",
    "tickets.csv": """ticket_id,customer_id,opened_at,resolved_at,escalated,satisfaction
T1,A,2026-06-20T08:00:00+00:00,2026-06-22T08:00:00+00:00,1,3
""",
    "survey_responses.csv": """response_id,customer_id,kind,score,responded_at
R1,A,nps,4,2026-06-10T12:00:00+00:00
R2,B,nps,10,2026-06-10T12:00:00+00:00
""",
    "interactions.csv": """interaction_id,customer_id,kind,happened_at
X1,A,call,2026-05-01T12:00:00+00:00
X2,B,call,2026-06-20T12:00:00+00:00
""",
}


def usage() -> str:
    """Alder: 20 users and 200 events a day in March to May, 6 and 90 in June."""
    lines = ["customer_id,day,active_users,events,features"]
    days = [("2026-03", 31), ("2026-04", 30), ("2026-05", 31), ("2026-06", 30)]
    for month, length in days:
        for day in range(1, length + 1):
            late = month == "2026-06"
            lines.append(
                f"A,{month}-{day:02},{6 if late else 20},{90 if late else 200},3"
            )
            lines.append(f"B,{month}-{day:02},9,100,5")
    return "\n".join(lines) + "\n"


def line(value: float, worst: float, warn: float, good: float, best: float) -> float:
    """The published rule: 0, 50, 70 and 100 at the anchors, straight lines between."""
    points = [(worst, 0.0), (warn, 50.0), (good, 70.0), (best, 100.0)]
    if worst > best:
        points = [(-x, y) for x, y in points]
        value = -value
    if value <= points[0][0]:
        return 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        if value <= x1:
            return y0 + (value - x0) / (x1 - x0) * (y1 - y0)
    return 100.0


def by_hand() -> dict[str, tuple[float, float]]:
    """Score and coverage, measure by measure, with the published weights.

    The last 31 days are 31 May to 30 June; the 90 before them begin on 2 March. There
    are no key features, payments, discounts, invitations, executives or administrators
    on record, so what measures them does not apply.
    """
    # Alder: 31 May still has 20 users and 200 events.
    recent = (6 * 30 + 20) / 31
    events = ((90 * 30 + 200) / 31) / 200
    renewed_in_a_year = line(365, -60, 14, 90, 300)
    since_two_years = line(730 / 30.4375, 0, 3, 12, 36)
    alder = [
        (9, line(recent / 20, 0.3, 0.7, 0.9, 1.1)),
        (5, line(events, 0.25, 0.65, 0.9, 1.1)),
        (4, line(20 / 40, 0.1, 0.35, 0.55, 0.85)),
        (3, line(recent / 40, 0.05, 0.2, 0.35, 0.65)),
        (4, 100.0),  # used on all 28 days
        (2, 100.0),  # and on all 14
        (4, 100.0),  # last used today
        (3, line(3, 0, 1, 3, 5)),
        (2, line(1, 8, 4, 1, -1)),  # a ticket
        (1, line((1 + 2) / (0 + 2), 3, 1.8, 1, 0)),  # none before
        (2, line(0, 6, 3, 0, -3)),  # none open
        (3, line(1, 3, 1, 0, -1)),  # escalated
        (1, line(0, 3, 1, 0, -1)),  # not reopened
        (2, line(48 / 96, 5, 2, 1, 0.2)),  # two days, four are the target
        (3, line(3, 1.5, 3, 3.8, 4.8)),
        (10, line(4, 2, 6, 8, 10)),
        (3, line(20, 30, 10, 0, -10)),  # due 10 June, 20 days ago
        (2, line(1, 3, 1, 0, -1)),
        (2, line(1, 0.5, 0.85, 1, 1.15)),
        (1, line(180, 0, 90, 180, 270)),  # no downgrade
        (1, renewed_in_a_year),
        (1, line(12, 0, 1, 6, 12)),  # pays by the year
        (1, since_two_years),
        (3, line(60, 120, 60, 35, 10)),  # 1 May, 60 days ago
        (1, line(0, -1, 0, 1, 4)),  # a call is no meeting
        (2, line(120, 0, 60, 120, 180)),
        (1, line(0, 4, 2, 0, -2)),  # no task
    ]
    bright = [
        (9, line(1, 0.3, 0.7, 0.9, 1.1)),
        (5, line(1, 0.25, 0.65, 0.9, 1.1)),
        (4, line(9 / 10, 0.1, 0.35, 0.55, 0.85)),
        (3, line(9 / 10, 0.05, 0.2, 0.35, 0.65)),
        (4, 100.0),
        (2, 100.0),
        (4, 100.0),
        (3, line(5, 0, 1, 3, 5)),
        (2, line(0, 8, 4, 1, -1)),
        (2, line(0, 6, 3, 0, -3)),
        (3, line(0, 3, 1, 0, -1)),
        (10, 100.0),
        (3, line(0, 30, 10, 0, -10)),
        (2, line(0, 3, 1, 0, -1)),
        (2, line(1, 0.5, 0.85, 1, 1.15)),
        (1, line(180, 0, 90, 180, 270)),
        (1, renewed_in_a_year),
        (1, line(12, 0, 1, 6, 12)),
        (1, since_two_years),
        (3, 100.0),  # called 10 days ago
        (1, line(0, -1, 0, 1, 4)),
        (2, line(120, 0, 60, 120, 180)),
        (1, line(0, 4, 2, 0, -2)),
    ]
    # Calm has never used, paid, spoken or answered; a month old, so trends do not apply.
    calm = [
        (2, line(0, 8, 4, 1, -1)),
        (2, line(0, 6, 3, 0, -3)),
        (3, line(0, 3, 1, 0, -1)),
        (1, line(180, 0, 90, 180, 270)),
        (1, line(1, 0, 1, 6, 12)),  # pays by the month
        (1, line(30 / 30.4375, 0, 3, 12, 36)),
        (1, line(0, 4, 2, 0, -2)),
    ]
    pulse = 3
    asked = {
        "A": sum(w for w, _ in alder) + pulse,
        "B": sum(w for w, _ in bright) + pulse,
        # Days in use 4 and 2, last used 4, features 3, NPS 10, overdue 3, late 2,
        # contact 3, pulse 3, main contact 2.
        "C": sum(w for w, _ in calm) + 4 + 2 + 4 + 3 + 10 + 3 + 2 + 3 + pulse + 2,
    }
    return {
        key: (
            sum(w * s for w, s in parts) / sum(w for w, _ in parts),
            sum(w for w, _ in parts) / asked[key],
        )
        for key, parts in (("A", alder), ("B", bright), ("C", calm))
    }


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "usage.csv").write_text(usage())
    return folder


def prepared(running: Site, company: Path) -> None:
    running.python(
        "from accounts.models import User, Company\n"
        "Company.objects.create(id=1, currency='EUR')\n"
        f"User.objects.create_user('ana@example.org', {PASSWORD!r}, name='Ana Popescu')"
    )
    running.manage("import_folder", str(company), "--no-score")


def test_the_command_people_type_loads_the_folder_they_name(
    tmp_path: Path, company: Path
) -> None:
    """script/import itself, from another folder, by a relative path."""
    with site(tmp_path / "site") as running:
        command = [str(ROOT / "script" / "import"), company.name, "--no-score"]
        (company.parent / "mine.toml").write_text('[company]\ncurrency = "EUR"\n')
        command += ["--mapping", "mine.toml"]
        for _ in range(2):
            done = subprocess.run(
                command,
                cwd=company.parent,
                env=running.env,
                capture_output=True,
                text=True,
                check=False,
                timeout=240,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert running.rows("SELECT count(*) FROM customers_customer") == [(3,)]
        command[1] = "nowhere"
        wrong = subprocess.run(
            command, cwd=company.parent, env=running.env, capture_output=True,
            text=True, check=False, timeout=240,
        )  # fmt: skip
        assert wrong.returncode == 2
        assert f"{company.parent}/nowhere is not a folder." in wrong.stderr


def test_import_run_page(tmp_path: Path, company: Path) -> None:
    with site(tmp_path) as running:
        prepared(running, company)
        running.python(
            "import datetime as dt\n"
            "from django.utils import timezone\n"
            "from health.services.runs import run_start\n"
            "run_start(kind='manual', as_of=dt.date(2026, 6, 30), now=timezone.now())"
        )
        assert running.rows("SELECT state FROM health_run") == [("running",)]
        running.start_worker()
        wait_until(
            lambda: running.rows("SELECT state FROM health_run") == [("done",)],
            "The worker's end of the run",
        )

        scored = {
            key: (score, coverage, band)
            for key, score, coverage, band in running.rows(
                "SELECT external_id, score, coverage, band FROM health_standing s"
                " JOIN customers_customer c ON c.id = s.customer_id"
            )
        }
        for key, (score, coverage) in by_hand().items():
            assert scored[key][0] == pytest.approx(score, abs=1e-4), key  # type: ignore[index]
            assert scored[key][1] == pytest.approx(coverage, abs=1e-6), key  # type: ignore[index]
        assert {key: row[2] for key, row in scored.items()} == {"A": 2, "B": 3, "C": 0}

        running.start_web()
        ana = Visitor(running.address)
        ana.sign_in("ana@example.org", PASSWORD)
        page = ana.get("/customers/")
        names = re.findall(r"data-open>([^<]+)<", page)
        assert names[0] == "Alder &amp; Voss"
        assert sorted(names) == ["Alder &amp; Voss", "Brightwater", "Calm Clinics"]
        assert "Active users fell from 20 to 6 since April" in page
