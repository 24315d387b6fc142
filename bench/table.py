"""The table of bench/README.md: medians, ranges, ratios and what was wanted, beside the machine and its load."""

import os
import platform
import re
import statistics
import time
from collections import defaultdict
from dataclasses import dataclass

BEGIN, END = "<!-- table:begin -->", "<!-- table:end -->"

FULL_EVENTS, FULL_LARGE = 20_000_000, 100_000_000

# Wanted of the kernel on one thread, in million events a second.
SPEEDS = {"transitions": 400, "funnel": 150, "fused": 70}
# Wanted ratios of the kernel on one thread to each peer, and the question of ours that the peer's is held against.
RATIOS = {
    ("polars", "transitions"): ("transitions", 6),
    ("DuckDB", "transitions"): ("transitions", 100),
    ("ClickHouse", "transitions"): ("transitions", 100),
    ("pm4py", "transitions"): ("transitions", 500),
    ("ClickHouse", "funnel"): ("funnel", 15),
    ("pm4py", "declare"): ("closed", 300),
    ("DuckDB", "defects"): ("fused", None),
}
# In the order of the table.
TITLES = {
    "transitions": "transitions",
    "funnel": "funnel, 4 steps in 1 h",
    "fused-without-rules": "a pass without rules",
    "fused": "all of a pass: 12 timed rules, order, channels, waits, variants",
    "defects": "9 of the 14 standards of that pass",
    "closed": "12 rules of Declare, with waits and variants",
    "declare": "12 rules of Declare",
}


@dataclass
class Machine:
    processor: str
    cores: int
    memory: float
    load: tuple
    date: str

    @staticmethod
    def now():
        with open("/proc/cpuinfo") as file:
            models = re.findall(r"model name\s*: (.*)", file.read())
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        return Machine(models[0] if models else platform.processor(), os.cpu_count(), memory, os.getloadavg(),
                       time.strftime("%Y-%m-%d", time.gmtime()))


@dataclass
class Line:
    """All passes of one contender at one question, its fastest way."""

    peer: str
    question: str
    way: str
    threads: int
    log: str
    events: int
    seconds: list
    megabytes: float

    @property
    def speed(self):
        return self.events / statistics.median(self.seconds) / 1e6

    @property
    def told(self):
        slowest, fastest = (self.events / seconds / 1e6 for seconds in (max(self.seconds), min(self.seconds)))
        return f"{short(self.speed)} | {short(slowest)}–{short(fastest)} | {len(self.seconds)}"


def markdown(runs, machine, options, versions):
    lines = fastest(runs)
    small = options.events < FULL_EVENTS or options.large < FULL_LARGE
    after = os.getloadavg()
    load = lambda averages: " ".join(f"{average:.2f}" for average in averages)
    text = [
        *(["A small run, to show the form: the budgets are for logs of 20 M and 100 M events.", ""] if small else []),
        f"{machine.date} · {machine.processor}, {machine.cores} cores, {machine.memory:.0f} GiB · "
        f"load average before {load(machine.load)}, after {load(after)} · {options.rounds} {'round' if options.rounds == 1 else 'rounds'}",
        "",
        " · ".join(f"{name} {version}" for name, version in versions.items()),
        "",
        *kernel_table(lines, options),
        "",
        *parquet_table(lines, options),
        "",
        *csv_table(lines, options),
        "",
        *drivers_table(lines, options),
        "",
        "Answers that two programs gave were the same: transitions, levels of the funnel, cases that break each rule of "
        "Declare, nine defects in SQL, importance, and of the kernel and `footpath measure` all broken and pending checks, variants, "
        "customers and funnels.",
    ]
    return "\n".join(text)


def fastest(runs):
    """One line for each peer, question, log and number of threads: its fastest way by the median."""
    passes = defaultdict(list)
    for run in runs:
        if not run["is_reference"]:
            passes[(run["peer"], run["question"], run["log"], run["threads"], run["way"])].append(run)
    best = {}
    for (peer, question, log, threads, way), runs in passes.items():
        line = Line(peer, question, way, threads, log, runs[0]["events"],
                    [seconds for run in runs for seconds in run["seconds"]], max(run["megabytes"] for run in runs))
        key = (peer, question, log, threads)
        if key not in best or line.speed > best[key].speed:
            best[key] = line
    return list(best.values())


