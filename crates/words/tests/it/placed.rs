//! Which themes a comment gets, in several languages, and what people's words do to that.

use words::{Comment, Correction, Options, Origin, Theme, Why, Words, measure};

use crate::said::{comment, theme};

/// Each line is a comment, ` -> ` and the themes that it gets; seeds are in the language of the comments.
fn check(language: &str, themes: &[Theme], table: &str) {
    let lines: Vec<(&str, &str)> = table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| line.split_once("->").unwrap())
        .collect();
    let comments: Vec<Comment> = lines
        .iter()
        .enumerate()
        .map(|(n, (text, _))| comment(n, text.trim(), Some(language)))
        .collect();
    let words = measure(&comments, themes, &[], &Options::default());
    let got: Vec<String> = comments
        .iter()
        .zip(&lines)
        .map(|(comment, (text, _))| format!("{}-> {}", text, ids(&words, comment)))
        .collect();
    let expected: Vec<String> =
        lines.iter().map(|(text, ids)| format!("{}-> {}", text, ids.trim())).collect();
    assert_eq!(got, expected, "{language}");
}

fn ids(words: &Words, comment: &Comment) -> String {
    let placed = words.comments.iter().find(|placed| placed.key == comment.key()).unwrap();
    let ids: Vec<&str> = placed.themes.iter().map(|found| found.theme.as_str()).collect();
    ids.join(" ")
}

#[test]
fn english() {
    check(
        "en",
        &[
            theme("parking", &["There was no parking", "The parking lot was full"]),
            theme("waiting", &["I waited too long", "The queue was long"]),
            theme("staff", &["The staff were kind", "Nobody was helpful"]),
        ],
        "No parking near the shop -> parking
         Parking impossible, all lots full -> parking
         We waited an hour -> waiting
         Such a long queue at the till -> waiting
         Kind and helpful people -> staff
         No parking at all. But the staff were kind! -> parking staff
         Great prices -> ",
    );
}

#[test]
fn german() {
    check(
        "de",
        &[
            theme("parken", &["Es gab keinen Parkplatz", "Die Parkplätze waren voll"]),
            theme("warten", &["Ich habe zu lange gewartet", "Die Schlange war lang"]),
            theme("personal", &["Das Personal war freundlich", "Niemand war hilfsbereit"]),
        ],
        "Kein Parkplatz zu finden -> parken
         Parkplätze fehlen -> parken
         Lange Schlange an der Kasse -> warten
         Freundliches Personal -> personal
         Schöne Auswahl -> ",
    );
}

#[test]
fn spanish() {
    check(
        "es",
        &[
            theme("aparcar", &["No había aparcamiento", "Imposible aparcar"]),
            theme("espera", &["Esperé demasiado", "La cola era larga"]),
            theme("personal", &["El personal fue amable", "Nadie me ayudó"]),
        ],
        "Los aparcamientos estaban llenos -> aparcar
         No pude aparcar cerca -> aparcar
         Una cola muy larga -> espera
         Personal muy amable -> personal
         Buenos precios -> ",
    );
}

#[test]
fn hindi() {
    check(
        "hi",
        &[
            theme("parking", &["पार्किंग नहीं मिली", "पार्किंग भरी हुई थी"]),
            theme("waiting", &["बहुत इंतज़ार करना पड़ा", "लंबी लाइन थी"]),
        ],
        "दुकान के पास पार्किंग नहीं थी -> parking
         एक घंटा इंतज़ार किया -> waiting
         लाइन बहुत लंबी थी -> waiting
         दाम अच्छे हैं -> ",
    );
}

#[test]
fn thai() {
    check(
        "th",
        &[
            theme("parking", &["ไม่มีที่จอดรถ", "ที่จอดรถเต็ม"]),
            theme("waiting", &["รอนานมาก", "คิวยาวมาก"]),
        ],
        "หาที่จอดรถไม่ได้ -> parking
         ต้องรอนานเป็นชั่วโมง -> waiting
         ราคาถูก -> ",
    );
}

#[test]
fn chinese() {
    check(
        "zh",
        &[
            theme("parking", &["没有停车位", "停车场满了"]),
            theme("waiting", &["排队时间太长", "等了很久"]),
        ],
        "附近找不到停车位 -> parking
         停车场总是满的 -> parking
         排队排了一个小时 -> waiting
         价格便宜 -> ",
    );
}

#[test]
fn words_that_must_and_must_not_stand() {
    let parking = Theme {
        must: vec!["parking".to_owned(), "car park".to_owned()],
        never: vec!["bicycle".to_owned(), "no problem".to_owned()],
        ..theme("parking", &["The parking was full", "No place to park the car"])
    };
    check(
        "en",
        &[parking],
        "Parking was full -> parking
         The car parks were full -> parking
         The hall was full -> 
         Bicycles had no parking, it was full -> 
         Parking was no problem -> ",
    );
    let park = Theme { must: vec!["停".to_owned()], ..theme("parking", &["停车场满了"]) };
    check("zh", &[park], "停车场满了 -> parking\n 电影场满了 -> ");
}

#[test]
fn people_have_the_last_word_and_teach_by_it() {
    let table = ["The lot has no room", "Our lot has no room", "No parking", "Parking is easy"];
    let comments: Vec<Comment> =
        table.iter().enumerate().map(|(n, text)| comment(n, text, Some("en"))).collect();
    let themes = [theme("parking", &["There was no parking"])];
    let says = |n: usize, holds| Correction {
        comment: comments[n].key(),
        theme: "parking".to_owned(),
        holds,
        origin: Origin::Corrected,
    };
    let before = measure(&comments, &themes, &[], &Options::default());
    let placed = |words: &Words| {
        comments.iter().map(|comment| !ids(words, comment).is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(placed(&before), [false, false, true, true]);
    let after = measure(&comments, &themes, &[says(0, true), says(3, false)], &Options::default());
    assert_eq!(placed(&after), [true, true, true, false]);
    let why = |n: usize| {
        let placed = after.comments.iter().find(|placed| placed.key == comments[n].key());
        placed.unwrap().themes[0].why
    };
    assert_eq!((why(0), why(1)), (Why::ByHand, Why::Example(comments[0].key())));
    assert_eq!(why(2), Why::Seed(0));
}

#[test]
fn a_corrected_comment_goes_before_a_coded_one_and_no_before_yes() {
    let comments = [comment(0, "No parking", Some("en"))];
    let themes = [theme("parking", &["There was no parking"])];
    let says = |holds, origin| Correction {
        comment: comments[0].key(),
        theme: "parking".to_owned(),
        holds,
        origin,
    };
    for (corrections, expected) in [
        (vec![says(true, Origin::Coded), says(false, Origin::Corrected)], false),
        (vec![says(false, Origin::Coded), says(true, Origin::Corrected)], true),
        (vec![says(true, Origin::Coded), says(false, Origin::Coded)], false),
    ] {
        let words = measure(&comments, &themes, &corrections, &Options::default());
        assert_eq!(!words.comments[0].themes.is_empty(), expected, "{corrections:?}");
    }
}
