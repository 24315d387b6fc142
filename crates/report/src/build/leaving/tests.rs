//! Whole logs through the kernel: nobody is credited with the time that it took to meet a defect, and what is there is found.

use kernel::{Column, Events, PlanBuilder, Rule, Settings, Test, measure};
use stats::{CoxRow, Ties, cox};

use super::super::confidence;
use super::{Leaving, leaving};

const DAY: i64 = 86_400_000_000;

/// Chances of leaving after a visit, without the defect and from the first visit with it on.
struct Chances {
    leaves: [u64; 2],
    meets: u64,
}

/// In thousandths, the same on every machine.
struct Dice(u64);

impl Dice {
    fn falls(&mut self, thousandths: u64) -> bool {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 1_000 < thousandths
    }
}

/// One event a visit, a visit every seven days; its number is 1 where it went wrong.
fn walked(customers: u64, chances: &Chances) -> Leaving {
    let (mut ids, mut at, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    let mut dice = Dice(20_250_301);
    let horizon = 400 * DAY;
    for customer in 0..customers {
        let mut met = false;
        let mut now = (customer as i64 % 50) * DAY;
        while now < horizon {
            let goes_wrong = dice.falls(chances.meets);
            met |= goes_wrong;
            ids.push(customer);
            at.push(now);
            numbers.push(f64::from(u8::from(goes_wrong)));
            if dice.falls(chances.leaves[usize::from(met)]) {
                break;
            }
            now += 7 * DAY;
        }
    }
    let symbols = vec![0; ids.len()];
    let attributes = [Column::Number(&numbers)];
    let events = Events {
        customers: &ids,
        at: &at,
        symbols: &symbols,
        channels: &[],
        attributes: &attributes,
    };
    let mut plan = PlanBuilder::new(vec![0], 1);
    plan.ends(&[0]);
    plan.again(&[0]);
    let of = plan.set(&[0]);
    let rules = vec![Rule::Value { of, attribute: 0, test: Test::Within(0.0, 0.0) }];
    let plan = plan.build(Settings {
        horizon,
        rules,
        again_within: Some(20 * DAY),
        ..Settings::default()
    });
    let summary = measure(&events, &plan);
    leaving(&summary.checks[0].follow_up).unwrap()
}

/// Everybody as if they had been with the defect all along who ever met it.
fn naive_hazard_ratio(customers: u64, chances: &Chances) -> f64 {
    let mut dice = Dice(20_250_301);
    let rows: Vec<CoxRow> = (0..customers)
        .map(|_| {
            let mut met = false;
            for visit in 1..=50 {
                met |= dice.falls(chances.meets);
                if dice.falls(chances.leaves[usize::from(met)]) {
                    return CoxRow::whole_life(
                        f64::from(visit),
                        true,
                        vec![f64::from(u8::from(met))],
                    );
                }
            }
            CoxRow::whole_life(50.0, false, vec![f64::from(u8::from(met))])
        })
        .collect();
    let fit = cox(&rows, Ties::Efron, confidence()).unwrap().unwrap();
    fit.terms[0].hazard_ratio.unwrap()
}

#[test]
fn a_defect_that_does_nothing_protects_nobody() {
    let nothing = Chances { leaves: [60, 60], meets: 60 };
    assert!(naive_hazard_ratio(2_000, &nothing) < 0.7, "what a careless reader would have found");
    let found = walked(2_000, &nothing);
    let (low, high) = (found.hazard_ratio.low.unwrap(), found.hazard_ratio.high.unwrap());
    assert!(low < 1.0 && 1.0 < high && high / low < 1.35, "{:?}", found.hazard_ratio);
    assert!(found.p.unwrap() > 0.05);
    let longer = found.stayed_longer.unwrap().difference_days;
    assert!(longer.low.unwrap() < 0.0 && 0.0 < longer.high.unwrap(), "{longer:?}");
}

#[test]
fn a_defect_after_which_twice_as_many_leave_is_found() {
    let found = walked(2_000, &Chances { leaves: [40, 80], meets: 60 });
    // Two chances a visit of .08 and .04: the ratio of discrete hazards.
    let (low, high) = (found.hazard_ratio.low.unwrap(), found.hazard_ratio.high.unwrap());
    assert!(low < 2.04 && 1.96 < high && low > 1.5, "{:?}", found.hazard_ratio);
    let longer = found.stayed_longer.unwrap().difference_days;
    assert!(longer.low.unwrap() > 0.0, "{longer:?}");
    assert_eq!(found.customers, 2_000);
    assert_eq!(found.not_estimable, None);
    let quarter = found.without.points.iter().find(|point| point.day == 91).unwrap();
    // Thirteen visits in a quarter, the first of them on the first day.
    let expected = 0.96_f64.powi(13);
    let stayed = &quarter.stayed;
    assert!(stayed.low.unwrap() < expected && expected < stayed.high.unwrap(), "{stayed:?}");
}

#[test]
fn where_nobody_leaves_nothing_is_estimated() {
    let found = walked(200, &Chances { leaves: [0, 0], meets: 60 });
    assert_eq!(found.hazard_ratio.value, None);
    assert_eq!(found.not_estimable.as_deref(), Some("nobody left"));
    assert_eq!((found.chi2, found.p), (None, None));
    let all_met = walked(200, &Chances { leaves: [60, 60], meets: 1_000 });
    assert_eq!(
        all_met.not_estimable.as_deref(),
        Some("everybody who was followed had met the defect")
    );
    assert_eq!(all_met.stayed_longer, None);
    let none = walked(200, &Chances { leaves: [60, 60], meets: 0 });
    assert_eq!(none.not_estimable.as_deref(), Some("nobody who was followed met the defect"));
    assert!(none.with.points.is_empty());
}
