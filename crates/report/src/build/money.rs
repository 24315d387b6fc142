//! What mending a defect would keep, in customers and in money, if the defect is the cause of what goes along with it.

use kernel::{Checks, Products};
use model::journey::Value;
use stats::{Association, RatioSums, TwoByTwo, mantel_haenszel, ratio_of_totals};

use super::confidence;
use crate::document::{Estimate, Kept, Money, RiskStratum, Stratified};
use crate::draw::SHOWN;
use crate::draw::number::{count, decimal, n, percent, plural, range, whole};
use crate::small_cells::{FLOOR, withheld};

/// How much of a defect a fix removes is its owner's to say; until then, from half of it to all.
const MENDED: [f64; 2] = [0.5, 1.0];
const YEAR_S: f64 = 365.25 * 86_400.0;

/// What is known beside the table of a defect.
pub(super) struct Known<'a> {
    pub(super) checks: &'a Checks,
    pub(super) years: f64,
    pub(super) worth: &'a Products,
    pub(super) value: Option<&'a Value>,
    pub(super) stratified: Option<&'a Stratified>,
}

pub(super) fn money(table: &TwoByTwo, association: &Association, known: &Known<'_>) -> Money {
    let hit_per_year = known.checks.customers_broken as f64 / known.years;
    let crude = || Estimate::from(&association.risk_difference);
    let difference = known.stratified.map_or_else(crude, |it| it.risk_difference.clone());
    let value_per_customer = known.value.and_then(|_| worth(known.worth));
    let is_enough = table.n_exposed().min(table.n_unexposed()) >= SHOWN;
    let is_shown = is_enough && difference.low.is_some_and(|low| low > 0.0);
    let kept: Vec<Kept> = MENDED
        .iter()
        .filter(|_| is_shown)
        .map(|mended| {
            let customers = times(&difference, hit_per_year * mended);
            let value = value_per_customer.as_ref().map(|value| product(&customers, value));
            Kept { mended: *mended, customers, value }
        })
        .collect();
    let currency = known.value.and_then(|value| value.currency.clone());
    let at_most = times(&difference, hit_per_year);
    let says = match (kept.first(), kept.last()) {
        _ if !is_enough => too_few(table),
        (Some(least), Some(most)) => shown(association, (least, most), known, currency.as_deref()),
        _ => not_shown(table, &at_most),
    };
    Money { hit_per_year, kept, value_per_customer, currency, says }
}

/// What a customer who came back was worth a year; nothing where events carried nothing.
fn worth(worth: &Products) -> Option<Estimate> {
    let per_year = ratio_of_totals(
        &RatioSums {
            customers: worth.customers,
            x: worth.x as f64 / 1e3,
            y: worth.y as f64 / YEAR_S,
            xx: worth.xx as f64 / 1e6,
            xy: worth.xy as f64 / 1e3 / YEAR_S,
            yy: worth.yy as f64 / YEAR_S / YEAR_S,
        },
        confidence(),
    );
    (per_year.value.is_some_and(|value| value > 0.0)).then(|| Estimate::from(&per_year))
}

fn times(estimate: &Estimate, factor: f64) -> Estimate {
    let scaled = |part: Option<f64>| part.map(|part| part * factor);
    Estimate {
        value: scaled(estimate.value),
        low: scaled(estimate.low),
        high: scaled(estimate.high),
    }
}

/// Of two numbers above zero; both limits at once are rarer than either, so that the interval is wide rather than narrow.
fn product(a: &Estimate, b: &Estimate) -> Estimate {
    let both = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a * b.max(0.0));
    Estimate { value: both(a.value, b.value), low: both(a.low, b.low), high: both(a.high, b.high) }
}