def kernel_table(lines, options):
    yield f"**The kernel on one thread** against its peers; million events a second, {millions(options.events)} events"
    yield f"sorted by customer and time in the memory of each program ({millions(options.sample)} where it says sample)."
    yield ""
    yield "| question | program | threads | M events/s | slowest–fastest | passes | kernel is faster by | wanted | met |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|---|"
    main, sample = f"log-{options.events}.parquet", f"log-{options.sample}.parquet"
    asked = [line for line in lines if line.log in (main, sample) and line.question in TITLES]
    order = list(TITLES)
    for line in sorted(asked, key=lambda line: (line.log != main, order.index(line.question), line.peer != "kernel")):
        where = "" if line.log == main else ", sample"
        ratio, wanted, met = judged(line, lines, line.log == main)
        program = "**kernel**" if line.peer == "kernel" else f"{line.peer} ({line.way})"
        yield f"| {TITLES[line.question]}{where} | {program} | {line.threads} | {line.told} | {ratio} | {wanted} | {met} |"


def judged(line, lines, is_main):
    if line.peer == "kernel":
        wanted = SPEEDS.get(line.question) if is_main else None
        return ("", f"≥ {wanted} M/s", yes(line.speed >= wanted)) if wanted else ("", "", "")
    ours, wanted = RATIOS[(line.peer, line.question)]
    kernel = next(other for other in lines if (other.peer, other.question, other.log) == ("kernel", ours, line.log))
    ratio = kernel.speed / line.speed
    return f"{short(ratio)} ×", f"≥ {wanted} ×" if wanted else "", yes(ratio >= wanted) if wanted else ""


def parquet_table(lines, options):
    yield f"**`footpath measure` from a sorted Parquet file** of {millions(options.large)} events, the whole program,"
    yield "against the parquet crate that decodes the same columns and does nothing else."
    yield ""
    yield "| program | threads | M events/s | slowest–fastest | passes | share of bare decode | wanted | peak memory | wanted |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    log = f"log-{options.large}.parquet"
    bare = {line.threads: line for line in lines if line.question == "decode"}
    for line in bare.values():
        yield f"| bare decode | {line.threads} | {line.told} | | | | |"
    for line in lines:
        if line.question == "measure" and line.log == log:
            share = line.speed / bare[line.threads].speed
            yield (f"| **footpath measure** | {line.threads} | {line.told} | {share:.2f} | ≥ 0.50, met: {yes(share >= 0.5)} "
                   f"| {line.megabytes:.0f} MiB | < 1024 MiB, met: {yes(line.megabytes < 1024)} |")


def csv_table(lines, options):
    yield f"**From a CSV file** of {millions(options.csv)} rows in the order of time, all threads: the whole program against"
    yield "DuckDB that reads the file and sorts it by customer and time into a table (without the start of the process)."
    yield ""
    yield "| program | seconds | fastest–slowest | passes | peak memory | DuckDB's time ÷ ours | wanted | met |"
    yield "|---|--:|--:|--:|--:|--:|--:|---|"
    log = f"log-{options.csv}.csv"
    ours = [line for line in lines if line.log == log]
    peer = next(line for line in ours if line.peer == "DuckDB")
    for line in ours:
        median = statistics.median(line.seconds)
        ratio = statistics.median(peer.seconds) / median
        judgement = "| | |" if line is peer else f"{ratio:.2f} | ≥ 1.00 | {yes(ratio >= 1)} |"
        program = f"{line.peer} ({line.way})" if line is peer else f"**{line.way}**"
        yield (f"| {program} | {median:.2f} | {min(line.seconds):.2f}–{max(line.seconds):.2f} | {len(line.seconds)} "
               f"| {line.megabytes:.0f} MiB | {judgement}")


def drivers_table(lines, options):
    yield f"**What drives the outcome** of {millions(options.answers)} responses on 30 touchpoints: relative weights and intervals"
    yield "from 1,000 rounds of customers drawn anew, all threads; the survey in memory before the clock starts."
    yield ""
    yield "| program | seconds | fastest–slowest | passes | numpy's time ÷ ours | wanted | met |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    asked = {line.peer: line for line in lines if line.question == "drivers"}
    ours, peer = asked["footpath"], asked["numpy"]
    for line in (peer, ours):
        median = statistics.median(line.seconds)
        ratio = f"{statistics.median(peer.seconds) / median:.2f}"
        program = "**bench_drivers**" if line is ours else "numpy (groups of customers by their sums of products)"
        judgement = f"{ratio} | < 10 s | {yes(median < 10)} |" if line is ours else "| | |"
        yield f"| {program} | {median:.2f} | {min(line.seconds):.2f}–{max(line.seconds):.2f} | {len(line.seconds)} | {judgement}"


def write(path, text):
    before, rest = path.read_text().split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def yes(met):
    return "yes" if met else "**no**"


def short(number):
    """Three figures that count."""
    return f"{number:.3g}" if number < 100 else f"{number:.0f}"


def millions(events):
    return f"{events / 1e6:g} M"
