#!/usr/bin/env python3
"""Footpath and its peers side by side: same machine, same data, same run, in turns. See bench/README.md.

    python3 bench/run.py --events 1000000                                  a look
    python3 bench/run.py --events 20000000 --large 100000000 --write       the table in bench/README.md
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# No compiled files beside the sources.
sys.dont_write_bytecode = True

import answers
import table

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
WORK = TARGET / "bench"
EXAMPLES = TARGET / "release" / "examples"
FOOTPATH = TARGET / "release" / "footpath"
JOURNEY = BENCH / "journey.yaml"
PYTHON = WORK / "venv" / "bin" / "python"


def main():
    options = parse()
    WORK.mkdir(parents=True, exist_ok=True)
    prepare()
    machine = table.Machine.now()
    logs = Logs(options)
    try:
        runs = measure(options, logs)
        problems = answers.compare(runs, JOURNEY)
        if problems:
            sys.exit("The programs do not agree:\n  " + "\n  ".join(problems))
        text = table.markdown(runs, machine, options, versions())
    finally:
        if options.clean:
            logs.remove()
    print(text)
    if options.write:
        table.write(BENCH / "README.md", text)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    count = lambda text: int(text.replace("_", ""))
    parser.add_argument("--events", type=count, default=1_000_000, help="of the log for kernel and peers")
    parser.add_argument("--large", type=count, help="of the log for `footpath measure`; as many as --events if left out")
    parser.add_argument("--csv", type=count, help="rows of the CSV file; as many as --events if left out")
    parser.add_argument("--sample", type=count, default=1_000_000, help="events for pm4py and the defects in SQL")
    parser.add_argument("--answers", type=count, default=1_000_000, help="responses of the survey for the drivers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the table into bench/README.md")
    parser.add_argument("--clean", action="store_true", help="remove the generated logs at the end")
    options = parser.parse_args()
    options.large = options.large or options.events
    options.csv = options.csv or options.events
    options.sample = min(options.sample, options.events)
    return options


def prepare(*more):
    """Builds our programs, in one go because other sets of packages have other features, and the peers in an environment of their own."""
    packages = [word for name in ("footpath", "footpath-engine", "footpath-stats", *more) for word in ("-p", name)]
    subprocess.run(["cargo", "build", "--release", *packages, "--bins", "--examples"], cwd=ROOT, check=True)
    wanted = (BENCH / "requirements.txt").read_bytes()
    mark = WORK / "venv" / "requirements.sha256"
    digest = hashlib.sha256(wanted).hexdigest()
    if not mark.exists() or mark.read_text() != digest:
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "-r", BENCH / "requirements.txt"], check=True)
        mark.write_text(digest)


class Logs:
    """Generated files, made when they are first asked for."""

    def __init__(self, options):
        self.made = []
        self.main = self.parquet(options.events)
        self.sample = self.parquet(options.sample)
        self.large = self.parquet(options.large)
        self.csv = self.make(WORK / f"log-{options.csv}.csv", options.csv, "--csv")
        self.csv_reference = self.parquet(options.csv)

    def parquet(self, events):
        return self.make(WORK / f"log-{events}.parquet", events, "--out")

    def make(self, path, events, form):
        if path not in self.made:
            self.made.append(path)
            if not path.exists():
                half = path.with_suffix(".half")
                subprocess.run([EXAMPLES / "bench_log", "--events", str(events), form, half], check=True)
                half.rename(path)
        return path

    def remove(self):
        for path in self.made:
            path.unlink(missing_ok=True)


def measure(options, logs):
    """Every contender once a round, so that a busy minute of the machine falls on all of them."""
    runs = []
    for number in range(options.rounds):
        for name, contender in contenders(options, logs):
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr)
            runs += contender()
    # Not timed: what the kernel alone answers on the logs of `footpath measure`.
    for log in {logs.large, logs.csv_reference}:
        print(f"reference: {log.name}", file=sys.stderr)
        runs += told(log, kernel(log, "transitions,measured"), is_reference=True)
    return runs


def contenders(options, logs):
    cores = os.cpu_count()
    main, sample = logs.main, logs.sample
    asks = {"polars": "transitions", "duckdb": "transitions", "clickhouse": "transitions,funnel"}
    yield "kernel", lambda: told(main, kernel(main, "transitions,funnel,fused,fused-without-rules"))
    for peer, ask in asks.items():
        for threads in sorted({1, cores}):
            yield f"{peer}, {threads} threads", lambda: told(main, with_peer(peer, main, ask, threads))
    yield "kernel on the sample", lambda: told(sample, kernel(sample, "transitions,fused")
                                               + kernel(sample, "closed", BENCH / "declare.yaml"))
    yield "pm4py", lambda: told(sample, with_peer("pm4py", sample, "transitions,declare", 1))
    yield "duckdb on the sample", lambda: told(sample, with_peer("duckdb", sample, "defects", cores))
    yield "bare decode", lambda: told(logs.large, command(EXAMPLES / "bare_decode", "--log", logs.large))
    for threads in sorted({1, cores}):
        yield f"measure, {threads} threads", lambda: whole("measure", logs.large, threads)
    yield "duckdb on CSV", lambda: told(logs.csv, with_peer("duckdb", logs.csv, "csv", cores))
    yield "measure on CSV", lambda: whole("measure", logs.csv, cores)
    yield "discover on CSV", lambda: whole("discover", logs.csv, cores)
    yield "drivers", lambda: drivers(options, cores, EXAMPLES / "bench_drivers")
    script = BENCH / "peers" / "drivers_numpy.py"
    yield "drivers in numpy", lambda: drivers(options, cores, PYTHON, "-B", script, "--way", "groups")


def drivers(options, cores, *line):
    """The drivers of a survey that each program makes for itself, outside of the measured time."""
    runs = command(*line, "--rows", options.answers, "--touchpoints", 30, "--rounds", 1000, "--threads", cores)
    return [run | {"way": run.get("way", "Footpath"), "events": run["rows"], "seconds": [run["seconds"]["all"]],
                   "log": "survey", "is_reference": False} for run in runs]


def kernel(log, ask, journey=JOURNEY):
    return command(EXAMPLES / "bench_kernel", "--log", log, "--journey", journey, "--ask", ask)


def with_peer(peer, log, ask, threads):
    script = BENCH / "peers" / f"with_{peer}.py"
    return command(PYTHON, "-B", script, "--log", log, "--ask", ask, "--threads", threads)


def whole(verb, log, threads):
    """The program as a user starts it, from the first instruction to the written report."""
    report = WORK / "report.json"
    journey = [JOURNEY] if verb == "measure" else []
    line = [FOOTPATH, verb, *journey, "--events", log, "--format", "json", "--output", report]
    seconds, megabytes, _ = child(line, {"RAYON_NUM_THREADS": str(threads)})
    told_by = json.loads(report.read_text())
    report.unlink()
    keep = {key: told_by[key] for key in ("customers", "transitions", "funnels", "standards")}
    keep["events"] = told_by["events"]["read"]
    keep["variants"] = told_by["variants"]["total"]
    run = {"peer": "footpath", "question": verb, "way": f"footpath {verb}", "threads": threads,
           "events": keep["events"], "seconds": [seconds], "answer": keep, "megabytes": megabytes}
    return told(log, [run])


def command(*line):
    """Runs a contender; every line that it prints is a result."""
    _, megabytes, output = child(line, {})
    return [json.loads(text) | {"megabytes": megabytes} for text in output.splitlines()]


def child(line, environment):
    """Wall seconds, peak memory and output of a program.

    This script loads no library of its own, because what a child shares with its parent before it starts counts as its
    memory too.
    """
    with tempfile.TemporaryFile("w+") as output:
        since = time.perf_counter()
        process = subprocess.Popen([str(word) for word in line], stdout=output, cwd=WORK,
                                   env=os.environ | environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - since
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"exit code {process.returncode}: {' '.join(str(word) for word in line)}")
        output.seek(0)
        return seconds, usage.ru_maxrss / 1024, output.read()


def told(log, runs, is_reference=False):
    return [run | {"log": log.name, "is_reference": is_reference} for run in runs]


def versions():
    lines = subprocess.run([PYTHON, "-m", "pip", "freeze"], check=True, capture_output=True, text=True).stdout
    found = dict(line.split("==") for line in lines.splitlines() if "==" in line)
    ours = subprocess.run([FOOTPATH, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    rust = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()[1]
    lock = (ROOT / "Cargo.lock").read_text().split('name = "parquet"\nversion = "')[1].split('"')[0]
    return {"footpath": ours, "rustc": rust, "parquet": lock, "polars": found["polars"], "DuckDB": found["duckdb"],
            "chdb": found["chdb"], "pm4py": found["pm4py"], "pandas": found["pandas"],
            "Python": ".".join(map(str, sys.version_info[:3]))}


if __name__ == "__main__":
    main()
