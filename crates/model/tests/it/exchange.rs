//! Journeys in the forms of other programs, with texts that are awkward in each.

use expect_test::{Expect, expect, expect_file};
use model::document::read;
use model::exchange::{Import, Unreadable, cjml, mermaid, outline, sheet};
use model::journey::Journey;
use model::write::write;
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, prop_assert_eq, proptest};

use crate::arbitrary::journey;

mod of_cjml;

const AWKWARD: &str = r##"
footpath: 1
journey: awkward
title: "I buy: a #1 <gift> & \"wrap\" it; twice"
scenario: "Two lines\nof why"
personas: [{id: a, title: "Ann, or: Anna"}, {id: b, title: "محمد"}]
lanes: [{id: weather, title: Weather}]
stages:
  - id: look
    title: "Section one: look"
    phase: before
    owner: shop
    goal: A short list
    touchpoints:
      - id: 24-hours
        title: "Title of\ta window"
        channels: [shop, app]
        does: "Looks\tthere\nand here"
        thinks: ["• Nice", {text: "=1+1", grade: told, owner: care}]
        feels: {label: "tense, (a bit)", valence: -1.25, grade: told}
        pains: ["'-5% only", "Too [loud]"]
        cards: {weather: "rain"}
      - id: arabic
        title: "أنا أدفع: الآن"
        initiator: company
        owner: "الصندوق"
        channels: [till]
        frontstage: Hands over the goods
        quotes: ["قال: \"شكرا\""]
  - id: pay
    title: "أدفع"
    owner: customer
    touchpoints:
      - {id: think, title: I think about it, no_standard: "No contact", feels: {label: calm, valence: 0.5}}
handoffs: [{from: arabic, to: think, giver: shop, passes: [name]}]
"##;

fn awkward() -> Journey {
    let reading = read(AWKWARD);
    assert!(reading.is_valid(), "{:?}", reading.problems);
    reading.journey.unwrap()
}

fn check(text: &str, warnings: &[String], expected: Expect) {
    expected.assert_eq(&format!("{text}----\n{}\n", warnings.join("\n")));
}

fn told(read: Result<Import, Unreadable>) -> String {
    match read {
        Ok(import) => {
            format!("{}----\n{}\n", write(&valid(import.journey)), import.warnings.join("\n"))
        }
        Err(error) => error.to_string(),
    }
}

/// What an import gives is a document that a reader takes.
fn valid(journey: Journey) -> Journey {
    let text = write(&journey);
    let reading = read(&text);
    let errors: Vec<String> = reading.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    assert_eq!(reading.journey.as_ref(), Some(&journey));
    journey
}

