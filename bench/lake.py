#!/usr/bin/env python3
"""A data folder at several sizes: importing, its size on disk, questions, one customer's timeline, erasing. See bench/LAKE.md.

    python3 bench/lake.py --sizes 1_000_000,2_000_000                            a look
    python3 bench/lake.py --sizes 1_000_000,10_000_000,100_000_000,1_000_000_000 --write

Each size is a folder of its own, filled by `footpath import` from generated files of up to 100 M events; a folder that is
there is not filled again, and what its import took then stands beside it.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

import run
import table

PART = 100_000_000
FOOTPATH, EXAMPLES, WORK, BENCH, JOURNEY = run.FOOTPATH, run.EXAMPLES, run.WORK, run.BENCH, run.JOURNEY
CHAOS = run.TARGET / "release" / "footpath-chaos"
PAGE = BENCH / "LAKE.md"


def main():
    options = parse()
    WORK.mkdir(parents=True, exist_ok=True)
    run.prepare("footpath-chaos")
    machine = table.Machine.now()
    rows = [size(events, options) for events in options.sizes]
    text = "\n".join(
        [
            f"{machine.date} · {machine.processor}, {machine.cores} cores, {machine.memory:.0f} GiB · load average before "
            + " ".join(f"{load:.2f}" for load in machine.load) + ", after "
            + " ".join(f"{load:.2f}" for load in os.getloadavg()) + f" · {options.rounds} rounds, medians",
            "",
            *sizes_table(rows),
            "",
            *csv_table(options),
            "",
            *peer_table(options),
            "",
            *ingest_table(options),
        ]
    )
    print(text)
    if options.write:
        table.write(PAGE, text)


def parse():
    count = lambda text: int(text.replace("_", ""))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=lambda text: [count(one) for one in text.split(",")], default=[1_000_000])
    parser.add_argument("--csv", type=count, help="rows of the CSV file; the smaller of 20 M and the largest size if left out")
    parser.add_argument("--peer", type=count, help="events for DuckDB; the smaller of 100 M and the largest size if left out")
    parser.add_argument("--seconds", type=int, default=10, help="of each way of sending events")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.name}")
    options = parser.parse_args()
    options.csv = options.csv or min(20_000_000, max(options.sizes))
    options.peer = options.peer or max((one for one in options.sizes if one <= PART), default=min(options.sizes))
    return options


def size(events, options):
    """One row: everything about a folder of so many events."""
    folder = WORK / f"lake-{events}"
    took = folder.with_suffix(".json")
    if not folder.exists():
        took.write_text(json.dumps(fill(folder, events)))
    row = {"events": events, "import": json.loads(took.read_text())}
    row["bytes"] = sum(file.stat().st_size for file in (folder / "events").rglob("*.parquet")) / events
    report = WORK / "report.json"
    measured = []
    for number in range(options.rounds + 1):
        say(f"{events:,}: measure {number} of {options.rounds}")
        measured.append(run.child([FOOTPATH, "measure", JOURNEY, "--data", folder, "--format", "json", "-o", report], {}))
    told = json.loads(report.read_text())["events"]["read"]
    report.unlink()
    # Parts are whole customers, so each is a few events longer than it was asked to be; earlier runs erased one each.
    if not events - 1000 <= told <= events + 20 * (1 + events // PART):
        sys.exit(f"{folder} holds {told} events, not {events}")
    # The first one warms up.
    row["seconds"] = statistics.median(seconds for seconds, _, _ in measured[1:])
    row["megabytes"] = max(megabytes for _, megabytes, _ in measured)
    someone = some_customer(folder)
    row["timeline"] = statistics.median(
        run.child([FOOTPATH, "timeline", someone, "--data", folder, "--format", "json"], {})[0] for _ in range(options.rounds * 3)
    )
    row["erase"], _, _ = run.child([FOOTPATH, "erase", someone, "--data", folder], {})
    return row


def fill(folder, events):
    """Seconds that the imports took; the generated files are made and removed beside the clock."""
    half = folder.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    spent, part, left = 0.0, 0, events
    while left > 0:
        log = WORK / "lake-part.parquet"
        say(f"{events:,}: generate part {part}")
        subprocess.run([EXAMPLES / "bench_log", "--events", str(min(left, PART)), "--part", str(part), "--out", log], check=True)
        say(f"{events:,}: import part {part}")
        seconds, _, _ = run.child([FOOTPATH, "import", "--events", log, "--data", half], {})
        log.unlink()
        spent, part, left = spent + seconds, part + 1, left - PART
    half.rename(folder)
    return spent


def some_customer(folder):
    """The first customer of the first part, as the generator gives it, whom no earlier run has erased."""
    log = WORK / "lake-first.csv"
    subprocess.run([EXAMPLES / "bench_log", "--events", "2000", "--csv", log, "--order", "customer"], check=True,
                   stderr=subprocess.DEVNULL)
    customers = dict.fromkeys(line.split(",")[0] for line in log.read_text().splitlines()[1:])
    log.unlink()
    for customer in customers:
        known = subprocess.run([FOOTPATH, "timeline", customer, "--data", folder], capture_output=True).returncode == 0
        if known:
            return customer
    sys.exit(f"{folder}: every customer that is known here was erased; remove the folder")


def sizes_table(rows):
    yield "| events | import, M events/s | bytes an event | full `measure` | M events/s | peak memory | timeline of one | erasing one |"
    yield "|--:|--:|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        imported = f"{row['events'] / row['import'] / 1e6:.2f}"
        yield (f"| {row['events'] / 1e6:g} M | {imported} | {row['bytes']:.2f} | {row['seconds']:.2f} s "
               f"| {row['events'] / row['seconds'] / 1e6:.1f} | {row['megabytes']:.0f} MiB "
               f"| {1000 * row['timeline']:.0f} ms | {row['erase']:.2f} s |")


def csv_table(options):
    """A CSV file in the order of time into a folder, against DuckDB that sorts the same file into Parquet."""
    log = WORK / f"log-{options.csv}.csv"
    if not log.exists():
        subprocess.run([EXAMPLES / "bench_log", "--events", str(options.csv), "--csv", log], check=True)
    ours, theirs = [], []
    for number in range(options.rounds):
        say(f"CSV: round {number + 1} of {options.rounds}")
        folder, sorted_file = WORK / "lake-csv", WORK / "duckdb-sorted.parquet"
        shutil.rmtree(folder, ignore_errors=True)
        ours.append(run.child([FOOTPATH, "import", "--events", log, "--data", folder], {})[0])
        statement = (f"copy (select * from read_csv('{log}') order by customer_id, \"at\") to '{sorted_file}' "
                     "(format parquet, compression zstd)")
        theirs.append(run.child([run.PYTHON, "-c", f"import duckdb; duckdb.sql({statement!r})"], {})[0])
        shutil.rmtree(folder)
        sorted_file.unlink()
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    yield f"| {options.csv / 1e6:g} M rows of CSV in the order of time | seconds | M events/s |"
    yield "|---|--:|--:|"
    yield f"| `footpath import`, sorted, on the disk for certain | {ours:.1f} | {options.csv / ours / 1e6:.2f} |"
    yield f"| DuckDB, `COPY` sorted by customer and time into Parquet | {theirs:.1f} | {options.csv / theirs / 1e6:.2f} |"
    yield ""
    yield f"DuckDB's time ÷ ours: {theirs / ours:.2f} (wanted: 0.5 or more)."


def peer_table(options):
    """Transitions in SQL over the very files of the folder, against a whole `measure` and against the kernel's."""
    folder = WORK / f"lake-{options.peer}"
    files = f"{folder}/events/**/*.parquet"
    statement = ("select count(*) from (select activity, lag(activity) over (partition by customer order by \"at\") as before "
                 f"from read_parquet('{files}')) where before is not null group by activity, before")
    theirs = []
    for number in range(options.rounds):
        say(f"DuckDB: round {number + 1} of {options.rounds}")
        theirs.append(run.child([run.PYTHON, "-c", f"import duckdb; duckdb.sql({statement!r}).fetchall()"], {})[0])
    ours = [run.child([FOOTPATH, "measure", JOURNEY, "--data", folder, "--format", "json", "-o", os.devnull], {})[0]
            for _ in range(options.rounds)]
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    yield f"| {options.peer / 1e6:g} M events of the folder | seconds | M events/s |"
    yield "|---|--:|--:|"
    yield f"| `footpath measure`: all of a pass, files read and report written | {ours:.1f} | {options.peer / ours / 1e6:.1f} |"
    yield f"| DuckDB: transitions alone, `lag()` by customer | {theirs:.1f} | {options.peer / theirs / 1e6:.1f} |"
    yield ""
    yield f"DuckDB's time for transitions alone ÷ ours for everything: {theirs / ours:.1f}."


def ingest_table(options):
    """What `footpath-chaos ingest` says of durable events, as it says it."""
    say("durable events")
    told = subprocess.run([CHAOS, "ingest", "--seconds", str(options.seconds)], check=True, capture_output=True, text=True)
    yield "Durable events, sent to the program itself (`footpath-chaos ingest`):"
    yield ""
    yield "```"
    yield from told.stdout.strip().splitlines()
    yield "```"


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
