"""DuckDB reads a published data folder and must count what `footpath` counts.

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
    if ours != theirs or people != report["customers"]:
        sys.exit(f"DuckDB counts {people} customers and {theirs}, footpath {report['customers']} and {ours}")
    print(f"DuckDB and footpath count the same: {people} customers, {sum(theirs.values())} events, {len(theirs)} activities")


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
