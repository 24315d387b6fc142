"""ClickHouse (chdb) over a MergeTree table in the order of customer and time: transitions in three ways, windowFunnel."""

import json
import os

from chdb import session

from clock import arguments, tell, timed

TRANSITIONS = {
    "leadInFrame by customer": """
        select activity as a, next as b, count() as n from (
            select activity, leadInFrame(toNullable(activity)) over (
                partition by customer_id order by at rows between current row and 1 following) as next
            from log
        ) where next is not null group by a, b""",
    "lagInFrame over the whole order": """
        select before as a, activity as b, count() as n from (
            select activity, customer_id,
                lagInFrame(activity) over whole as before, lagInFrame(customer_id) over whole as customer_before,
                row_number() over whole as row
            from log
            window whole as (order by customer_id, at rows between 1 preceding and current row)
        ) where customer_before = customer_id and row > 1 group by a, b""",
    "arrays by customer": """
        select step.1 as a, step.2 as b, count() as n from (
            select arrayJoin(arrayZip(arrayPopBack(path), arrayPopFront(path))) as step from (
                select arraySort(groupArray((at, activity))).2 as path from log group by customer_id)
        ) group by a, b""",
}

FUNNEL = """
    select level, count() as n from (
        select windowFunnel(3600000000)(at, activity = 'searched', activity = 'compared', activity = 'chose',
            activity = 'added') as level
        from log group by customer_id
    ) group by level order by level"""

SETTINGS = {"": "", ", aggregation in order": ", optimize_aggregation_in_order = 1"}


def main():
    args = arguments(__doc__)
    db = session.Session()
    db.query("create database bench engine = Atomic")
    db.query("use bench")
    rows = lambda sql: [json.loads(line) for line in str(db.query(sql, "JSONEachRow")).splitlines()]
    log = os.path.abspath(args.log)
    names = [row["activity"] for row in rows(f"select distinct activity from file('{log}', Parquet) order by activity")]
    enum = ", ".join(f"'{name}' = {code}" for code, name in enumerate(names))
    db.query(f"create table log (customer_id UInt64, at UInt64, activity Enum8({enum})) "
             "engine = MergeTree order by (customer_id, at)")
    db.query(f"insert into log select customer_id, toUnixTimestamp64Micro(at), toString(activity) "
             f"from file('{log}', Parquet)")
    db.query("optimize table log final")
    events = int(rows("select count() as n from log")[0]["n"])
    threads = f" settings max_threads = {args.threads}"
    if "transitions" in args.ask:
        for way, sql in TRANSITIONS.items():
            extra = SETTINGS[", aggregation in order"] if way.startswith("arrays") else ""
            seconds, counts = timed(lambda: rows(sql + threads + extra))
            answer = {f"{row['a']} > {row['b']}": int(row["n"]) for row in counts}
            tell("ClickHouse", "transitions", way, args.threads, events, seconds, answer)
    if "funnel" in args.ask:
        for way, extra in SETTINGS.items():
            seconds, counts = timed(lambda: rows(FUNNEL + threads + extra))
            levels = [0] * 5
            for row in counts:
                levels[int(row["level"])] = int(row["n"])
            tell("ClickHouse", "funnel", "windowFunnel" + way, args.threads, events, seconds, levels)


main()
