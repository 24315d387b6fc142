//! The drawings: everything is on them, in both themes, and nothing says more than its n allows.

use report::document::{Report, Verdict};
use report::draw::{self, Cell, Style, Svg, Theme};

use crate::visit::{discovered, unmeasured, visit};

fn map(report: &Report) -> Svg {
    draw::map(Some(&visit().0), report, &Style::default())
}

#[test]
fn every_touchpoint_is_on_the_map_and_in_its_twin() {
    let (journey, report) = visit();
    let svg = map(&report);
    for (stage, touchpoint) in journey.touchpoints() {
        assert!(
            svg.markup.contains(&format!("data-touchpoint=\"{}\"", touchpoint.id)),
            "{}",
            touchpoint.id
        );
        let both = Cell::Both(touchpoint.title.clone(), stage.title.clone());
        assert!(svg.table.rows.iter().any(|row| row.first() == Some(&both)), "{}", touchpoint.id);
    }
    for line in ["Line of interaction", "Line of visibility", "Line of internal interaction"] {
        assert!(svg.markup.contains(line), "{line}");
    }
}

#[test]
fn the_rows_of_a_twin_fit_its_columns() {
    let (journey, report) = visit();
    let style = Style::default();
    let gaps = draw::gaps(Some(&journey), &report, &style).unwrap();
    let matrix = draw::matrix(Some(&journey), &report, &style).unwrap();
    let trends = draw::trends(Some(&journey), &report, &style);
    assert_eq!(trends.len(), report.trends.len());
    let kept = draw::kept_trends(&report, &style);
    assert_eq!(kept.len(), report.kept_trends.len());
    let (paretos, staying) = (draw::paretos(&report, &style), draw::staying(&report, &style));
    assert_eq!((paretos.len(), staying.len()), (2, 1));
    let several = trends.into_iter().chain(kept).chain(paretos).chain(staying);
    for svg in several.chain([matrix, gaps]).chain([
        map(&report),
        draw::flow(Some(&journey), &report, &style),
        draw::flow(None, &discovered(), &style),
    ]) {
        assert!(!svg.table.rows.is_empty());
        assert!(
            svg.table.rows.iter().all(|row| row.len() == svg.table.columns.len()),
            "{}",
            svg.table.caption
        );
    }
}

#[test]
fn a_drawing_for_a_file_carries_its_colours() {
    let (journey, report) = visit();
    for theme in [Theme::Light, Theme::Dark] {
        let style = Style { theme, ..Style::default() };
        let svg = draw::map(Some(&journey), &report, &style);
        assert!(!svg.markup.contains("var("), "{theme:?} depends on a page");
    }
    let page = draw::map(Some(&journey), &report, &Style::default()).markup;
    assert!(
        page.contains("var(--fp-surface,#ffffff)"),
        "without a style sheet the light colours stand"
    );
}

#[test]
fn what_sets_the_limits_is_hollow_and_what_breaks_them_is_a_triangle() {
    let (_, report) = visit();
    let trend = &report.kept_trends[0];
    let markup = &draw::kept_trends(&report, &Style::default())[0].markup;
    let hollow = trend.points.iter().filter(|point| point.in_baseline);
    assert_eq!(markup.matches("r=\"3\" fill=\"var(--fp-surface").count(), hollow.count());
    let signals = trend.points.iter().filter(|point| !point.signals.is_empty()).count();
    assert!(signals > 0);
    assert_eq!(markup.matches("fill=\"var(--fp-depart").count(), signals);
    // One band without a hole.
    assert_eq!(markup.matches("fill=\"var(--fp-card").count(), 1);
}