fn shown(
    association: &Association,
    (least, most): (&Kept, &Kept),
    known: &Known<'_>,
    currency: Option<&str>,
) -> String {
    let mut said = String::new();
    if let Some((without, with)) =
        association.risk_unexposed.share.zip(association.risk_exposed.share)
    {
        said.push_str(&format!(
            "Customers who met this defect left more often ({} → {}). ",
            percent(without),
            percent(with)
        ));
    }
    let span = |write: &dyn Fn(f64) -> String, least: &Estimate, most: &Estimate| {
        let best = least.value.zip(most.value).map(|(a, b)| range(&write(a), &write(b)));
        let limits = least.low.zip(most.high).map(|(a, b)| range(&write(a), &write(b)));
        best.zip(limits).map(|(best, limits)| format!("{best} [{limits}]")).unwrap_or_default()
    };
    said.push_str(&format!(
        "If the defect is the cause, mending half to all of it would keep {} customers a year",
        span(&whole, &least.customers, &most.customers)
    ));
    if let (Some(a), Some(b)) = (&least.value, &most.value) {
        let worth = span(&whole, a, b);
        said.push_str(&format!(", worth {worth} {} a year", currency.unwrap_or("in value")));
    }
    said.push_str(". ");
    if known.stratified.is_some() {
        said.push_str("Compared within strata. ");
    }
    if let Some((e, limit)) = association.e_value.zip(association.e_value_limit) {
        said.push_str(&format!(
            "An unmeasured cause would have to raise both defect and leaving {}-fold to explain this away, {}-fold to explain \
             the limit. ",
            decimal(e, 1),
            decimal(limit, 1)
        ));
    }
    said.push_str("Association; confirmed only by a change with a comparison group.");
    said
}

fn too_few(table: &TwoByTwo) -> String {
    format!(
        "Not enough data on leaving: {} with the defect, {} without it.",
        plural(table.n_exposed() as usize, "customer", "customers"),
        count(table.n_unexposed())
    )
}

fn not_shown(table: &TwoByTwo, at_most: &Estimate) -> String {
    match at_most.high {
        None => format!("No effect on leaving can be estimated with {}.", n(table.n())),
        Some(high) if high > 0.0 => format!(
            "No effect on leaving can be shown with {}; one of up to {} customers a year cannot be excluded. Association.",
            n(table.n()),
            whole(high)
        ),
        Some(_) => format!(
            "Customers who met this defect did not leave more often, {}. Association.",
            n(table.n())
        ),
    }
}

/// The association within strata; `None` where none were asked for.
pub(super) fn stratified(
    checks: &Checks,
    asked: Option<&(String, Vec<String>)>,
) -> Option<Stratified> {
    let (attribute, values) = asked.filter(|_| !checks.strata.is_empty())?;
    let table = |cells: &[u64; 4]| {
        let [exposed_bad, exposed_good, unexposed_bad, unexposed_good] = *cells;
        TwoByTwo { exposed_bad, exposed_good, unexposed_bad, unexposed_good }
    };
    // Nobody without a value is no stratum.
    let names = values.iter().map(|value| Some(value.clone())).chain([None]);
    let all: Vec<(Option<String>, [u64; 4])> = names
        .zip(checks.strata.iter().copied())
        .filter(|(name, cells)| name.is_some() || cells.iter().any(|cell| *cell > 0))
        .collect();
    let tables: Vec<TwoByTwo> = all.iter().map(|(_, cells)| table(cells)).collect();
    let pooled = mantel_haenszel(&tables, confidence());
    let called = |name: &Option<String>| name.clone().unwrap_or_else(|| "others".to_owned());
    let customers: Vec<u64> = all.iter().map(|(_, cells)| cells.iter().sum()).collect();
    let withheld = withheld(&customers, FLOOR);
    let stratum = |((value, cells), is_withheld): (&(Option<String>, [u64; 4]), &bool)| {
        let told = Some(*cells).filter(|_| !is_withheld);
        let ratio = told.map(|cells| table(&cells).association(confidence()).risk_ratio);
        let risk_ratio = ratio.as_ref().map(Estimate::from).unwrap_or_default();
        RiskStratum { value: value.clone(), table: told, risk_ratio }
    };
    let silent = pooled.silent_strata.iter().filter(|place| !withheld[**place]);
    Some(Stratified {
        attribute: attribute.clone(),
        risk_ratio: Estimate::from(&pooled.risk_ratio),
        risk_difference: Estimate::from(&pooled.risk_difference),
        p: pooled.p,
        silent: silent.map(|place| called(&all[*place].0)).collect(),
        strata: all.iter().zip(&withheld).map(stratum).collect(),
    })
}

