//! R9 for mail: whatever the mail server does, letters wait and come after, once for each recipient as far as SMTP allows.

use std::net::TcpListener;

use server::Config;
use store::{Mail, MailState};
use throwaway::{Smtp, SmtpMood};

use crate::clocks::{DAY, HOUR, clock, pass};
use crate::house::{HERE, House};

/// Posts a letter that somebody waits for.
pub(crate) fn post(house: &House, recipient: &str, subject: &str) -> String {
    let mail = Mail {
        id: uuid::Uuid::now_v7().to_string(),
        recipient: recipient.to_owned(),
        user: None,
        subject: subject.to_owned(),
        plain: "Hello\n.\nAgain\n".to_owned(),
        html: "<p>Hello</p>".to_owned(),
        unsubscribe: None,
    };
    let now = house.now();
    house.runtime.block_on(house.workspace(HERE).post(&mail, now, now)).unwrap();
    mail.id
}

fn house<const N: usize>(smtp_url: String) -> House {
    let config = Config {
        smtp_url: Some(smtp_url),
        mail_from: Some("Footpath <footpath@example.org>".to_owned()),
        ..Config::default()
    };
    House::still(tempfile::tempdir().unwrap(), config, clock::<N>)
}

#[test]
fn a_letter_arrives_as_it_was_written() {
    let smtp = Smtp::start().unwrap();
    let house = house::<0>(smtp.url());
    let id = post(&house, "Ann <ann@example.org>", "Über den Weg");
    assert_eq!(house.run_due(), 1);
    let letters = smtp.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].from, "footpath@example.org");
    assert_eq!(letters[0].to, ["ann@example.org"]);
    let text = &letters[0].text;
    assert!(text.contains("\nHello\n.\nAgain\n"), "a dot is a dot: {text}");
    assert!(text.contains(&format!("Message-ID: <{id}@example.org>")), "{text}");
    assert!(text.contains("multipart/alternative"), "{text}");
    // Nothing of it is left here.
    let kept = house.runtime.block_on(house.workspace(HERE).find_mail(&id)).unwrap().unwrap();
    assert_eq!((kept.0.plain.as_str(), kept.0.html.as_str(), kept.1), ("", "", MailState::Sent));
}

#[test]
fn r9_while_the_mail_server_is_in_a_bad_mood_letters_wait_and_each_comes_once() {
    let smtp = Smtp::start().unwrap();
    let house = house::<1>(smtp.url());
    let moods = [SmtpMood::Closes, SmtpMood::Busy, SmtpMood::Hangs, SmtpMood::Slow];
    for (round, mood) in moods.into_iter().enumerate() {
        smtp.set_mood(mood);
        let recipients: Vec<String> = (0..3).map(|n| format!("r{round}n{n}@example.org")).collect();
        for recipient in &recipients {
            post(&house, recipient, "News");
        }
        std::thread::scope(|scope| {
            let running = scope.spawn(|| house.run_due());
            if mood == SmtpMood::Hangs {
                // A connection that says nothing keeps one letter, and closes in the end.
                smtp.wait_for_connections(3 * 4 + 1).unwrap();
                smtp.set_mood(SmtpMood::Closes);
            }
            assert_eq!(running.join().unwrap(), 3);
        });
        let taken = if mood == SmtpMood::Slow { 3 } else { 0 };
        assert_eq!(smtp.letters().len(), 3 * round + taken, "{mood:?}");
        smtp.set_mood(SmtpMood::Takes);
        pass::<1>(HOUR);
        assert_eq!(house.run_due(), 3 - taken, "{mood:?}");
        let mut came: Vec<String> =
            smtp.letters()[3 * round..].iter().flat_map(|letter| letter.to.clone()).collect();
        came.sort_unstable();
        assert_eq!(came, recipients, "{mood:?}");
        pass::<1>(DAY);
        assert_eq!(house.run_due(), 0, "{mood:?}");
    }
}

#[test]
fn r9_a_mail_server_that_is_not_there_for_days_gets_the_letters_after() {
    let smtp = Smtp::start().unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let house = house::<2>(format!("smtp://{gone}"));
    let id = post(&house, "ann@example.org", "News");
    for _ in 0..80 {
        house.run_due();
        pass::<2>(HOUR);
    }
    let waiting = house.runtime.block_on(house.workspace(HERE).waiting_jobs("", 9)).unwrap();
    let failure = waiting[0].failure.clone().unwrap();
    assert!(failure.contains("refused") && failure.contains("mail server"), "{failure}");
    let config = Config { smtp_url: Some(smtp.url()), ..house.app.config().clone() };
    let house = house.with(config);
    house.run_due();
    assert_eq!(smtp.letters().len(), 1, "{:?}", smtp.letters());
    assert!(smtp.letters()[0].text.contains(&id));
}

#[test]
fn a_letter_whose_receipt_was_lost_comes_again_under_the_same_id() {
    let smtp = Smtp::start().unwrap();
    let house = house::<3>(smtp.url());
    let id = post(&house, "ann@example.org", "News");
    smtp.set_mood(SmtpMood::TakesInSilence);
    assert_eq!(house.run_due(), 1);
    smtp.set_mood(SmtpMood::Takes);
    pass::<3>(HOUR);
    assert_eq!(house.run_due(), 1);
    let letters = smtp.letters();
    assert_eq!(letters.len(), 2);
    assert!(letters.iter().all(|it| it.text.contains(&format!("Message-ID: <{id}@"))));
}

#[test]
fn what_a_mail_server_refuses_for_good_is_told_and_not_tried_again() {
    let smtp = Smtp::start().unwrap();
    let house = house::<4>(smtp.url());
    let id = post(&house, "nobody@example.org", "News");
    smtp.set_mood(SmtpMood::Rejects);
    assert_eq!(house.run_due(), 1);
    let workspace = house.workspace(HERE);
    let dead = house.runtime.block_on(workspace.dead_jobs("", 9)).unwrap();
    assert!(dead[0].failure.as_deref().unwrap().contains("550"), "{dead:?}");
    let kept = house.runtime.block_on(workspace.find_mail(&id)).unwrap().unwrap();
    assert_eq!(kept.1, MailState::Failed);
    smtp.set_mood(SmtpMood::Takes);
    pass::<4>(DAY);
    assert_eq!((house.run_due(), smtp.letters().len()), (0, 0));
}

#[test]
fn without_a_mail_server_letters_wait_for_one() {
    let smtp = Smtp::start().unwrap();
    let house = House::still(tempfile::tempdir().unwrap(), Config::default(), clock::<5>);
    post(&house, "ann@example.org", "News");
    assert_eq!(house.run_due(), 1);
    let config = Config { smtp_url: Some(smtp.url()), ..house.app.config().clone() };
    let house = house.with(config);
    pass::<5>(2 * HOUR);
    assert_eq!((house.run_due(), smtp.letters().len()), (1, 1));
}
