//! Each job is done by one worker at a time, and ended once.

use std::collections::BTreeSet;

use store::{Attempt, Deed, Job};

use crate::both::{on_both, on_both_databases};

fn job(number: u32) -> Job {
    Job {
        id: format!("job {number:03}"),
        kind: "compact".to_owned(),
        input: "{}".to_owned(),
        key: None,
    }
}

#[test]
fn many_workers_share_jobs_and_none_is_taken_twice() {
    on_both(|here| async move {
        for number in 0..40 {
            assert!(here.enqueue(&job(number), 10).await.unwrap());
        }
        assert_eq!(here.claim(9, 99).await.unwrap(), None, "before its time");
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let here = here.clone();
                tokio::spawn(async move {
                    let mut mine: Vec<Attempt> = Vec::new();
                    while let Some(attempt) = here.claim(20, 1000).await.unwrap() {
                        assert!(here.finish(&attempt, 21).await.unwrap());
                        mine.push(attempt);
                    }
                    mine
                })
            })
            .collect();
        let mut taken = Vec::new();
        for worker in workers {
            taken.extend(worker.await.unwrap());
        }
        let ids: BTreeSet<&str> = taken.iter().map(|attempt| attempt.id.as_str()).collect();
        assert_eq!((taken.len(), ids.len()), (40, 40));
        assert!(taken.iter().all(|attempt| attempt.number == 1));
        let page = here.jobs("job 037", 10).await.unwrap();
        assert_eq!(page.iter().map(|it| it.done_at).collect::<Vec<_>>(), [Some(21), Some(21)]);
    });
}

#[test]
fn a_worker_that_is_not_heard_of_loses_its_job_and_is_not_heard_any_more() {
    on_both(|here| async move {
        assert!(here.enqueue(&job(1), 0).await.unwrap());
        let first = here.claim(10, 20).await.unwrap().unwrap();
        assert_eq!(here.claim(19, 40).await.unwrap(), None);
        assert!(here.keep(&first, 30).await.unwrap());
        assert_eq!(here.claim(29, 40).await.unwrap(), None);
        let second = here.claim(30, 50).await.unwrap().unwrap();
        assert_eq!((first.number, second.number), (1, 2));
        assert!(!here.keep(&first, 99).await.unwrap());
        assert!(!here.finish(&first, 31).await.unwrap());
        assert!(!here.put_off(&first, "late", 32).await.unwrap());
        assert!(here.finish(&second, 33).await.unwrap());
        assert!(!here.finish(&second, 34).await.unwrap());
        assert_eq!(here.claim(1000, 2000).await.unwrap(), None);
    });
}

#[test]
fn a_failed_attempt_is_told_and_tried_again_at_its_time() {
    on_both(|here| async move {
        assert!(here.enqueue(&job(1), 0).await.unwrap());
        let first = here.claim(1, 9).await.unwrap().unwrap();
        assert!(here.put_off(&first, "the disk is full", 100).await.unwrap());
        assert_eq!(here.claim(99, 200).await.unwrap(), None);
        let second = here.claim(100, 200).await.unwrap().unwrap();
        assert_eq!(second.number, 2);
        let standing = here.jobs("", 10).await.unwrap().remove(0);
        assert_eq!(standing.failure.as_deref(), Some("the disk is full"));
        assert_eq!((standing.attempts, standing.run_at, standing.done_at), (2, 100, None));
    });
}

#[test]
fn of_one_key_one_job_waits() {
    on_both(|here| async move {
        let keyed = |number| Job { key: Some("compact".to_owned()), ..job(number) };
        assert!(here.enqueue(&keyed(1), 0).await.unwrap());
        assert!(!here.enqueue(&keyed(2), 0).await.unwrap());
        let attempt = here.claim(1, 9).await.unwrap().unwrap();
        assert!(!here.enqueue(&keyed(3), 0).await.unwrap(), "it is still being done");
        assert!(here.finish(&attempt, 2).await.unwrap());
        assert!(here.enqueue(&keyed(4), 0).await.unwrap());
        assert_eq!(here.jobs("", 10).await.unwrap().len(), 2);
    });
}

#[test]
fn another_workspace_sees_no_job() {
    on_both_databases(|store| async move {
        let here = store.workspace("here", 1).await.unwrap();
        let there = store.workspace("there", 1).await.unwrap();
        assert!(here.enqueue(&job(1), 0).await.unwrap());
        assert_eq!(there.claim(1, 9).await.unwrap(), None);
        assert_eq!(there.jobs("", 10).await.unwrap(), []);
        assert!(there.enqueue(&job(1), 0).await.unwrap(), "an id is the workspace's own");
        let attempt = there.claim(1, 9).await.unwrap().unwrap();
        assert!(there.finish(&attempt, 2).await.unwrap());
        assert!(here.claim(1, 9).await.unwrap().is_some());
    });
}

#[test]
fn a_job_that_was_given_up_waits_until_somebody_revives_it() {
    on_both(|here| async move {
        let keyed = |number| Job { key: Some("compact".to_owned()), ..job(number) };
        assert!(here.enqueue(&keyed(1), 0).await.unwrap());
        let first = here.claim(1, 9).await.unwrap().unwrap();
        assert!(here.put_off(&first, "no", 2).await.unwrap());
        let second = here.claim(2, 9).await.unwrap().unwrap();
        assert_eq!(second.tries, 2);
        assert!(here.give_up(&second, "never", 3).await.unwrap());
        assert_eq!(here.claim(1000, 2000).await.unwrap(), None);
        assert_eq!(here.store().workspaces_with_jobs(1000).await.unwrap(), Vec::<String>::new());
        assert!(here.enqueue(&keyed(2), 2000).await.unwrap(), "its key is free");
        let dead = here.dead_jobs("", 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].dead_at, dead[0].failure.as_deref()), (Some(3), Some("never")));
        assert_eq!(here.waiting_jobs("", 10).await.unwrap().len(), 1);
        assert!(!here.revive("job 002", &deed(10)).await.unwrap(), "it is not given up");
        assert!(here.revive("job 001", &deed(10)).await.unwrap());
        assert!(!here.revive("job 001", &deed(10)).await.unwrap());
        assert_eq!(here.store().workspaces_with_jobs(9).await.unwrap(), Vec::<String>::new());
        assert_eq!(here.store().workspaces_with_jobs(10).await.unwrap(), ["here"]);
        let third = here.claim(10, 20).await.unwrap().unwrap();
        assert_eq!((third.number, third.tries), (3, 1), "as if for the first time");
        assert!(here.postpone(&third, 30).await.unwrap());
        let fourth = here.claim(30, 40).await.unwrap().unwrap();
        assert_eq!((fourth.number, fourth.tries), (4, 1), "what is put off is no try");
        assert!(here.finish(&fourth, 31).await.unwrap());
        assert_eq!(here.forget_jobs(31).await.unwrap(), 0);
        assert_eq!(here.forget_jobs(32).await.unwrap(), 1);
    });
}

fn deed(at: i64) -> Deed {
    Deed { actor: "system".to_owned(), at, origin: String::new(), request: String::new() }
}
