"""polars on presorted data: the next row's activity, where it is the same customer's, counted by pair."""

import os
import sys

# The size of the pool is read once, when the library loads.
os.environ["POLARS_MAX_THREADS"] = sys.argv[sys.argv.index("--threads") + 1]

import polars as pl

from clock import arguments, tell, timed


def main():
    args = arguments(__doc__)
    log = pl.read_parquet(args.log, columns=["customer_id", "activity"])
    names = sorted(log["activity"].cast(pl.String).unique().to_list())
    log = log.with_columns(pl.col("activity").cast(pl.String).cast(pl.Enum(names)))
    codes = log.select("customer_id", pl.col("activity").to_physical().cast(pl.UInt16)).rechunk()
    log = log.rechunk()
    ways = {"shift, group_by two columns": (by_two, log), "shift, group_by one packed column": (by_one, codes)}
    for way, (ask, data) in ways.items():
        seconds, counts = timed(lambda: ask(data, len(names)))
        answer = {f"{name(names, a)} > {name(names, b)}": n for a, b, n in counts}
        tell("polars", "transitions", way, args.threads, log.height, seconds, answer)


def is_same():
    return pl.col("customer_id") == pl.col("customer_id").shift(1)


def by_two(log, _):
    steps = log.lazy().select(a=pl.col("activity").shift(1), b=pl.col("activity"), same=is_same())
    return steps.filter("same").group_by("a", "b").len().collect().rows()


def by_one(log, n):
    pair = pl.col("activity").shift(1) * n + pl.col("activity")
    counts = log.lazy().select(pair=pair, same=is_same()).filter("same").group_by("pair").len().collect()
    return [(pair // n, pair % n, count) for pair, count in counts.rows()]


def name(names, activity):
    return names[activity] if isinstance(activity, int) else activity


main()
