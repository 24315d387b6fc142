//! CJML: ours, and that of others.

use expect_test::{expect, expect_file};
use model::exchange::cjml;

use super::{awkward, told};

#[test]
fn cjml_is_written_and_read_back() {
    let export = cjml::export(&awkward());
    expect_file!["../../documents/awkward.cjml.xml"].assert_eq(&export.text);
    expect![[r#"
        feelings are left out: planned journeys of CJML hold none
        of the lanes, what the customer does and the frontstage are kept"#]]
    .assert_eq(&export.warnings.join("\n"));
    expect![[r#"
        footpath: 1
        journey: awkward
        title: "I buy: a #1 <gift> & \"wrap\" it; twice"
        scenario: Two lines of why
        stages:
          - id: look
            title: "Section one: look"
            goal: A short list
            touchpoints:
              - id: t-24-hours
                title: Title of a window
                channels: [shop, app]
                initiator: customer
                owner: shop
                does: "Looks\tthere\nand here"
              - id: arabic
                title: "أنا أدفع: الآن"
                channels: [till]
                initiator: company
                owner: الصندوق
                frontstage: Hands over the goods
          - id: pay
            title: أدفع
            touchpoints:
              - id: think
                title: I think about it
                initiator: customer
        ----

    "#]]
    .assert_eq(&told(cjml::import(&export.text)));
}

#[test]
fn cjml_of_somebody_else_is_read() {
    let actual = r#"<CJML version="2.0"><actualJourney><journeyID>AJ1</journeyID>
      <actors><endUser actorID="Eva"><actorName>Eva</actorName></endUser><serviceProvider actorIDref="Shop &amp; Co"/></actors>
      <touchpoints>
        <actualCommunicationPoint><touchpointID>T1</touchpointID><compliance>failing</compliance>
          <initiator><refersTo actorIDref="Eva"/><initiatorLabel>I <![CDATA[<ask>]]></initiatorLabel></initiator>
          <receiver><refersTo actorIDref="Shop &#38; Co"/><receiverLabel>Is asked</receiverLabel></receiver>
          <channel><channelName>Chat</channelName></channel>
          <touchpointExperience><experienceDescription>Slow</experienceDescription><experienceRating>2</experienceRating></touchpointExperience>
        </actualCommunicationPoint>
        <somethingNew/>
        <actualAction><touchpointID>T2</touchpointID><initiator><refersTo actorIDref="Eva"/><initiatorLabel>I wait</initiatorLabel></initiator></actualAction>
      </touchpoints></actualJourney></CJML>"#;
    expect![[r#"
        footpath: 1
        journey: aj1
        title: AJ1
        stages:
          - id: all
            title: All
            touchpoints:
              - id: t1
                title: I <ask>
                channels: [Chat]
                initiator: customer
                owner: Shop & Co
                thinks: [{text: Slow, grade: told}]
                frontstage: Is asked
              - id: t2
                title: I wait
                initiator: customer
        ----
        line 4: a rating without a scale is left out
        line 10: `somethingNew` is not understood
    "#]]
    .assert_eq(&told(cjml::import(actual)));
    let deep = format!("<CJML>{}", "<a>".repeat(100));
    let refused = [
        "",
        "x",
        "<a/>",
        "<CJML/>",
        "<CJML version=\"2.0\"><plannedJourney/></CJML>",
        "<CJML><plannedJourney>",
        "<CJML></plannedJourney>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><CJML>&b;</CJML>",
        "<CJML>&b;</CJML>",
        &deep,
    ];
    let refused: Vec<String> = refused.map(|text| told(cjml::import(text))).to_vec();
    expect![[r#"
        line 1: there is no XML here
        line 1: there is no XML here
        line 1: the root is `a`, and that of CJML is `CJML`
        line 1: there is no `plannedJourney` and no `actualJourney`
        line 1: the journey has no touchpoints
        line 1: `plannedJourney` is opened and never closed
        line 1: ill-formed document: expected `</CJML>`, but `</plannedJourney>` was found
        line 1: a document type is not read; remove it
        line 1: nobody says what `&b;` means
        line 1: `a` is too deep or one too many for a journey"#]]
    .assert_eq(&refused.join("\n"));
}