#[cfg(test)]
mod tests {
    use kernel::Products;

    use super::{Known, money, stratified};
    use crate::document::Money;
    use kernel::Checks;
    use model::journey::Value;
    use stats::{Confidence, TwoByTwo};

    fn told([exposed_bad, exposed_good, unexposed_bad, unexposed_good]: [u64; 4]) -> Money {
        let table = TwoByTwo { exposed_bad, exposed_good, unexposed_bad, unexposed_good };
        let checks = Checks { customers_broken: 5_200, ..Checks::default() };
        let mut worth = Products::default();
        for each in [300_i128, 320, 310] {
            worth.customers += 1;
            worth.x += 1_000 * each;
            worth.xx += 1_000_000 * each * each;
            worth.xy += 1_000 * each * 31_557_600;
            worth.y += 31_557_600;
            worth.yy += 31_557_600 * 31_557_600;
        }
        let value = Value { attribute: "basket".to_owned(), currency: Some("INR".to_owned()) };
        let known = Known {
            checks: &checks,
            years: 1.0,
            worth: &worth,
            value: Some(&value),
            stratified: None,
        };
        money(&table, &table.association(Confidence::P95), &known)
    }

    #[test]
    fn a_claim_only_above_zero_and_always_an_association() {
        let money = told([40, 160, 60, 740]);
        assert_eq!(
            money.says,
            "Customers who met this defect left more often (7.5% → 20%). If the defect is the cause, mending half to all of it \
             would keep 325–650 [186–978] customers a year, worth 100,750–201,500 [52,963–327,337] INR a year. An unmeasured cause \
             would have to raise both defect and leaving 4.8-fold to explain this away, 3.1-fold to explain the limit. \
             Association; confirmed only by a change with a comparison group."
        );
        assert_eq!(money.kept.len(), 2);
        let nothing = told([12, 88, 11, 89]);
        assert_eq!(
            nothing.says,
            "No effect on leaving can be shown with n\u{a0}=\u{a0}200; one of up to 527 customers a year cannot be excluded. \
             Association."
        );
        assert!(nothing.kept.is_empty());
        assert!(
            told([1, 199, 60, 140]).says.starts_with("Customers who met this defect did not leave")
        );
        let few = told([4, 0, 60, 140]);
        assert_eq!(
            few.says,
            "Not enough data on leaving: 4 customers with the defect, 200 without it."
        );
        assert!(few.kept.is_empty());
    }

    fn regions(strata: &[[u64; 4]]) -> Option<crate::document::Stratified> {
        let checks = Checks { strata: strata.to_vec(), ..Checks::default() };
        stratified(
            &checks,
            Some(&("region".to_owned(), vec!["north".to_owned(), "south".to_owned()])),
        )
    }

    #[test]
    fn a_stratum_without_a_comparison_is_silent() {
        let found = regions(&[[4, 6, 2, 18], [0, 0, 3, 7], [5, 8, 0, 0]]).unwrap();
        assert_eq!(found.silent, ["south", "others"]);
        assert!(found.strata.iter().all(|stratum| stratum.table.is_some()));
        assert!((found.risk_ratio.value.unwrap() - 4.0).abs() < 1e-9);
        assert_eq!(regions(&[]), None);
    }

    #[test]
    fn a_stratum_of_a_few_is_withheld_and_so_is_the_next() {
        let found = regions(&[[4, 6, 2, 18], [0, 0, 3, 7], [1, 2, 0, 0]]).unwrap();
        let told: Vec<bool> = found.strata.iter().map(|stratum| stratum.table.is_some()).collect();
        assert_eq!(told, [true, false, false]);
        assert_eq!(found.strata[1].risk_ratio.value, None);
        assert!(found.silent.is_empty(), "what is withheld is not named");
        assert!((found.risk_ratio.value.unwrap() - 4.0).abs() < 1e-9, "and counts all the same");
    }
}
