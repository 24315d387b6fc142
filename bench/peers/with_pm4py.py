"""pm4py: the directly-follows graph, and conformance with the Declare model that bench/declare.yaml says too."""

import contextlib
import io
import logging
import warnings
from collections import Counter

import pandas as pd

# Its greeting is no result and no error.
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    import pm4py

from clock import arguments, tell, timed

# Standard of declare.yaml → template and activities.
RULES = {
    "existence-left": ("existence", "left"),
    "absence-reviewed": ("absence", "reviewed"),
    "exactly-one-paid": ("exactly_one", "paid"),
    "init-landed": ("init", "landed"),
    "response-searched-compared": ("response", ("searched", "compared")),
    "response-chose-added": ("response", ("chose", "added")),
    "response-paid-shipped": ("response", ("paid", "shipped")),
    "altresponse-configured-added": ("altresponse", ("configured", "added")),
    "altresponse-addressed-scheduled": ("altresponse", ("addressed", "scheduled")),
    "chainresponse-delivered-reviewed": ("chainresponse", ("delivered", "reviewed")),
    "precedence-compared-configured": ("precedence", ("compared", "configured")),
    "precedence-signed-in-paid": ("precedence", ("signed-in", "paid")),
}

STANDARDS = {rule: standard for standard, rule in RULES.items()}


def main():
    args = arguments(__doc__)
    warnings.simplefilter("ignore")
    logging.disable()
    log = pd.read_parquet(args.log, columns=["customer_id", "at", "activity"])
    log = pm4py.format_dataframe(
        log.astype({"activity": str}), case_id="customer_id", activity_key="activity", timestamp_key="at")
    if "transitions" in args.ask:
        seconds, (edges, _, _) = timed(lambda: pm4py.discover_dfg(log))
        answer = {f"{a} > {b}": int(n) for (a, b), n in edges.items()}
        tell("pm4py", "transitions", "discover_dfg", 1, len(log), seconds, answer)
    if "declare" in args.ask:
        model = {}
        for template, names in RULES.values():
            model.setdefault(template, {})[names] = {"support": 1, "confidence": 1}
        seconds, cases = timed(lambda: pm4py.conformance_declare(log, model))
        answer = Counter(STANDARDS[(template, names)] for case in cases for template, names in case["deviations"])
        answer = {rule: answer[rule] for rule in RULES}
        tell("pm4py", "declare", "conformance_declare", 1, len(log), seconds, answer)


main()