#[test]
fn mermaid_is_written() {
    let export = mermaid::export(&awkward());
    check(
        &export.text,
        &export.warnings,
        expect![[r#"
        journey
            title I buy： a ＃1 <gift> & "wrap" it； twice
            section Section one： look
              “Title of a window”: 2: Ann， or： Anna, محمد
              أنا أدفع： الآن: 3: Ann， or： Anna, محمد
            section أدفع
              I think about it: 4: Ann， or： Anna, محمد
        ----
        colons, semicolons, hashes and line ends in names are written otherwise
        feelings are rounded to five steps
        1 touchpoints say nothing of feelings and stand at 3
        the lanes are left out, all but the feelings
    "#]],
    );
}

#[test]
fn mermaid_is_read() {
    let text = "---\ntitle: x\n---\n%% hello\njourney\n  accTitle: no\n  title My working day\n  Wake up: 7: Me\n  section Go to work\n\
                \n      Make tea: 5: Me\n      Make tea: 1.5: Me, Cat\n      اذهب: : قطة\n";
    expect![[r#"
        footpath: 1
        journey: my-working-day
        title: My working day
        personas: [{id: me, title: Me}, {id: cat, title: Cat}, {id: persona, title: قطة}]
        stages:
          - id: all
            title: All
            touchpoints:
              - id: wake-up
                title: Wake up
                feels: {label: delighted, valence: 2, grade: assumed}
          - id: go-to-work
            title: Go to work
            touchpoints:
              - id: make-tea
                title: Make tea
                feels: {label: delighted, valence: 2, grade: assumed}
              - id: make-tea-2
                title: Make tea
                feels: {label: unhappy, valence: -1.5, grade: assumed}
              - id: touchpoint
                title: اذهب
        ----
        line 8: the score 7 is taken to the nearest of 1 to 5
        line 8: tasks before the first section stand in one of their own
    "#]]
    .assert_eq(&told(mermaid::import(text)));
    let refused = [
        "",
        "flowchart\na",
        "journey\ntitle T",
        "journey\nsection S\nPay",
        "journey\nsection S\nPay: good: Me",
    ];
    let refused: Vec<String> = refused.map(|text| told(mermaid::import(text))).to_vec();
    expect![[r#"
        line 1: the diagram is empty; it begins with `journey`
        line 1: a diagram begins with `journey`
        line 1: the diagram has no tasks; write `Task: 3: Customer`
        line 3: this is no task; write its name, a score from 1 to 5 and who: `Pay: 3: Me`
        line 3: `good` is no score from 1 to 5"#]]
    .assert_eq(&refused.join("\n"));
}

#[test]
fn a_grid_is_written_and_read_back() {
    let export = sheet::export(&awkward());
    expect_file!["../documents/awkward.tsv"].assert_eq(&export.text);
    expect!["owners and links of cards are left out"].assert_eq(&export.warnings.join("\n"));
    let back = sheet::import(&export.text, "I buy").unwrap();
    expect![[r#"
        footpath: 1
        journey: i-buy
        title: I buy
        lanes:
          - id: weather
            title: Weather
          - does
          - channels
          - thinks
          - feels
          - needs
          - expects
          - pains
          - gains
          - quotes
          - evidence
          - frontstage
          - technology
          - backstage
          - support
          - systems
          - opportunities
        stages:
          - id: section-one-look
            title: "Section one: look"
            touchpoints:
              - id: title-of-a-window
                title: Title of a window
                channels: [shop, app]
                owner: shop
                does: "Looks\tthere\nand here"
                thinks: ["• Nice", {text: "=1+1", grade: told}]
                feels: {label: "tense, (a bit)", valence: -1.25, grade: told}
                pains: ["'-5% only", "Too [loud]"]
                cards: {weather: rain}
              - id: touchpoint
                title: "أنا أدفع: الآن"
                channels: [till]
                owner: الصندوق
                quotes: ["قال: \"شكرا\""]
                frontstage: Hands over the goods
          - id: stage
            title: أدفع
            touchpoints:
              - id: i-think-about-it
                title: I think about it
                owner: customer
                feels: {label: calm, valence: 0.5, grade: assumed}
        ----
        `Weather` became a lane of the journey's own
    "#]]
    .assert_eq(&told(Ok(back.clone())));
    // Titles stand in one line.
    assert_eq!(
        sheet::export(&back.journey).text,
        export.text.replace("\"Title of\ta window\"", "Title of a window")
    );
    assert_eq!(
        sheet::import(&export.text.replace('\n', "\r\n"), "I buy").unwrap().journey.stages.len(),
        2
    );
}

#[test]
fn a_grid_of_somebody_else_is_read() {
    let text = "Step\tLook\tPay\t\nEmotion\t1\tlots\t\nThinks\tone\t\"first\nsecond\"\tlost\nRisks\t\tTheft [observed]\n\n";
    expect![[r#"
        footpath: 1
        journey: journey
        title: أشتري
        lanes: [feels, thinks, {id: risks, title: Risks}]
        stages:
          - id: all
            title: All
            touchpoints:
              - id: look
                title: Look
                thinks: one
                feels: {label: felt, valence: 1, grade: assumed}
              - id: pay
                title: Pay
                thinks: [first, second]
                cards:
                  risks: [{text: Theft, grade: observed}]
        ----
        `Risks` became a lane of the journey's own
        `Pay`: no feeling from -2 to 2 in `lots`
        column 4 has no touchpoint, so its cells are left out
    "#]]
    .assert_eq(&told(sheet::import(text, "أشتري")));
    let refused = ["", "Thinks\tx", "Step\t\n", "Step\tA\n\tb", "Step\t\"A"];
    let refused: Vec<String> = refused.map(|text| told(sheet::import(text, "T"))).to_vec();
    expect![[r#"
        line 1: no row of touchpoints; begin one with `Touchpoint`
        line 1: no row of touchpoints; begin one with `Touchpoint`
        line 1: no row of touchpoints; begin one with `Touchpoint`
        line 2: a row without a name; its first cell says which lane it is
        line 1: a quote is opened in this line and never closed"#]]
    .assert_eq(&refused.join("\n"));
}

#[test]
fn an_outline_lists_every_card() {
    let journey = awkward();
    let text = outline::export(&journey);
    expect![[r#"
        I buy: a #1 <gift> & "wrap" it; twice
        Two lines
          of why

        1 Section one: look
            Phase: before purchase
            Goal: A short list

          1.1 Title of a window
              Owner: shop
              Weather: rain
              Does: Looks there
                and here
              Touchpoints and channels:
                - shop
                - app
              Thinks:
                - • Nice
                - =1+1 (told, care)
              Feels: tense, (a bit) (-1.25, told)
              Pains:
                - '-5% only
                - Too [loud]

          1.2 ⟦أنا أدفع: الآن⟧
              Owner: ⟦الصندوق⟧
              Touchpoints and channels: till
              Quotes: ⟦قال: "شكرا"⟧
              Frontstage: Hands over the goods

        2 ⟦أدفع⟧

          2.1 I think about it
              Owner: customer
              Feels: calm (+0.5, assumed)
              Standards and verdicts: none: No contact

        Hand-offs
          arabic → think: shop to nobody, with name
    "#]]
    .assert_eq(&text.replace('\u{2068}', "⟦").replace('\u{2069}', "⟧"));

    let of_all = read(crate::every_key::EVERY_KEY).journey.unwrap();
    let text = outline::export(&of_all);
    let hidden = ["parking-db"];
    for card in model::map::Map::of(&of_all, String::new).cards {
        assert_eq!(text.contains(&card.text), !hidden.contains(&&*card.text), "{}", card.text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_journey_can_be_carried_away_and_back(journey in journey()) {
        outline::export(&journey);
        let count = journey.touchpoints().count();
        for (form, import) in [
            ("mermaid", mermaid::import(&mermaid::export(&journey).text)),
            ("sheet", sheet::import(&sheet::export(&journey).text, "T")),
            ("cjml", cjml::import(&cjml::export(&journey).text)),
        ] {
            match import {
                Ok(import) => prop_assert_eq!(valid(import.journey).touchpoints().count(), count, "{}", form),
                // Titles of nothing but characters that a form cannot hold.
                Err(error) => prop_assert!(form != "cjml", "{}: {}", form, error),
            }
        }
    }

    #[test]
    fn any_text_is_answered(lines in prop::collection::vec("(journey|section|title|Step|Stage|Feels|<CJML>|<a b='c'>|</a>|\\PC{0,8}|[\t\"':;#<>&=\u{1}0-9 ]{0,6}){0,4}", 0..8), joined in any::<bool>()) {
        let text = lines.join(if joined { "\n" } else { "\t" });
        let imports = [
            mermaid::import(&text),
            mermaid::import(&format!("journey\n{text}")),
            sheet::import(&text, "T"),
            sheet::import(&format!("Step\tA\n{text}"), "T"),
            cjml::import(&text),
        ];
        for import in imports.into_iter().flatten() {
            valid(import.journey);
        }
    }
}
