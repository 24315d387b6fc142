//! Nothing is sent in quiet hours, nothing is lost, nothing comes twice; and one request ends letters, not a look.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};
use reqwest::Method;
use serde_json::json;
use server::{Config, Role};
use store::{Notice, PreferencesRow, User};
use throwaway::{Posted, Smtp, SmtpMood};

use crate::clocks::{DAY, MINUTE, clock, pass};
use crate::house::{HERE, House, deed, on_both_still};

fn mailing(smtp: &Smtp) -> Config {
    Config {
        smtp_url: Some(smtp.url()),
        public_url: Some("https://footpath.example.org/".to_owned()),
        ..Config::default()
    }
}

fn tell(house: &House, user: &User, sentence: &str) {
    let notice = Notice {
        user: user.id.clone(),
        kind: "mentioned".to_owned(),
        object: "comment:1".to_owned(),
        sentence: sentence.to_owned(),
        // Too early for everybody: the letter waits by itself.
        letter_at: Some(house.now()),
    };
    house.runtime.block_on(house.workspace(HERE).notify(&[notice], house.now())).unwrap();
}

fn prefer(house: &House, user: &User, row: &PreferencesRow) {
    let setting = house.workspace(HERE);
    house.runtime.block_on(setting.set_preferences(&user.id, row, &deed())).unwrap();
}

fn row(digest: &str, quiet: Option<(i64, i64)>, zone: &str) -> PreferencesRow {
    PreferencesRow {
        kinds: "{}".to_owned(),
        digest: digest.to_owned(),
        quiet_from: quiet.map(|it| it.0),
        quiet_to: quiet.map(|it| it.1),
        zone: zone.to_owned(),
    }
}

/// As anybody would say it: the hand of the clock stands within the hours.
fn is_quiet(row: &PreferencesRow, now: i64) -> bool {
    let (Some(from), Some(to)) = (row.quiet_from, row.quiet_to) else { return false };
    let zone = TimeZone::get(&row.zone).unwrap();
    let here = Timestamp::from_microsecond(now).unwrap().to_zoned(zone);
    let minute = i64::from(here.hour()) * 60 + i64::from(here.minute());
    // Round the clock from one to the other.
    (minute - from).rem_euclid(1440) < (to - from).rem_euclid(1440)
}

/// The words of a letter, whatever they were packed in.
fn unpacked(letter: &Posted) -> String {
    letter.text.replace("=\n", "").replace("=3D", "=")
}

/// When the next job is due.
fn next_due(house: &House) -> Option<i64> {
    let jobs = house.runtime.block_on(house.workspace(HERE).waiting_jobs("", 500)).unwrap();
    jobs.iter().map(|it| it.run_at).min()
}

#[derive(Debug, Clone)]
enum Step {
    Pass(i64),
    Tell(usize),
    Prefer(usize, PreferencesRow),
    Mood(SmtpMood),
}

fn preferences() -> impl Strategy<Value = PreferencesRow> {
    let digest = prop_oneof![Just("immediately"), Just("daily"), Just("weekly")];
    let zone = prop_oneof![
        Just("UTC"),
        Just("Europe/Berlin"),
        Just("Asia/Kolkata"),
        Just("America/New_York")
    ];
    (digest, proptest::option::of((0_i64..1440, 0_i64..1440)), zone)
        .prop_map(|(digest, quiet, zone)| row(digest, quiet, zone))
}

fn step() -> impl Strategy<Value = Step> {
    let moods = prop_oneof![Just(SmtpMood::Takes), Just(SmtpMood::Busy), Just(SmtpMood::Closes)];
    prop_oneof![
        4 => (1_i64..400).prop_map(Step::Pass),
        4 => (0_usize..3).prop_map(Step::Tell),
        1 => (0_usize..3, preferences()).prop_map(|(user, row)| Step::Prefer(user, row)),
        1 => moods.prop_map(Step::Mood),
    ]
}

