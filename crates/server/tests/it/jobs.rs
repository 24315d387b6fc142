//! Jobs are done, tried again, given up and listed; and a server that stops leaves none half done for ever.

use server::Role;
use store::Job;

use crate::house::{HERE, House, now, on_both};

fn job(kind: &str) -> Job {
    Job {
        id: uuid::Uuid::now_v7().to_string(),
        kind: kind.to_owned(),
        input: "{}".to_owned(),
        key: None,
    }
}

/// Waits until something is so; a minute is for ever.
#[track_caller]
pub(crate) fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let since = std::time::Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed().as_secs() < 60, "it never came");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// A job that was given up, because nobody knows its kind.
pub(crate) fn dead_job(house: &House, workspace: &str) -> String {
    let (workspace, job) = (house.workspace(workspace), job("unheard of"));
    assert!(house.runtime.block_on(workspace.enqueue(&job, now())).unwrap());
    until(|| {
        let dead = house.runtime.block_on(workspace.dead_jobs("", 100)).unwrap();
        dead.into_iter().find(|it| it.job.id == job.id).map(|it| it.job.id)
    })
}

#[test]
fn a_job_that_was_given_up_is_listed_with_its_reason_and_may_be_tried_again() {
    on_both(|house| {
        let admin = house.signed_in(HERE, Role::Admin);
        let id = dead_job(house, HERE);
        let dead = admin.get("/api/v1/jobs?state=dead").ok();
        let item = &dead["items"][0];
        assert_eq!((&item["id"], &item["state"]), (&id.clone().into(), &"dead".into()), "{dead}");
        assert_eq!(item["failure"], "no kind of job is called `unheard of`");
        assert_eq!(item["attempts"], 1);
        assert_eq!(admin.post(&format!("/api/v1/jobs/{id}/retry"), &().into()).status, 204);
        until(|| {
            let dead = admin.get("/api/v1/jobs?state=dead").ok();
            (dead["items"][0]["attempts"] == 2).then_some(())
        });
        let audit = admin.get("/api/v1/audit?limit=1").ok();
        assert_eq!(audit["items"][0]["action"], "job.revived", "{audit}");
        assert_eq!(audit["items"][0]["object"], format!("job:{id}"));
    });
}

#[test]
fn what_comes_by_itself_is_done_once_a_period_however_often_the_server_starts() {
    let count = |house: &House| {
        let jobs = house.runtime.block_on(house.workspace(HERE).jobs("", 500)).unwrap();
        jobs.iter().filter(|it| it.job.kind == "forget").map(|it| it.done_at).collect::<Vec<_>>()
    };
    let mut house = House::on_sqlite();
    for _ in 0..3 {
        // The workspaces are there from the second start on.
        house = house.restart();
        until(|| matches!(&*count(&house), [Some(_)]).then_some(()));
    }
}

/// Whoever stops the server while a job runs finds it done after the next start.
#[test]
fn a_job_that_was_begun_when_the_server_stopped_is_taken_up_again() {
    let smtp = throwaway::Smtp::start().unwrap();
    smtp.set_mood(throwaway::SmtpMood::Hangs);
    let config = server::Config { smtp_url: Some(smtp.url()), ..server::Config::default() };
    let house = House::begin(tempfile::tempdir().unwrap(), config);
    crate::mail::post(&house, "ann@example.org", "Held up");
    smtp.wait_for_connections(1).unwrap();
    let house = house.restart();
    smtp.set_mood(throwaway::SmtpMood::Takes);
    let letters = smtp.wait_for(1).unwrap();
    assert_eq!(letters[0].to, ["ann@example.org"]);
    drop(house);
}
