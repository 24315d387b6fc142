//! What must hold of every log and every journey.

use std::collections::BTreeMap;

use kernel::{Days, Measurer, NO_TIME, PathFacts, Summary, UNBOUND, list, measure};
use proptest::prelude::*;

use crate::journeys::{Journey, Log, Row, Standard};
use crate::oracle::{Answer, Verdict, all_checks, answer};
use crate::random::{journey, rows};

/// So many times the usual cases; `PROPTEST_CASES` says how many are usual.
fn config(times: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: times * usual.cases, failure_persistence: None, ..usual }
}

fn measured(journey: &Journey, rows: &[Row]) -> Summary {
    let log = Log::of(rows);
    measure(&log.events(&log.columns()), &journey.plan())
}

/// Rows of each part, when customer `c` goes to part `parts[c]`.
fn split(rows: &[Row], parts: &[usize]) -> Vec<Vec<Row>> {
    let mut split = vec![Vec::new(); 4];
    for row in rows {
        split[parts[row.customer as usize % parts.len()] % 4].push(*row);
    }
    split
}

fn merged(parts: impl IntoIterator<Item = Summary>, journey: &Journey) -> Summary {
    let mut whole = Summary::new(&journey.plan());
    parts.into_iter().for_each(|part| whole.merge(part));
    whole
}

/// Everything `by` later.
fn later(journey: &Journey, rows: &[Row], by: i64) -> (Journey, Vec<Row>) {
    let (horizon, from) = (journey.horizon + by, journey.from.map(|from| from + by));
    let due = |due: i64| if due == NO_TIME { NO_TIME } else { due + by };
    let rows = rows.iter().map(|row| Row { at: row.at + by, due: due(row.due), ..*row }).collect();
    (Journey { horizon, from, ..journey.clone() }, rows)
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn the_kernel_answers_what_the_oracle_answers(journey in journey(), rows in rows()) {
        let answered = Answer::read(&measured(&journey, &rows), &journey.plan());
        let expected = answer(&journey, &rows);
        for ((standard, answered), expected) in journey.standards.iter().zip(&answered.checks).zip(&expected.checks) {
            prop_assert_eq!(answered, expected, "{:?}", standard);
        }
        for ((funnel, answered), expected) in journey.funnels.iter().zip(&answered.funnels).zip(&expected.funnels) {
            prop_assert_eq!(answered, expected, "{:?}", funnel);
        }
        prop_assert_eq!(answered, expected);
    }
}

