"""DuckDB reads a published data folder and must count what `footpath` counts, and answer in SQL what `footpath sql` answers.

    python tests/duckdb/reads.py target/debug/footpath
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import duckdb_extension_ducklake
import duckdb_extension_sqlite_scanner

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parent.parent.parent
EVENTS = ROOT / "examples" / "shop" / "events.csv.gz"


# Asked of both in the same words, but for how each says a moment in microseconds.
QUESTIONS = [
    "select activity, count(*) as n, min({at}) as earliest, max({at}) as latest from {events} group by activity order by activity",
    "select channel, count(distinct customer) as customers, count(*) as n from {events} group by channel order by n, channel",
    "select n, count(*) as customers from (select customer, count(*) as n from {events} group by customer) as each group by n order by n",
    "select count(event_id) as with_id, count(distinct event_id) as ids from {events}",
    "select count(*) as n, sum(gap) as together from (select {at} - lag({at}) over (partition by customer order by {at}) as gap "
    "from {events}) as gaps where gap > 3600000000",
    "select a.activity as activity, count(distinct a.customer) as customers from {events} a join {events} b on a.customer = b.customer "
    "and a.\"at\" < b.\"at\" and a.activity <> b.activity group by a.activity order by a.activity",
    "select customer, count(*) as n from {events} group by customer order by n desc, customer limit 20",
]


def main():
    footpath = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        data, catalogue = folder / "data", folder / "catalogue.sqlite"
        run = lambda *words: subprocess.run([footpath, *words], check=True, cwd=folder)
        # A second file repeats events of the first under their ids, months apart on the way.
        repeated = folder / "repeated.csv"
        write_ids(folder / "first.csv", range(0, 3000))
        write_ids(repeated, range(2000, 4000))
        run("import", "--data", data, "--events", EVENTS)
        run("import", "--data", data, "--events", folder / "first.csv", repeated)
        run("publish", "--data", data, "-o", catalogue)
        run("discover", "--data", data, "--format", "json", "-o", folder / "report.json")
        report = json.loads((folder / "report.json").read_text())
        ours = {touchpoint["id"]: touchpoint["visits"] for touchpoint in report["touchpoints"]}
        lake = attach(catalogue)
        theirs = dict(lake.execute("select activity, count(*) from lake.events_once group by activity").fetchall())
        people = lake.execute("select count(distinct customer) from lake.events").fetchone()[0]
        for question in QUESTIONS:
            asked = question.format(events="events", at='cast("at" as bigint)')
            run("sql", asked, "--data", data, "--format", "json", "--out", folder / "answer.json")
            answer = [list(row.values()) for row in read(folder / "answer.json")]
            asked = question.format(events="lake.events_once", at='epoch_us("at")')
            expected = [list(row) for row in lake.execute(asked).fetchall()]
            if without_missing(answer) != without_missing(expected) or not answer:
                sys.exit(f"{question}\nfootpath sql answers {answer[:5]}, DuckDB {expected[:5]}")
    if ours != theirs or people != report["customers"]:
        sys.exit(f"DuckDB counts {people} customers and {theirs}, footpath {report['customers']} and {ours}")
    print(f"DuckDB and footpath count the same: {people} customers, {sum(theirs.values())} events, {len(theirs)} activities")
    print(f"DuckDB and footpath sql give the same answers to {len(QUESTIONS)} questions")


def read(path):
    return json.loads(path.read_text())


def without_missing(rows):
    """JSON leaves out what is missing."""
    return [[value for value in row if value is not None] for row in rows]


def write_ids(path, numbers):
    """Events with ids; an id always stands for the same event."""
    lines = ["customer_id,at,activity,event_id"]
    for number in numbers:
        month, day = 1 + number % 12, 1 + number % 28
        lines.append(f"c{number % 97},2024-{month:02}-{day:02}T{number % 24:02}:00:00Z,{'read' if number % 3 else 'wrote'},e{number}")
    path.write_text("\n".join(lines) + "\n")


def attach(catalogue):
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    for package in (duckdb_extension_sqlite_scanner, duckdb_extension_ducklake):
        [extension] = Path(package.__file__).parent.rglob("*.duckdb_extension")
        connection.execute(f"load '{extension}'")
    connection.execute(f"attach 'ducklake:sqlite:{catalogue}' as lake (read_only)")
    connection.execute("use lake")
    return connection


main()
