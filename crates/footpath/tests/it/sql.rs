//! A data folder asked in SQL: what reports count, and nothing that changes anything.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::cafe;
use crate::program::{Ran, footpath_in, repository, text};

/// The café's events in a data folder, beside its journey and answers.
fn cafe_at_rest() -> TempDir {
    let folder = cafe::folder();
    let filled = run(folder.path(), &["import", "--data", "data", "--events", "events.csv"]);
    assert_eq!(filled.code, Some(0), "{}", filled.stderr);
    folder
}

fn run(folder: &Path, words: &[&str]) -> Ran {
    footpath_in(folder, words)
}

fn ask(folder: &Path, question: &str, more: &[&str]) -> Ran {
    let words = ["sql", question, "--data", "data"];
    footpath_in(folder, words.into_iter().chain(more.iter().copied()))
}

/// The answer as rows of JSON.
fn rows(folder: &Path, question: &str, more: &[&str]) -> Vec<Value> {
    let more: Vec<&str> = more.iter().copied().chain(["--format", "json"]).collect();
    let ran = ask(folder, question, &more);
    assert_eq!(ran.code, Some(0), "{question}\n{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn number(row: &Value, name: &str) -> u64 {
    row[name].as_u64().unwrap_or_else(|| panic!("no number `{name}` in {row}"))
}

#[test]
fn rows_add_up_to_what_reports_count() {
    for example in ["loyalty-visit", "seed-season", "fund-investing", "shop"] {
        let example = repository("examples").join(example);
        let folder = tempfile::tempdir().unwrap();
        let (journey, events) =
            (text(&example.join("journey.yaml")), text(&example.join("events.csv.gz")));
        let filled = run(folder.path(), &["import", "--data", "data", "--events", &events]);
        assert_eq!(filled.code, Some(0), "{}", filled.stderr);
        let report =
            run(folder.path(), &["measure", &journey, "--data", "data", "--format", "json"]);
        let report: Value = serde_json::from_str(&report.stdout).unwrap();
        let with = ["--journey", journey.as_str()];

        let counted = rows(folder.path(), "select count(*) as n from events", &[]);
        assert_eq!(counted[0]["n"], report["events"]["read"], "{}", example.display());

        let question =
            "select count(distinct customer) as customers, count(*) as instances from instances";
        let walked = rows(folder.path(), question, &with);
        assert_eq!(walked[0]["customers"], report["customers"], "{}", example.display());
        let question = "select touchpoint, count(*) as visits from visits group by touchpoint";
        let visits = rows(folder.path(), question, &with);
        for touchpoint in report["touchpoints"].as_array().unwrap() {
            let row = visits.iter().find(|row| row["touchpoint"] == touchpoint["id"]);
            let met = row.map_or(0, |row| number(row, "visits"));
            assert_eq!(met, number(touchpoint, "visits"), "{}", touchpoint["id"]);
        }

        let question = "select standard, sum(kept) as kept, sum(broken) as broken, sum(pending) as pending from checks group by standard";
        let checks = rows(folder.path(), question, &with);
        let mut held = 0;
        for standard in report["standards"].as_array().unwrap() {
            let Some(row) = checks.iter().find(|row| row["standard"] == standard["id"]) else {
                continue;
            };
            for count in ["kept", "broken", "pending"] {
                assert_eq!(row[count], standard[count], "{} {count}", standard["id"]);
            }
            held += 1;
        }
        assert!(held == checks.len() && held > 0, "{}", example.display());
    }
}

#[test]
fn tables_are_those_that_were_given_something_to_be_made_of() {
    let folder = cafe_at_rest();
    let question = "select distinct table_name from information_schema.columns where table_schema = 'public' order by table_name";
    let tables = |more: &[&str]| -> Vec<String> {
        let rows = rows(folder.path(), question, more);
        rows.iter().map(|row| row["table_name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(tables(&[]), ["events"]);
    let all = ["--journey", "journey.yaml", "--responses", "answers.csv"];
    assert_eq!(tables(&all), ["checks", "events", "instances", "responses", "visits"]);

    let missing = ask(folder.path(), "select * from visits", &[]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("There are: events; --journey adds"), "{}", missing.stderr);
}

#[test]
fn answers_meet_the_customers_who_gave_them() {
    let folder = cafe_at_rest();
    let question = "select count(*) as answers, count(distinct responses.customer) as customers from responses \
                    join instances on responses.customer = instances.customer";
    let all = ["--journey", "journey.yaml", "--responses", "answers.csv"];
    let met = rows(folder.path(), question, &all);
    let answers = rows(folder.path(), "select count(*) as answers from responses", &all);
    assert!(number(&met[0], "answers") > 0);
    assert_eq!(met[0]["answers"], answers[0]["answers"]);
}

#[test]
fn no_id_of_a_customer_is_in_any_table() {
    let folder = cafe_at_rest();
    let id = cafe::events(60).lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let all = ["--journey", "journey.yaml", "--responses", "answers.csv", "--format", "csv"];
    for table in ["events", "instances", "visits", "checks", "responses"] {
        let ran = ask(folder.path(), &format!("select * from {table}"), &all);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let (header, lines) = ran.stdout.split_once('\n').unwrap();
        assert!(lines.lines().count() > 10, "{table}");
        let place = header.split(',').position(|name| name == "customer").unwrap();
        let customers = lines.lines().map(|line| line.split(',').nth(place).unwrap());
        assert!(
            customers.clone().all(|it| it != id && (it.is_empty() || it.parse::<u64>().is_ok()))
        );
        assert!(!header.contains("comment"));
    }
}

#[test]
fn nothing_can_be_changed_set_or_reached() {
    let folder = cafe_at_rest();
    cafe::write(folder.path(), "other.csv", "a,b\n1,2\n");
    let before = contents(folder.path());
    let questions = [
        "create table mine as select * from events",
        "create view mine as select * from events",
        "create external table mine stored as csv location 'other.csv'",
        "drop table events",
        "insert into events select * from events",
        "insert into events (customer) values (1)",
        "update events set activity = 'x'",
        "delete from events",
        "truncate table events",
        "select * into mine from events",
        "with gone as (delete from events returning *) select * from gone",
        "copy events to 'stolen.csv'",
        "copy (select * from events) to 'stolen.parquet' stored as parquet",
        "set datafusion.execution.batch_size = 1",
        "reset datafusion.execution.batch_size",
        "begin transaction",
        "prepare mine as select 1",
        "execute mine",
        "show tables",
        "explain insert into events select * from events",
        "explain analyze copy events to 'stolen.csv'",
        "select 1; drop table events",
        "select 1; select 2",
        "",
        "select * from 'other.csv'",
        "select * from \"other.csv\"",
        "select * from read_csv('other.csv')",
        "select * from read_parquet('other.csv')",
        "select * from parquet_metadata('other.csv')",
        "create function f() returns int return 1",
    ];
    for question in questions {
        let ran = ask(folder.path(), question, &[]);
        assert_eq!(ran.code, Some(2), "{question}: {}", ran.stdout);
        assert_eq!(ran.stdout, "", "{question}");
        assert!(ran.stderr.starts_with("error: the question: "), "{question}: {}", ran.stderr);
    }
    assert_eq!(contents(folder.path()), before);
    let refused = ask(folder.path(), "delete from events", &[]);
    assert_eq!(
        refused.stderr,
        "error: the question: only `select` and `explain` are answered; nothing here can be changed or set\n"
    );
    let explained = ask(folder.path(), "explain select count(*) from events", &[]);
    assert!(
        explained.code == Some(0) && explained.stdout.contains("Aggregate"),
        "{}",
        explained.stderr
    );
}

/// Names of all files of a folder, in order; those of the database are its own affair.
fn contents(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !text(&path).contains("footpath.sqlite") {
                names.push(text(&path));
            }
        }
    }
    names.sort();
    names
}

#[test]
fn every_limit_says_which_it_is() {
    let folder = cafe_at_rest();
    let rows = ask(folder.path(), "select * from events", &["--max-rows", "233"]);
    assert_eq!(
        rows.stderr,
        "error: the answer has more rows than --max-rows 233 allows; group them or add a `limit`, or allow more\n"
    );
    assert_eq!((rows.code, rows.stdout.as_str()), (Some(2), ""));
    let enough =
        ask(folder.path(), "select * from events", &["--max-rows", "234", "--format", "csv"]);
    assert_eq!((enough.code, enough.stdout.lines().count()), (Some(0), 235), "{}", enough.stderr);

    // 234 to the power of five: nobody waits for that.
    let endless = "select count(*) from events a, events b, events c, events d, events e where a.at > b.at or c.at > d.at or e.at > a.at";
    let slow = ask(folder.path(), endless, &["--time-limit", "1"]);
    assert_eq!(
        slow.stderr,
        "error: the question took longer than --time-limit 1 allows; ask for less (a period, fewer columns), or allow more seconds\n"
    );
    assert_eq!(slow.code, Some(2));

    let wide = "select count(*) from (select distinct a.customer, b.at, c.at as other from events a, events b, events c)";
    let memory = ask(folder.path(), wide, &["--memory", "1", "--disk", "1"]);
    assert_eq!(memory.code, Some(2));
    let told = ["--memory 1 allows", "--disk 1 allows"];
    assert!(told.iter().any(|told| memory.stderr.contains(told)), "{}", memory.stderr);
    let files = ask(
        folder.path(),
        "select * from events",
        &["--max-rows", "1", "--format", "csv", "--out", "rows.csv"],
    );
    assert_eq!((files.code, folder.path().join("rows.csv").exists()), (Some(2), false));
}

#[test]
fn what_does_not_fit_into_memory_goes_by_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let events = text(&repository("examples/shop/events.csv.gz"));
    run(folder.path(), &["import", "--data", "data", "--events", &events]);
    // 31,106 times 24 rows of some 60 bytes.
    let question = "select count(*) as n, sum(place) as places from (select row_number() over (order by b.at, a.activity, a.at, b.customer, \
                    a.customer) as place from events a cross join (select * from events order by at, customer limit 24) b)";
    let small = rows(folder.path(), question, &["--memory", "32"]);
    let large = rows(folder.path(), question, &["--memory", "1024"]);
    assert_eq!(small, large);
    assert_eq!(number(&small[0], "n"), 24 * 31_106);
    let explained = ask(folder.path(), &format!("explain analyze {question}"), &["--memory", "32"]);
    let spills = explained.stdout.split("spill_count=").skip(1);
    let spills = spills.filter(|rest| !rest.starts_with('0')).count();
    assert!(spills > 0, "nothing went by the disk:\n{}{}", explained.stdout, explained.stderr);
}

#[test]
fn an_answer_comes_in_every_form() {
    let folder = cafe_at_rest();
    let question = "select activity, count(*) as n from events group by activity order by activity";
    let table = ask(folder.path(), question, &[]);
    expect_test::expect![[r#"
        +----------+----+
        | activity | n  |
        +----------+----+
        | came-in  | 60 |
        | left     | 60 |
        | paid     | 60 |
        | served   | 54 |
        +----------+----+
    "#]]
    .assert_eq(&table.stdout);
    let csv = ask(folder.path(), question, &["--format", "csv"]);
    assert_eq!(csv.stdout, "activity,n\ncame-in,60\nleft,60\npaid,60\nserved,54\n");
    let json = ask(folder.path(), question, &["--format", "json"]);
    assert_eq!(
        json.stdout,
        "[{\"activity\":\"came-in\",\"n\":60},{\"activity\":\"left\",\"n\":60},{\"activity\":\"paid\",\"n\":60},{\"activity\":\"served\",\"n\":54}]\n"
    );
    for format in ["parquet", "arrow"] {
        let name = format!("answer.{format}");
        let ran = ask(folder.path(), question, &["--format", format, "--out", &name]);
        assert_eq!((ran.code, ran.stderr), (Some(0), format!("{name}: 4 rows\n")));
        let bytes = fs::read(folder.path().join(&name)).unwrap();
        assert!(bytes.starts_with(if format == "arrow" { b"ARROW1" } else { b"PAR1" }));
    }
    let file = fs::File::open(folder.path().join("answer.parquet")).unwrap();
    let mut batches = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(batches.next().unwrap().unwrap().num_rows(), 4);
    let none = ask(
        folder.path(),
        "select activity from events where activity = 'x'",
        &["--format", "csv"],
    );
    assert_eq!(none.stdout, "activity\n");
}

#[test]
fn the_erased_and_the_repeated_are_in_no_row() {
    let folder = cafe_at_rest();
    let log = "customer_id,at,activity,event_id\nann,2024-05-01T00:00:00Z,paid,e1\nann,2024-05-01T00:00:00Z,paid,e1\nbob,2024-05-02T00:00:00Z,paid,e2\n";
    cafe::write(folder.path(), "more.csv", log);
    cafe::write(folder.path(), "again.csv", log.replace("bob,2024-05-02", "bob,2024-06-02"));
    run(folder.path(), &["import", "--data", "data", "--events", "more.csv", "again.csv"]);
    let question = "select count(*) as n, count(distinct customer) as customers from events where event_id is not null";
    let counted = rows(folder.path(), question, &[]);
    assert_eq!((number(&counted[0], "n"), number(&counted[0], "customers")), (2, 2));
    run(folder.path(), &["erase", "--data", "data", "ann"]);
    let counted = rows(folder.path(), question, &[]);
    assert_eq!((number(&counted[0], "n"), number(&counted[0], "customers")), (1, 1));
}

#[test]
fn a_period_reads_only_its_months_and_counts_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let events = text(&repository("examples/shop/events.csv.gz"));
    run(folder.path(), &["import", "--data", "data", "--events", &events]);
    let months = "select cast(date_trunc('month', at) as varchar) as month, count(*) as n from events group by 1 order by 1";
    let months = rows(folder.path(), months, &[]);
    assert!(months.len() > 1);
    for month in &months {
        let begin = month["month"].as_str().unwrap();
        let question = format!(
            "select count(*) as n from events where at >= '{begin}' and at < timestamp '{begin}' + interval '1 month'"
        );
        assert_eq!(rows(folder.path(), &question, &[])[0]["n"], month["n"], "{begin}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_ends_a_question_in_a_word() {
    use std::os::unix::process::ExitStatusExt as _;
    let folder = cafe_at_rest();
    let endless = "select count(*) from events a, events b, events c, events d, events e where a.at > b.at or c.at > d.at or e.at > a.at";
    let words = ["sql", endless, "--data", "data", "--out", "never.txt"];
    let child = crate::program::command(words).current_dir(folder.path()).spawn().unwrap();
    // SIGINT is the second signal: until somebody listens, it would end the process without a word.
    let status = format!("/proc/{}/status", child.id());
    let listens = || {
        let status = fs::read_to_string(&status).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0
    };
    while !listens() {
        std::thread::yield_now();
    }
    let id = child.id().to_string();
    let kill = std::process::Command::new("kill").args(["-INT", &id]).status();
    assert!(kill.unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.status.signal()), (Some(2), None));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "interrupted: no result was written\n");
    assert!(!folder.path().join("never.txt").exists());
}