/// µs.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// A third of a day and a bit, so that what happens lies on many days.
const LONG: i64 = 30_000_000_007;

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn a_check_belongs_to_the_day_on_which_it_began(journey in journey(), rows in rows(), before in 0_i64..40) {
        // Midnight falls into the middle of it.
        let (journey, rows) = later(&journey, &rows, DAY - before);
        let answered = Answer::read(&measured(&journey, &rows), &journey.plan());
        let expected = answer(&journey, &rows);
        for ((standard, answered), expected) in journey.standards.iter().zip(&answered.checks).zip(&expected.checks) {
            prop_assert_eq!(&answered.days, &expected.days, "{:?}", standard);
        }
    }

    #[test]
    fn the_oracle_agrees_on_walks_of_months(journey in journey(), rows in rows()) {
        let journey = journey.stretched(LONG);
        let due = |due: i64| if due == NO_TIME { NO_TIME } else { due * LONG };
        let rows: Vec<Row> = rows.iter().map(|row| Row { at: row.at * LONG, due: due(row.due), ..*row }).collect();
        let answered = Answer::read(&measured(&journey, &rows), &journey.plan());
        let expected = answer(&journey, &rows);
        for ((standard, answered), expected) in journey.standards.iter().zip(&answered.checks).zip(&expected.checks) {
            prop_assert_eq!(answered, expected, "{:?}", standard);
        }
        prop_assert_eq!(answered, expected);
    }

    #[test]
    fn splitting_by_customer_and_merging_in_any_order_changes_nothing(
        journey in journey(),
        rows in rows(),
        parts in prop::collection::vec(0_usize..4, 7),
        order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let whole = measured(&journey, &rows);
        let parts: Vec<Summary> = split(&rows, &parts).iter().map(|part| measured(&journey, part)).collect();
        let merge = |order: &[usize]| merged(order.iter().map(|part| parts[*part].clone()), &journey);
        prop_assert!(merge(&order) == whole);
        let [a, b, c, d] = [0, 1, 2, 3].map(|part| parts[order[part]].clone());
        let join = |mut left: Summary, right: Summary| { left.merge(right); left };
        let (ab, ba) = (join(a.clone(), b.clone()), join(b.clone(), a.clone()));
        prop_assert!(ab == ba);
        prop_assert!(join(ab.clone(), c.clone()) == join(a, join(b, c.clone())));
        prop_assert!(join(join(d.clone(), c.clone()), ba) == join(ab, join(c, d)));
        let plan = journey.plan();
        let answered = Answer::read(&merge(&order), &plan);
        prop_assert_eq!(answered, Answer::read(&whole, &plan));
    }

    #[test]
    fn a_summary_comes_back_from_its_bytes_and_merges_as_before(
        journey in journey(),
        rows in rows(),
        parts in prop::collection::vec(0_usize..4, 7),
        cut in any::<prop::sample::Index>(),
    ) {
        let plan = journey.plan();
        let parts: Vec<Summary> = split(&rows, &parts).iter().map(|part| measured(&journey, part)).collect();
        let packed: Vec<Vec<u8>> = parts.iter().map(|part| part.clone().pack()).collect();
        let back: Option<Vec<Summary>> = packed.iter().map(|bytes| Summary::unpack(bytes, &plan)).collect();
        let back = back.unwrap();
        prop_assert!(back == parts);
        prop_assert!(merged(back, &journey) == measured(&journey, &rows));
        let [bytes, ..] = packed.as_slice() else { unreachable!() };
        prop_assert!(Summary::unpack(&bytes[..cut.index(bytes.len())], &plan).is_none());
        let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        prop_assert!(Summary::unpack(&longer, &plan).is_none());
    }

    #[test]
    fn instances_one_by_one_add_up_to_the_summary(journey in journey(), rows in rows()) {
        let (plan, whole) = (journey.plan(), measured(&journey, &rows));
        let log = Log::of(&rows);
        let (mut instances, mut events) = ([0; 3], 0);
        let mut checks = vec![[0; 4]; whole.checks.len()];
        let mut customers = std::collections::BTreeMap::new();
        let mut paths: BTreeMap<Vec<u16>, u64> = BTreeMap::new();
        list(&log.events(&log.columns()), &plan, &mut |listed| {
            instances[listed.state] += 1;
            events += listed.events;
            let before = customers.insert(listed.customer, listed.number);
            assert_eq!(before.unwrap_or(0) + 1, listed.number);
            assert_eq!(listed.touchpoints.len(), listed.at.len());
            assert!(listed.at.iter().all(|at| (listed.span.0..=listed.span.1).contains(at)));
            *paths.entry(listed.touchpoints.to_vec()).or_default() += 1;
            for (all, one) in checks.iter_mut().zip(listed.checks) {
                all.iter_mut().zip(one).for_each(|(all, one)| *all += one);
            }
        });
        prop_assert_eq!((instances, events, customers.len() as u64), (whole.instances, whole.events, whole.customers));
        let expected: Vec<[u64; 4]> = whole.checks.iter().map(|it| [it.kept, it.broken, it.pending, it.unknown]).collect();
        prop_assert_eq!(checks, expected);
        let walked = whole.variants.iter().map(|variant| (variant.path.to_vec(), variant.total()));
        prop_assert_eq!(paths, walked.collect::<BTreeMap<_, _>>());
    }

    #[test]
    fn a_measurer_gives_the_same_in_one_go_and_customer_by_customer(journey in journey(), rows in rows()) {
        let plan = journey.plan();
        let mut measurer = Measurer::new(&plan);
        for customer in rows.chunk_by(|a, b| a.customer == b.customer) {
            let log = Log::of(customer);
            measurer.add(&log.events(&log.columns()));
        }
        prop_assert!(measurer.finish() == measured(&journey, &rows));
    }

    #[test]
    fn a_verdict_once_given_is_never_taken_back(journey in journey(), rows in rows(), wait in 1_i64..40) {
        let later = Journey { horizon: journey.horizon + wait, ..journey.clone() };
        // One check is known by its rule, its instance and the event that it is about.
        let by_identity = |journey: &Journey| {
            let mut verdicts: BTreeMap<(usize, usize, usize), Vec<Verdict>> = BTreeMap::new();
            for (rule, instance, check) in all_checks(journey, &rows) {
                verdicts.entry((rule, instance, check.place)).or_default().push(check.verdict);
            }
            verdicts
        };
        let after = by_identity(&later);
        for (identity, verdicts) in by_identity(&journey) {
            prop_assert_eq!(verdicts.len(), 1, "one check per event");
            if verdicts[0] != Verdict::Pending {
                prop_assert_eq!(Some(&verdicts), after.get(&identity), "{:?}", journey.standards[identity.0]);
            }
        }
        let (now, then) = (measured(&journey, &rows), measured(&later, &rows));
        for (now, then) in now.checks.iter().zip(&then.checks) {
            prop_assert!(now.kept <= then.kept && now.broken <= then.broken && now.unknown <= then.unknown);
            prop_assert!(now.instances_broken <= then.instances_broken);
            prop_assert!(now.customers_broken <= then.customers_broken);
        }
        for (now, then) in now.funnels.iter().zip(&then.funnels) {
            for (now, then) in now.steps.iter().zip(&then.steps) {
                prop_assert!(now.reached <= then.reached);
            }
        }
    }

    #[test]
    fn only_differences_of_times_matter(journey in journey(), rows in rows(), by in -1_000_000_i64..1_000_000_000_000) {
        let (later_journey, later_rows) = later(&journey, &rows, by);
        let mut shifted = measured(&later_journey, &later_rows);
        shifted.span = shifted.span.map(|(first, last)| (first - by, last - by));
        let mut expected = measured(&journey, &rows);
        // But for the days that instances and checks belong to, which have laws of their own.
        (shifted.begun, expected.begun) = (Days::default(), Days::default());
        for checks in shifted.checks.iter_mut().chain(&mut expected.checks) {
            checks.days = Days::default();
        }
        prop_assert!(shifted == expected);
    }

    #[test]
    fn names_of_customers_do_not_matter(journey in journey(), rows in rows(), factor in 2_u64..1_000_000) {
        let name = |customer: u64| customer * factor + 11;
        let renamed: Vec<Row> = rows.iter().map(|row| Row { customer: name(row.customer), ..*row }).collect();
        let watched = journey.watched.iter().map(|customer| name(*customer)).collect();
        let renamed = measured(&Journey { watched, ..journey.clone() }, &renamed);
        let mut expected = measured(&journey, &rows);
        expected.watched.iter_mut().for_each(|watched| watched.customer = name(watched.customer));
        prop_assert!(renamed == expected);
    }

    #[test]
    fn facts_about_parts_of_the_variants_add_up(journey in journey(), rows in rows(), parts in 1_usize..6) {
        let (plan, summary) = (journey.plan(), measured(&journey, &rows));
        let mut sum = PathFacts::default();
        for part in (0..parts).rev() {
            sum.merge(PathFacts::of(summary.variants.part(part, parts), &plan));
        }
        prop_assert_eq!(sum, PathFacts::of(summary.variants.iter(), &plan));
    }
}

