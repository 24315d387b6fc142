"""Holds the programs' answers against each other: a fast wrong answer is worth nothing."""

import re
from collections import defaultdict


def compare(runs, journey):
    """What differs, in sentences; empty when all agree."""
    problems = []
    asked = defaultdict(list)
    for run in runs:
        for question, answer in comparable(run, activities(journey)):
            asked[(generated(run["log"]), question)].append((f"{run['peer']} ({run['way']})", answer))
    for (log, question), told in asked.items():
        first_name, first = told[0]
        for name, answer in told[1:]:
            if answer != first:
                problems.append(f"{question} of {log} events: {difference(first_name, first, name, answer)}")
    problems += lonely(asked)
    return sorted(set(problems))


def comparable(run, activity_of):
    """The parts of an answer that others give too, each under the question that they answer."""
    question, answer = run["question"], run.get("answer")
    if question == "transitions":
        yield "transitions", answer
    if question == "funnel":
        yield "levels of the funnel", answer
        yield "customers who reach each step", [sum(answer[step:]) for step in range(1, len(answer))]
    if question in ("fused", "measured"):
        yield "defects", {standard: counts["broken"] for standard, counts in answer["standards"].items()}
        yield "variants", answer["variants"]
        yield "customers", answer["customers"]
    if question == "measured":
        yield "funnels", answer["funnels"]
        yield "customers who reach each step", answer["funnels"]["to-the-cart"]
        yield "pending checks", {standard: counts["pending"] for standard, counts in answer["standards"].items()}
    if question == "closed":
        yield "rules of Declare", {rule: counts["instances_broken"] for rule, counts in answer["standards"].items()}
    if question == "declare":
        yield "rules of Declare", answer
    if question == "defects":
        yield "nine defects", answer
    if question == "fused":
        yield "nine defects", {standard: answer["standards"][standard]["broken"] for standard in NINE}
    if question == "drivers":
        yield "importance", {driver["touchpoint"]: round(driver["importance"], 9) for driver in answer["first"]}
    if question == "csv":
        yield "customers", answer["customers"]
    if question in ("measure", "discover"):
        yield from of_report(question, answer, activity_of)


NINE = ["search-answered", "review-asked", "compared-first", "known-soon", "no-restart", "payment-wait",
        "one-confirmation", "chosen-in-person", "as-designed"]


def of_report(question, report, activity_of):
    """A report names touchpoints; `discover` takes every activity for one."""
    name = lambda id: activity_of[id] if question == "measure" else id
    steps = [step for step in report["transitions"] if step["from"] != "^" and step["to"] != "$"]
    yield "transitions", {f"{name(step['from'])} > {name(step['to'])}": step["count"] for step in steps}
    yield "customers", report["customers"]
    yield "variants", report["variants"]
    if question == "measure":
        yield "funnels", {funnel["id"]: [step["reached"] for step in funnel["steps"]] for funnel in report["funnels"]}
        yield "defects", {standard["id"]: standard["broken"] for standard in report["standards"]}
        yield "pending checks", {standard["id"]: standard["pending"] for standard in report["standards"]}


def lonely(asked):
    """A question that only one program answered, on whatever log, was checked by nobody."""
    names = defaultdict(set)
    for (_, question), told in asked.items():
        if len(told) > 1:
            names[question] |= {name for name, _ in told}
    for question in sorted({question for _, question in asked}):
        if len(names[question]) < 2:
            yield f"{question}: no two programs answered it on the same log"


def difference(first_name, first, name, answer):
    if isinstance(first, dict) and isinstance(answer, dict):
        keys = [key for key in first.keys() | answer.keys() if first.get(key) != answer.get(key)]
        shown = sorted(keys)[:3]
        parts = [f"{key}: {first.get(key)} by {first_name}, {answer.get(key)} by {name}" for key in shown]
        return "; ".join(parts) + (f"; and {len(keys) - len(shown)} more" if len(keys) > len(shown) else "")
    return f"{first} by {first_name}, {answer} by {name}"


def generated(log):
    """The same events stand in `log-5.parquet` and `log-5.csv`."""
    return log.removeprefix("log-").rsplit(".", 1)[0]


def activities(journey):
    """Touchpoint → activity; bench/journey.yaml keeps each touchpoint on one line."""
    return dict(re.findall(r"\{id: ([a-z-]+), title: [^{}\[\]]*, events: \[([a-z-]+)\]", journey.read_text()))
