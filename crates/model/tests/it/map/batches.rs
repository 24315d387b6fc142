//! What a batch is told, in the words that go over the wire.

use expect_test::{Expect, expect};
use model::map::{Op, apply_all};

use super::every_key;

/// Operations as JSON, one a line; each answer on its line.
fn check(ops: &str, expected: Expect) {
    let mut map = every_key();
    let ops: Vec<Op> = ops.lines().map(|line| serde_json::from_str(line.trim()).unwrap()).collect();
    let done = apply_all(&mut map, ops, 9);
    let mut lines: Vec<(usize, String)> = Vec::new();
    for applied in &done.applied {
        lines.push((applied.index, serde_json::to_string(&applied.op).unwrap()));
    }
    for rejected in &done.rejected {
        lines.push((rejected.index, serde_json::to_string(&rejected).unwrap()));
    }
    lines.sort();
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn cards_are_placed_and_kept_apart() {
    check(
        r#"{"op":"card.add","id":"018f0000-0000-7000-8000-000000000001","touchpoint":"parking","lane":"needs","after":null,"text":"First"}
        {"op":"card.add","id":"018f0000-0000-7000-8000-000000000002","touchpoint":"parking","lane":"needs","after":"018f0000-0000-7000-8000-000000000001","text":"Second","grade":"told"}
        {"op":"card.add","id":"018f0000-0000-7000-8000-000000000002","touchpoint":"parking","lane":"needs","after":null,"text":"Again"}
        {"op":"card.add","id":"2","touchpoint":"parking","lane":"needs","after":null,"text":"No id"}
        {"op":"card.add","id":"018f0000-0000-7000-8000-000000000003","touchpoint":"parking","lane":"feels","after":null,"text":"Angry"}
        {"op":"card.add","id":"018f0000-0000-7000-8000-000000000003","touchpoint":"parking","lane":"needs","after":null,"text":" "}
        {"op":"card.move","id":"018f0000-0000-7000-8000-000000000001","touchpoint":"exit","lane":"pains","after":null}"#,
        expect![[r#"
            {"op":"card.add","id":"018f0000-0000-7000-8000-000000000001","touchpoint":"parking","lane":"needs","after":null,"text":"First","order":"Zz"}
            {"op":"card.add","id":"018f0000-0000-7000-8000-000000000002","touchpoint":"parking","lane":"needs","after":"018f0000-0000-7000-8000-000000000001","text":"Second","grade":"told","order":"ZzV"}
            {"index":2,"code":"conflict","message":"there is a card `018f0000-0000-7000-8000-000000000002` already; choose another id","current":{"id":"018f0000-0000-7000-8000-000000000002","touchpoint":"parking","lane":"needs","order":"ZzV","text":"Second","text_rev":1,"grade":"told"}}
            {"index":3,"code":"invalid_input","message":"`2` is no id of a card: it must be a UUID","current":null}
            {"index":4,"code":"invalid_input","message":"the lane `feels` holds no cards; choose one with text","current":null}
            {"index":5,"code":"invalid_input","message":"the card is empty; write what it says","current":null}
            {"op":"card.move","id":"018f0000-0000-7000-8000-000000000001","touchpoint":"exit","lane":"pains","after":null,"order":"a0"}"#]],
    );
}

#[test]
fn a_text_that_changed_meanwhile_is_not_written_over() {
    check(
        r#"{"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text_rev":1,"text":"Circles for a place"}
        {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text_rev":1,"text":"Waits at the gate"}
        {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text_rev":1,"grade":"observed"}
        {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text":"Blind"}
        {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","grade":null,"owner":"care"}
        {"op":"card.del","id":"00000000-0000-7000-8000-000000000001"}
        {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text_rev":2,"text":"Too late"}
        {"op":"card.restore","id":"00000000-0000-7000-8000-000000000001"}"#,
        expect![[r#"
            {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text_rev":1,"text":"Circles for a place"}
            {"index":1,"code":"conflict","message":"somebody else has changed this text since; see what it says now","current":{"id":"00000000-0000-7000-8000-000000000001","touchpoint":"parking","lane":"does","order":"a0","text":"Circles for a place","text_rev":2}}
            {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","text_rev":1,"grade":"observed"}
            {"index":3,"code":"invalid_input","message":"a change of `text` needs the `text_rev` that it was made from","current":{"id":"00000000-0000-7000-8000-000000000001","touchpoint":"parking","lane":"does","order":"a0","text":"Circles for a place","text_rev":2,"grade":"observed"}}
            {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","grade":null,"owner":"care"}
            {"op":"card.del","id":"00000000-0000-7000-8000-000000000001"}
            {"index":6,"code":"not_found","message":"card `00000000-0000-7000-8000-000000000001` is deleted; restore it first","current":{"deleted":true}}
            {"op":"card.restore","id":"00000000-0000-7000-8000-000000000001","restored":{"cards":[{"id":"00000000-0000-7000-8000-000000000001","touchpoint":"parking","lane":"does","order":"a0","text":"Circles for a place","text_rev":2,"owner":"care"}]}}"#]],
    );
}

#[test]
fn fields_are_checked_as_the_document_is() {
    check(
        r#"{"op":"touchpoint.set","id":"parking","field":"importance","value":{"customer":7}}
        {"op":"touchpoint.set","id":"parking","field":"chanels","value":["app"]}
        {"op":"touchpoint.set","id":"parking","field":"standards","value":[{"id":"x","text":"X","respons":{}}]}
        {"op":"touchpoint.set","id":"parking","field":"channels","value":["app","till"]}
        {"op":"stage.set","id":"arrive","field":"phase","value":"befor"}
        {"op":"stage.set","id":"arrive","field":"title","value":null}
        {"op":"lane.set","id":"does","field":"kind","value":"tags"}
        {"op":"lane.set","id":"does","field":"on","value":false}
        {"op":"lane.del","id":"does"}
        {"op":"feel.set","touchpoint":"parking","feels":{"label":"calm","valence":2.5,"grade":"told"}}
        {"op":"feel.set","touchpoint":"parking","feels":null}
        {"op":"meta.set","field":"handoffs","value":[{"from":"parking"}]}
        {"op":"meta.set","field":"review_every","value":"4w"}
        {"op":"meta.set","field":"id","value":"other"}"#,
        expect![[r#"
            {"index":0,"code":"invalid_input","message":"`customer` must be from 1 to 5, not 7","current":null}
            {"index":1,"code":"invalid_input","message":"`chanels` cannot be set; the fields are title, channels, initiator, owner, events, optional, repeatable, next, moment_of_truth, importance, belief, targets, standards, no_standard","current":null}
            {"index":2,"code":"invalid_input","message":"unknown key `respons`; did you mean `response`?","current":null}
            {"op":"touchpoint.set","id":"parking","field":"channels","value":["app","till"]}
            {"index":4,"code":"invalid_input","message":"`phase` must be one of `before`, `during`, `after`, not `befor`; did you mean `before`?","current":null}
            {"index":5,"code":"invalid_input","message":"a title cannot be taken away","current":null}
            {"index":6,"code":"invalid_input","message":"only a lane of your own changes its kind, between `text` and `tags`","current":null}
            {"op":"lane.set","id":"does","field":"on","value":false}
            {"index":8,"code":"invalid_input","message":"every map has the lane `does`; switch it off instead","current":null}
            {"index":9,"code":"invalid_input","message":"`valence` must be from -2 to 2, not 2.5","current":null}
            {"op":"feel.set","touchpoint":"parking","feels":null}
            {"index":11,"code":"invalid_input","message":"missing key `to`; add `to:` (text): Id of a touchpoint.","current":null}
            {"op":"meta.set","field":"review_every","value":"4w"}
            {"index":13,"code":"invalid_input","message":"`id` cannot be set; the fields are title, scope, code, scenario, owner, sponsor, dimensions, review_every, personas, statement, instance, outcomes, handoffs, standards, funnels, themes, contact_points","current":null}"#]],
    );
}

#[test]
fn what_is_hidden_is_told_as_deleted() {
    check(
        r#"{"op":"stage.del","id":"arrive"}
        {"op":"touchpoint.set","id":"parking","field":"owner","value":"me"}
        {"op":"card.set","id":"00000000-0000-7000-8000-000000000001","grade":"told"}
        {"op":"touchpoint.restore","id":"parking"}
        {"op":"stage.add","id":"arrive","title":"Again","after":null}
        {"op":"touchpoint.add","id":"parking","stage":"shop","title":"Again","after":null}
        {"op":"stage.add","id":"Pay!","title":"Pay","after":"arrive"}
        {"op":"stage.add","id":"pay","title":"Pay","after":"nowhere"}
        {"op":"stage.add","id":"pay","title":"Pay","after":"arrive"}
        {"op":"link.del","card":"00000000-0000-7000-8000-000000000099","link":{"kind":"web","to":"x"}}"#,
        expect![[r#"
            {"op":"stage.del","id":"arrive"}
            {"index":1,"code":"not_found","message":"touchpoint `parking` is deleted; restore it first","current":{"deleted":true}}
            {"index":2,"code":"not_found","message":"card `00000000-0000-7000-8000-000000000001` is deleted; restore it first","current":{"deleted":true}}
            {"index":3,"code":"not_found","message":"stage `arrive` is deleted; restore it first","current":{"deleted":true}}
            {"index":4,"code":"conflict","message":"there is a stage `arrive` already; choose another id","current":{"deleted":true}}
            {"index":5,"code":"conflict","message":"there is a touchpoint `parking` already; choose another id","current":{"deleted":true}}
            {"index":6,"code":"invalid_input","message":"`Pay!` is no id of a stage: an id is lower-case words and hyphens","current":null}
            {"index":7,"code":"not_found","message":"there is no `nowhere` to stand behind","current":null}
            {"op":"stage.add","id":"pay","title":"Pay","after":"arrive","order":"a0V"}
            {"index":9,"code":"not_found","message":"there is no card `00000000-0000-7000-8000-000000000099`","current":null}"#]],
    );
}