/// Few, because tables over touchpoints grow with their square.
fn few() -> ProptestConfig {
    ProptestConfig { cases: ProptestConfig::default().cases / 4, ..config(1) }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn the_oracle_agrees_on_many_touchpoints(journey in journey(), rows in rows(), by in prop::sample::select(vec![17, 40, 700])) {
        let journey = journey.spread(by);
        let answered = Answer::read(&measured(&journey, &rows), &journey.plan());
        prop_assert!(answered == answer(&journey, &rows));
    }

    #[test]
    fn the_oracle_agrees_on_many_rules(journey in journey(), rows in rows()) {
        let standards = journey.standards.iter().cycle().take(150 * journey.standards.len().min(1));
        let journey = Journey { standards: standards.cloned().collect(), ..journey.clone() };
        let answered = Answer::read(&measured(&journey, &rows), &journey.plan());
        prop_assert!(answered == answer(&journey, &rows));
    }

    #[test]
    fn the_oracle_agrees_on_many_symbols(journey in journey(), rows in rows()) {
        // Each symbol of the log has a rule of its own far beyond the places that lie in an array.
        let mut journey = journey;
        let symbols: Vec<u16> = (0..400).collect();
        journey.touchpoint_of.resize(symbols.len(), UNBOUND);
        let count = |symbol: &u16| Standard::Count { of: vec![*symbol], at_least: 1, at_most: 2 };
        journey.standards = symbols.iter().rev().map(count).chain(journey.standards).collect();
        let answered = Answer::read(&measured(&journey, &rows), &journey.plan());
        prop_assert!(answered == answer(&journey, &rows));
    }
}
