//! XES logs.

use engine::import::Kind;
use expect_test::expect;

use crate::reading::file;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="default"/><date key="time:timestamp" value="1999-01-01"/></global>
  <classifier name="Activity" keys="concept:name"/>
"#;

#[test]
fn traces_with_nested_lists() {
    let log = format!(
        r#"{HEAD}<trace>
    <string key="concept:name" value="7"/>
    <string key="channel" value="Internet"/>
    <list key="notes"><values><string key="concept:name" value="nested trace"/></values></list>
    <event>
      <string key="concept:name" value="register &amp; pay &#233;"><string key="concept:name" value="meta"/></string>
      <date key="time:timestamp" value="2010-12-30T14:32:00.000+01:00"/>
      <list key="items"><values><event><date key="time:timestamp" value="2001-01-01"/></event></values></list>
      <int key="Costs" value="50"/><boolean key="urgent" value="true"/><float key="share" value="0.25"/>
      <string key="lifecycle:transition" value="complete"/>
    </event>
    <event>
      <string key="concept:name" value="decide"/><date key="time:timestamp" value="2010-12-31"/>
      <string key="channel" value="Desk"/>
    </event>
  </trace>
  <trace>
    <string key="concept:name" value="NA"/>
    <event><string key="concept:name" value="register"/></event>
    <event><string key="concept:name"
        value="over
lines"/><date key="time:timestamp" value="2011-01-01"/></event>
    <event/>
  </trace>
  <trace><event><string key="concept:name" value="nobody's"/><date key="time:timestamp" value="2011-01-01"/></event></trace>
</log>
"#
    );
    file("a.xes", log)
        .channel()
        .attribute("Costs", Kind::Number)
        .attribute("case:channel", Kind::Text)
        .attribute("lifecycle:transition", Kind::Text)
        .check(expect![[r#"
            XES, UTF-8: 6 rows, 3 bad
            10: 7 2010-12-30T13:32:00Z register & pay é via Internet [50] [545696f05abd9fe8] [753397b305a8700e]
            17: 7 2010-12-31T00:00:00Z decide via Desk [NaN] [545696f05abd9fe8] [-]
            25: NA 2011-01-01T00:00:00Z over lines via - [NaN] [-] [-]
            bad 24: the row has no time | customer_id=NA; at=; activity=register; channel=; event_id=; Costs=; case:channel=; lifecycle:transition=
            bad 28: the row has no time | customer_id=NA; at=; activity=; channel=; event_id=; Costs=; case:channel=; lifecycle:transition=
            bad 30: the row has no customer | customer_id=; at=2011-01-01; activity=nobody\'s; channel=; event_id=; Costs=; case:channel=; lifecycle:transition=
        "#]]);
}

#[test]
fn prefixes_and_other_names() {
    let log = r#"<x:log xmlns:x="http://www.xes-standard.org/"><x:trace><x:string key="concept:name" value="7"/>
<x:event><x:string key="concept:name" value="a"/><x:string key="org:resource" value="ann"/>
<x:date key="time:timestamp" value="2024-03-01T10:00:00Z"/></x:event></x:trace></x:log>"#;
    file("a.xml", log).check(expect![[r#"
        XES, UTF-8: 1 rows, 0 bad
        2: 7 2024-03-01T10:00:00Z a
    "#]]);
    file("a.xml", log).map("customer_id=org:resource").check(expect![[r#"
        XES, UTF-8: 1 rows, 0 bad
        2: ann 2024-03-01T10:00:00Z a
    "#]]);
    file("a.xml", log).map("activity=case:concept:name").check(expect![[r#"
        XES, UTF-8: 1 rows, 0 bad
        2: 7 2024-03-01T10:00:00Z 7
    "#]]);
    file("a.xml", log).map("activity=Activity").check(expect![[r#"
        error: a.xml: there is no column `Activity` (mapped to `activity`). The file has `case:concept:name`, `concept:name`, `org:resource`, `time:timestamp`; did you mean `--map customer_id=case:concept:name,at=time:timestamp,activity=concept:name`?
        bad 2: the row has no activity | customer_id=7; at=2024-03-01T10:00:00Z; activity=; channel=; event_id=
    "#]]);
}

#[test]
fn written_in_latin_letters() {
    let mut log = br#"<?xml version="1.0" encoding="ISO-8859-1"?><log><trace><string key="concept:name" value="Zo"#.to_vec();
    log.push(0xeb);
    log.extend_from_slice(br#""/><event><string key="concept:name" value="a"/><date key="time:timestamp" value="2024-03-01"/></event></trace></log>"#);
    file("a.xes", log).check(expect![[r#"
        XES, windows-1252: 1 rows, 0 bad
        1: Zoë 2024-03-01T00:00:00Z a
    "#]]);
}

#[test]
fn what_is_refused() {
    file("a.xes", "<log><trace><string key='concept:name' value='7'/><event>").check(expect![[r#"
        error: a.xes: it ends in the middle: the file was cut off. Nothing of it was counted; copy it again
    "#]]);
    file("a.xes", "<log><trace></log>").check(expect![[r#"
        error: a.xes:1: the XML is broken: ill-formed document: expected `</trace>`, but `</log>` was found
    "#]]);
    file("a.xes", "<html><body>Not found</body></html>").check(expect![[r#"
        error: a.xes:1: this XML is no XES log: its root is `<html>`, not `<log>`
    "#]]);
    file("a.xes", "<!DOCTYPE log [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><log></log>").check(expect![[r#"
        error: a.xes:1: the file has a DTD, which is refused: it could make the file grow without end. Remove the `<!DOCTYPE …>`
    "#]]);
    let unknown = "<log><trace><string key='concept:name' value='7'/><event><string key='concept:name' value='&a;'/>\
                   <date key='time:timestamp' value='2024-03-01'/></event></trace></log>";
    file("a.xes", unknown).check(expect![[r#"
        error: a.xes: there is no column `concept:name` (mapped to `activity`). The file has `case:concept:name`, `time:timestamp`; say which is which: `--map customer_id=case:concept:name,at=time:timestamp,activity=<column>`
        bad 1: the event cannot be read: at 1..2: unrecognized entity `a` | customer_id=7; at=2024-03-01; activity=; channel=; event_id=
    "#]]);
    file("a.xes", format!("<log>{}", "<list>".repeat(100))).check(expect![[r#"
        error: a.xes:1: elements are nested deeper than 64: this is no log
    "#]]);
    file("a.xes", "<?xml version='1.0'?>\n").check(expect![[r#"
        error: a.xes: it ends in the middle: the file was cut off. Nothing of it was counted; copy it again
    "#]]);
    let long = format!(
        "<log><trace><string key='concept:name' value='{}'/></trace></log>",
        "x".repeat(3 << 20)
    );
    file("a.xes", long).check(expect![[r#"
        error: a.xes:1: this tag or text is longer than a megabyte: this is no log
    "#]]);
}

#[test]
fn a_log_without_events() {
    file("a.xes", "<log/>").check(expect![[r#"
        XES, UTF-8: 0 rows, 0 bad
        note: there is not one row in it
    "#]]);
}
