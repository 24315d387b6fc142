"""DuckDB: transitions and defects with window functions over a table in memory, and a CSV file read and sorted."""

import time

import duckdb

from clock import arguments, tell, timed

# `at` is a word of DuckDB's SQL and stands in quotes.
#
# The activities in the order of the design, so that a designed step is one code further.
ACTIVITIES = ["landed", "searched", "compared", "asked", "chose", "configured", "added", "signed-in", "addressed",
              "scheduled", "paid", "confirmed", "shipped", "delivered", "reviewed", "left"]

TRANSITIONS = """
    select before, activity, count(*)
    from (select activity, lag(activity) over (partition by customer_id order by "at") as before from log)
    where before is not null
    group by all
"""

# The nine standards of journey.yaml that SQL can say without a loop, in the words of the standard's id.
DEFECTS = """
    with facts as (
        select *,
            lag(activity) over path as before, lag("at") over path as before_at, lead(activity) over path as next,
            min("at") filter (where activity in ('asked', 'chose')) over later as answered_at,
            min("at") filter (where activity = 'landed') over later as restarted_at,
            max("at") filter (where activity = 'compared') over earlier as compared_at,
            first_value("at") over whole as began_at, last_value("at") over whole as last_at,
            last_value(activity) over whole as last_activity,
            min("at") filter (where activity in ('signed-in', 'addressed')) over whole as known_at,
        from log
        window
            path as (partition by customer_id order by "at"),
            later as (partition by customer_id order by "at" rows between 1 following and unbounded following),
            earlier as (partition by customer_id order by "at" rows between unbounded preceding and 1 preceding),
            whole as (partition by customer_id order by "at" rows between unbounded preceding and unbounded following)
    ), closed as (
        select facts.*, horizon, last_activity = 'left' or horizon - last_at > interval 7 days as is_closed
        from facts, (select max("at") as horizon from log)
    ), confirmed as (
        select "at" - lag("at") over (partition by customer_id order by "at") as gap from log where activity = 'confirmed'
    )
    select
        count(*) filter (where activity = 'searched' and not coalesce(answered_at - "at" <= interval 1 hour, false)
            and (is_closed or horizon - "at" > interval 1 hour)) as "search-answered",
        count(*) filter (where activity = 'delivered'
            and (next <> 'reviewed' or (next is null and is_closed))) as "review-asked",
        count(*) filter (where activity = 'configured'
            and not coalesce("at" - compared_at <= interval 1 day, false)) as "compared-first",
        count(*) filter (where "at" = began_at and (known_at - began_at > interval 2 days
            or (known_at is null and (is_closed or horizon - began_at > interval 2 days)))) as "known-soon",
        count(*) filter (where activity = 'delivered' and restarted_at - "at" <= interval 1 day) as "no-restart",
        count(*) filter (where before = 'scheduled' and activity = 'paid'
            and "at" - before_at > interval 1 hour) as "payment-wait",
        (select count(*) from confirmed where gap < interval 1 day) as "one-confirmation",
        count(*) filter (where activity in ('chose', 'added') and channel not in ('app', 'store')) as "chosen-in-person",
        count(*) filter (where before is not null and activity <> 'left'
            and enum_code(activity) <> enum_code(before) + 1) as "as-designed",
    from closed
"""


def main():
    args = arguments(__doc__)
    db = duckdb.connect()
    db.execute(f"set threads = {args.threads}")
    db.execute("set timezone = 'UTC'")
    if args.ask == ["csv"]:
        sort_csv(db, args)
        return
    names = ", ".join(f"'{name}'" for name in ACTIVITIES)
    db.execute(f"create type activity as enum ({names})")
    db.execute(f"""create table log as select customer_id, "at", activity::varchar::activity as activity, channel
                   from '{args.log}'""")
    events = db.execute("select count(*) from log").fetchone()[0]
    if "transitions" in args.ask:
        seconds, rows = timed(lambda: db.execute(TRANSITIONS).fetchall())
        answer = {f"{a} > {b}": n for a, b, n in rows}
        tell("DuckDB", "transitions", "lag()", args.threads, events, seconds, answer)
    if "defects" in args.ask:
        seconds, answer = timed(lambda: defects(db))
        tell("DuckDB", "defects", "nine of the rules as window functions", args.threads, events, seconds, answer)


def defects(db):
    cursor = db.execute(DEFECTS)
    return dict(zip((column[0] for column in cursor.description), cursor.fetchone()))


def sort_csv(db, args):
    """One pass in a fresh process, as the program it is held against does."""
    since = time.perf_counter()
    db.execute(f"""create temp table log as select customer_id, "at", activity, channel from read_csv('{args.log}')
                   order by customer_id, "at" """)
    seconds = [time.perf_counter() - since]
    answer = db.execute("select count(*), count(distinct customer_id) from log").fetchone()
    tell("DuckDB", "csv", "read_csv, order by", args.threads, answer[0], seconds, {"customers": answer[1]})


main()
