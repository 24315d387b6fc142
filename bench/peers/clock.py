"""How long a pass takes, by the rule of crates/engine/examples/bench/stopwatch.rs, and how it is told: one JSON line."""

import argparse
import json
import time

ENOUGH_SECONDS = 4.0
MOST_PASSES = 15


def timed(ask):
    """Seconds of each pass after one to warm up, and the last answer."""
    answer = ask()
    seconds = []
    began = time.perf_counter()
    while not seconds or (time.perf_counter() - began < ENOUGH_SECONDS and len(seconds) < MOST_PASSES):
        since = time.perf_counter()
        answer = ask()
        seconds.append(time.perf_counter() - since)
    return seconds, answer


def tell(peer, question, way, threads, events, seconds, answer):
    line = {"peer": peer, "question": question, "way": way, "threads": threads, "events": events,
            "seconds": seconds, "answer": answer}
    print(json.dumps(line), flush=True)


def arguments(doc):
    """The command line that all peers share."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--log", required=True)
    parser.add_argument("--ask", required=True, type=lambda text: text.split(","))
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()
