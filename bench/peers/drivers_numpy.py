"""Drivers with numpy: population importance by relative weights, and intervals by drawing customers anew.

    python bench/peers/drivers_numpy.py --rows 1000000 --touchpoints 30 --rounds 1000 --way groups --threads 2
    python bench/peers/drivers_numpy.py --rows 1000000 --touchpoints 30 --rounds 10 --way rows --threads 2

The survey is the one of crates/stats/examples/bench_drivers.rs, made of the same mixed counters, and the importance must
be the same. `groups` draws groups of customers by their sums of products, as Footpath does, all rounds in one product of
matrices; `rows` is what is usually done, a new set of rows for each round, so ask it for few rounds.
"""

import argparse
import json
import os
import sys
import time

# The size of the pool is read once, when the library loads.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = sys.argv[sys.argv.index("--threads") + 1] if "--threads" in sys.argv else "2"

import numpy as np

GROUPS = 2048


def main():
    args = arguments()
    outcome, scores = survey(args.rows, args.touchpoints)
    began = time.perf_counter()
    columns, owner = matrix(outcome, scores)
    draw = by_groups if args.way == "groups" else by_rows
    full, rounds, summed = draw(columns, args.rounds)
    importance, r2 = shares(full, owner)
    drawn = np.array([shares(covariance, owner)[0] for covariance in rounds])
    seconds = {"sums": summed - began, "rounds": time.perf_counter() - summed, "all": time.perf_counter() - began}
    limits = np.percentile(drawn, [2.5, 97.5], axis=0)
    first = [{"touchpoint": f"touchpoint {j:02}", "importance": importance[j], "interval": list(limits[:, j])}
             for j in np.argsort(-importance)[:5]]
    print(json.dumps({"peer": "numpy", "question": "drivers", "way": args.way, "rows": args.rows,
                      "touchpoints": args.touchpoints, "rounds": args.rounds, "threads": args.threads,
                      "seconds": seconds, "answer": {"r2": r2, "first": first}}))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--touchpoints", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--way", choices=["groups", "rows"], default="groups")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def survey(rows, touchpoints):
    """The outcome, and scores with NaN where a touchpoint was not met."""
    row = np.arange(rows, dtype=np.uint64)
    feeling, outcome = unit(row, 1000), 2.0 * unit(row, 1001)
    scores = np.full((touchpoints, rows), np.nan)
    for j in range(touchpoints):
        met = unit(row, 2 * j + 1) < 1.0 - 0.8 * j / touchpoints
        score = np.floor(11.0 * ((feeling + unit(row, 2 * j)) / 2.0))
        outcome += np.where(met, (score - 5.0) / (j + 4), 0.0)
        scores[j, met] = score[met]
    return outcome, scores


def unit(row, use):
    return (mixed(row * np.uint64(2048) + np.uint64(use)) >> np.uint64(11)).astype(float) / 2.0**53


def mixed(counter):
    z = counter * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def matrix(outcome, scores):
    """Columns of one, the outcome, and by touchpoint met and met times the centred score; and whose column is whose."""
    columns, owner = [np.ones_like(outcome), outcome - outcome.mean()], []
    for j, score in enumerate(scores):
        met = ~np.isnan(score)
        if not met.all():
            columns.append(met.astype(float))
            owner.append(j)
        columns.append(np.where(met, score - score[met].mean(), 0.0))
        owner.append(j)
    return np.column_stack(columns), np.array(owner)


def by_groups(columns, rounds):
    group = mixed(np.arange(len(columns), dtype=np.uint64) + np.uint64(1)) >> np.uint64(53)
    order = np.argsort(group, kind="stable")
    columns, ends = columns[order], np.searchsorted(group[order], np.arange(GROUPS + 1))
    kept = [(start, end) for start, end in zip(ends, ends[1:]) if end > start]
    products = np.array([columns[start:end].T @ columns[start:end] for start, end in kept])
    summed = time.perf_counter()
    random = np.random.default_rng(1)
    weights = random.multinomial(len(products), np.full(len(products), 1 / len(products)), size=rounds)
    drawn = weights.astype(float) @ products.reshape(len(products), -1)
    return covariance(products.sum(axis=0)), map(covariance, drawn.reshape(-1, *products.shape[1:])), summed


def by_rows(columns, rounds):
    full = covariance(columns.T @ columns)
    summed = time.perf_counter()
    random = np.random.default_rng(1)

    def drawn():
        for _ in range(rounds):
            sample = columns[random.integers(0, len(columns), len(columns))]
            yield covariance(sample.T @ sample)

    return full, drawn(), summed


def covariance(products):
    means = products[0, 1:] / products[0, 0]
    return products[1:, 1:] / products[0, 0] - np.outer(means, means)


def shares(covariance, owner):
    """Relative weights (Johnson 2000), summed over the columns of each touchpoint."""
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)
    values, vectors = np.linalg.eigh(correlation[1:, 1:])
    root = np.sqrt(values)
    beta = vectors @ (vectors.T @ correlation[0, 1:] / root)
    weights = ((vectors * root) @ vectors.T) ** 2 @ beta**2
    return np.bincount(owner, weights), weights.sum()


main()