#[test]
fn whatever_happens_nothing_is_sent_in_quiet_hours_nothing_is_lost_and_nothing_comes_twice() {
    let smtp = Smtp::start().unwrap();
    let house = House::still(tempfile::tempdir().unwrap(), mailing(&smtp), clock::<10>);
    let runs = Runs { cases: 24, failure_persistence: None, ..Runs::default() };
    let all =
        (proptest::collection::vec(preferences(), 3), proptest::collection::vec(step(), 1..60));
    TestRunner::new(runs)
        .run(&all, |(mut rows, steps)| {
            let users: Vec<User> = (0..3).map(|_| house.user(HERE, Role::Viewer)).collect();
            users.iter().zip(&rows).for_each(|(user, row)| prefer(&house, user, row));
            let mut told: Vec<(usize, String)> = Vec::new();
            let mut seen = smtp.letters().len();
            // Whoever is owed a letter now gets it now, or never in quiet hours.
            let mut work = |rows: &[PreferencesRow]| {
                house.run_due();
                let letters = smtp.letters();
                for letter in &letters[seen..] {
                    let of =
                        users.iter().position(|user| letter.to == [user.email.clone()]).unwrap();
                    prop_assert!(
                        !is_quiet(&rows[of], house.now()),
                        "{:?} {}",
                        rows[of],
                        house.now()
                    );
                }
                seen = letters.len();
                Ok(())
            };
            for step in steps {
                match step {
                    Step::Pass(minutes) => pass::<10>(minutes * MINUTE),
                    Step::Tell(user) => {
                        let sentence = format!("notice-{}-of-{}.", told.len(), &users[user].id);
                        tell(&house, &users[user], &sentence);
                        told.push((user, sentence));
                    }
                    Step::Prefer(user, row) => {
                        prefer(&house, &users[user], &row);
                        rows[user] = row;
                    }
                    Step::Mood(mood) => smtp.set_mood(mood),
                }
                work(&rows)?;
            }
            smtp.set_mood(SmtpMood::Takes);
            // Some leave a minute a day that is not quiet: the clock stops at every moment at which something is due.
            let last = house.now();
            while let Some(due) = next_due(&house) {
                pass::<10>((due - house.now()).max(0));
                prop_assert!(house.now() - last < 12 * DAY, "it waits for ever");
                work(&rows)?;
            }
            for (user, sentence) in &told {
                let letters = smtp.letters();
                let to_user = letters.iter().filter(|it| it.to == [users[*user].email.clone()]);
                let holding = to_user.filter(|it| {
                    let text = unpacked(it);
                    let (_, body) = text.split_once("\n\n").unwrap();
                    body.contains(sentence.as_str())
                });
                prop_assert_eq!(holding.count(), 1, "{}", sentence);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_digest_is_one_letter_with_everything_and_the_inbox_has_it_too() {
    on_both_still::<11>(&Config::default(), |house| {
        let user = house.user(HERE, Role::Viewer);
        for sentence in ["The first.", "The second.", "The third."] {
            tell(house, &user, sentence);
        }
        house.run_due();
        pass::<11>(DAY);
        house.run_due();
        let posted = house.runtime.block_on(house.workspace(HERE).unsent(&user.id)).unwrap();
        assert_eq!(posted, [], "all of it is in a letter");
        let jobs = house.runtime.block_on(house.workspace(HERE).waiting_jobs("", 50)).unwrap();
        let mails: Vec<_> = jobs.iter().filter(|it| it.job.kind == "mail").collect();
        assert_eq!(mails.len(), 1);
        let id = &mails[0].job.id;
        let (mail, _) =
            house.runtime.block_on(house.workspace(HERE).find_mail(id)).unwrap().unwrap();
        assert!(mail.subject.ends_with(" (and 2 more)"), "{}", mail.subject);
        for sentence in ["The first.", "The second.", "The third."] {
            assert_eq!(mail.plain.matches(sentence).count(), 1, "{}", mail.plain);
        }
        let inbox =
            house.runtime.block_on(house.workspace(HERE).inbox(&user.id, true, "", 9)).unwrap();
        assert_eq!(inbox.len(), 3);
    });
}

#[test]
fn looking_at_the_link_changes_nothing_and_one_request_ends_letters() {
    let smtp = Smtp::start().unwrap();
    let house = House::still(tempfile::tempdir().unwrap(), mailing(&smtp), clock::<12>);
    let user = house.user(HERE, Role::Viewer);
    prefer(&house, &user, &row("immediately", None, "UTC"));
    tell(&house, &user, "The first.");
    house.run_due();
    let letter = unpacked(&smtp.letters()[0]);
    let header = letter.split("List-Unsubscribe: <https://footpath.example.org").nth(1).unwrap();
    let path = header.split('>').next().unwrap().replace([' ', '\n'], "");
    assert!(letter.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{letter}");
    let house = house.with(mailing(&smtp)).serve();
    let anybody = house.anonymous();
    for _ in 0..2 {
        let page = anybody.get(&path);
        assert_eq!((page.status, page.text.contains("<form method=\"post\">")), (200, true));
    }
    let prefers = || house.session(&user.id).get("/api/v1/notifications/preferences").ok();
    assert_eq!(prefers()["topics"]["mentioned"], "mail");
    let form = Some(("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click".to_vec()));
    for _ in 0..2 {
        let ended = anybody.send_bytes(Method::POST, &path, form.clone());
        assert_eq!(ended.status, 200, "{}", ended.text);
    }
    assert_eq!(prefers()["topics"]["mentioned"], "inbox");
    assert_eq!(anybody.get("/unsubscribe/AAAA").status, 404);
    // Given something now, the user finds it in the inbox alone.
    let agent = house.signed_in(HERE, Role::Agent);
    let new = json!({ "journey": "cafe", "sentence": "Nobody greets", "owner": user.id });
    agent.post("/api/v1/findings", &new).ok();
    assert_eq!(house.session(&user.id).get("/api/v1/notifications/unread").ok()["count"], 2);
    let waiting = house.runtime.block_on(house.workspace(HERE).unsent(&user.id)).unwrap();
    assert_eq!(waiting, []);
}

#[test]
fn preferences_are_kept_and_nonsense_is_refused() {
    let house = House::on_sqlite();
    let viewer = house.signed_in(HERE, Role::Viewer);
    let path = "/api/v1/notifications/preferences";
    assert_eq!(viewer.get(path).ok()["digest"], "daily");
    let wanted = json!({
        "topics": { "mentioned": "off", "standard_defective": "inbox" }, "digest": "weekly",
        "quiet_hours": { "from": "18:30", "to": "08:00" }, "zone": "Europe/Berlin",
    });
    assert_eq!(viewer.send(Method::PUT, path, Some(&wanted)).status, 204);
    let kept = viewer.get(path).ok();
    assert_eq!(
        (&kept["zone"], &kept["quiet_hours"]["from"]),
        (&json!("Europe/Berlin"), &json!("18:30"))
    );
    assert_eq!(
        (&kept["topics"]["mentioned"], &kept["topics"]["finding_assigned"]),
        (&json!("off"), &json!("mail"))
    );
    let refused: BTreeMap<&str, serde_json::Value> = BTreeMap::from([
        ("/zone", json!({ "zone": "Mars/Olympus" })),
        ("/quiet_hours/from", json!({ "quiet_hours": { "from": "8", "to": "09:00" } })),
    ]);
    for (at, wrong) in refused {
        let answer = viewer.send(Method::PUT, path, Some(&wrong));
        assert_eq!((answer.status, &answer.json()["at"]), (400, &json!(at)));
    }
}