#[test]
fn a_score_shows_no_more_than_its_n_allows() {
    let (_, mut report) = visit();
    let faces = |report: &Report| {
        let markup = map(report).markup;
        let titled = |words: &str| markup.matches(words).count();
        (
            titled("; measured "),
            titled("too few for more than an indication"),
            titled("; not measured"),
        )
    };
    // The statement has 4 answers, driving away 23.
    assert_eq!(faces(&report), (9, 1, 1));
    let parking =
        report.touchpoints.iter_mut().find(|touchpoint| touchpoint.id == "parking").unwrap();
    parking.scores.get_mut("csat").unwrap().n = 29;
    assert_eq!(faces(&report), (9, 2, 1));
    let parking =
        report.touchpoints.iter_mut().find(|touchpoint| touchpoint.id == "parking").unwrap();
    parking.scores.get_mut("csat").unwrap().n = 4;
    assert_eq!(faces(&report), (8, 1, 2));
    assert!(map(&report).markup.contains(">n\u{a0}=\u{a0}4, too few</text>"));
}

#[test]
fn only_a_proven_defect_has_the_triangle() {
    let (journey, mut report) = visit();
    let triangles = |report: &Report| map(report).markup.matches(">▲ ").count();
    assert!(triangles(&report) > 5);
    report.standards.iter_mut().for_each(|standard| standard.verdict = Verdict::NotProven);
    // The touchpoint that nobody owns keeps its mark.
    assert_eq!(triangles(&report), 1);
    let mut owned = journey;
    for stage in &mut owned.stages {
        stage
            .touchpoints
            .iter_mut()
            .for_each(|touchpoint| touchpoint.owner = Some("somebody".to_owned()));
    }
    let markup = draw::map(Some(&owned), &report, &Style::default()).markup;
    assert!(!markup.contains('▲'), "nothing is proven and nothing is unowned");
}

#[test]
fn the_flow_draws_or_folds_every_move() {
    for (journey, report) in [(Some(visit().0), visit().1), (None, discovered())] {
        let markup = draw::flow(journey.as_ref(), &report, &Style::default()).markup;
        let numbers = |after: &str| -> u64 {
            markup
                .split("<title>")
                .filter_map(|part| part.split("</title>").next())
                .filter_map(|title| {
                    let before = title.split(after).next().filter(|_| title.contains(after))?;
                    before.rsplit(' ').next()?.replace(',', "").parse::<u64>().ok()
                })
                .sum()
        };
        let drawn = numbers(" moves in ");
        let again: u64 =
            report.transitions.iter().filter(|t| t.from == t.to).map(|t| t.count).sum();
        let folded: u64 = markup
            .split("Other (")
            .nth(1)
            .and_then(|rest| {
                rest.split(" paths, ").nth(1)?.split(' ').next()?.replace(',', "").parse().ok()
            })
            .unwrap_or(0);
        let all: u64 = report.transitions.iter().map(|transition| transition.count).sum();
        assert_eq!(drawn + folded + again, all);
        assert!(folded > 0 && again > 0, "the visit has rare paths and repeats");
    }
}

#[test]
fn the_designed_path_lies_straight_on_top() {
    let (journey, report) = visit();
    let markup = draw::flow(Some(&journey), &report, &Style::default()).markup;
    let band = markup.split("data-from=\"parking\" data-to=\"entrance\"").nth(1).unwrap();
    let path = band.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let numbers: Vec<f64> = path
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(|n| n.parse().ok())
        .collect();
    // M x y C … y … y x y: the upper edge begins and ends at one height.
    assert_eq!(numbers[1], numbers[7], "{path}");
}

#[test]
fn nothing_measured_still_draws() {
    let (journey, report) = unmeasured();
    let svg = draw::map(Some(&journey), &report, &Style::default());
    assert!(
        svg.markup.contains("no events") && !svg.markup.contains("NaN"),
        "the map says that nothing came"
    );
    let flow = draw::flow(Some(&journey), &report, &Style::default());
    assert!(flow.height.is_finite() && !flow.markup.contains("NaN"));
    assert_eq!(draw::gaps(Some(&journey), &report, &Style::default()), None);
    let mut nobody = report;
    nobody.touchpoints.clear();
    let empty = draw::map(None, &nobody, &Style::default());
    assert!(empty.width.is_finite() && empty.table.rows.is_empty());
}
