//! The sentence for the journey's owner: how many customers a year a fix would keep, if the defect is the cause.

use crate::{Association, Confidence, Estimate, TwoByTwo};

/// What would be done about the defect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Customers who meet the defect in a year, counted in the log and taken as known.
    pub exposed_per_year: f64,
    /// The share of the defect that the fix removes: the owner's estimate, 0..1.
    pub effectiveness: f64,
    /// Margin, not revenue, per customer kept and year.
    pub value_per_customer: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CustomersSaved {
    /// Customers a year.
    pub saved: Estimate,
    /// In the currency of the value. To be shown only with a supported claim.
    pub value: Option<Estimate>,
    pub claim: Claim,
    pub association: Association,
    table: TwoByTwo,
}

/// Whether the interval of customers saved lies above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Supported,
    NotSupported,
}

/// Exposed per year × effectiveness × risk difference, with the limits of the risk difference carried over.
pub fn customers_saved(table: &TwoByTwo, fix: &Fix, conf: Confidence) -> CustomersSaved {
    let association = table.association(conf);
    let saved = scaled(&association.risk_difference, fix.exposed_per_year * fix.effectiveness);
    let claim = match saved.lower {
        Some(lower) if lower > 0.0 => Claim::Supported,
        _ => Claim::NotSupported,
    };
    let value = fix.value_per_customer.map(|value| scaled(&saved, value));
    CustomersSaved { saved, value, claim, association, table: *table }
}

impl CustomersSaved {
    /// What may be said, by the rule: a claim only when the interval lies above 0, and no money without a claim.
    pub fn sentence(&self) -> String {
        let n = self.table.n();
        let (Some(saved), Some((lower, upper))) = (self.saved.value, self.saved.interval()) else {
            return format!("No effect on leaving can be estimated with n = {n}.");
        };
        let risks = self.association.risk_unexposed.share.zip(self.association.risk_exposed.share);
        match (self.claim, risks) {
            (Claim::Supported, Some((unexposed, exposed))) => format!(
                "Customers who met this defect left more often ({} → {}). If the defect is the cause, fixing it would keep \
                 {}–{} customers a year (best estimate {}).",
                percent(unexposed),
                percent(exposed),
                two_digits(lower),
                two_digits(upper),
                two_digits(saved),
            ),
            _ if upper > 0.0 => format!(
                "No effect on leaving can be shown with n = {n}; an effect up to {} customers a year cannot be excluded.",
                two_digits(upper),
            ),
            _ => format!("Customers who met this defect did not leave more often (n = {n})."),
        }
    }
}

/// All parts times a factor of at least 0.
fn scaled(estimate: &Estimate, factor: f64) -> Estimate {
    let times = |part: Option<f64>| part.map(|part| part * factor);
    Estimate {
        value: times(estimate.value),
        lower: times(estimate.lower),
        upper: times(estimate.upper),
        se: times(estimate.se),
        ..estimate.clone()
    }
}

/// A share as a percentage with as few digits as it needs.
fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round() / 10.0;
    format!("{tenths} %")
}

/// A number rounded to two significant digits.
fn two_digits(number: f64) -> f64 {
    if number == 0.0 {
        return 0.0;
    }
    let unit = 10_f64.powf((number.abs().log10().floor() - 1.0).max(0.0));
    (number / unit).round() * unit
}

#[cfg(test)]
mod tests {
    use super::{Fix, customers_saved};
    use crate::{Confidence, TwoByTwo};

    fn sentence(cells: [u64; 4], exposed_per_year: f64) -> String {
        let [exposed_bad, exposed_good, unexposed_bad, unexposed_good] = cells;
        let table = TwoByTwo { exposed_bad, exposed_good, unexposed_bad, unexposed_good };
        let fix = Fix { exposed_per_year, effectiveness: 1.0, value_per_customer: None };
        customers_saved(&table, &fix, Confidence::P95).sentence()
    }

    #[test]
    fn a_claim_only_above_zero() {
        assert_eq!(
            sentence([40, 160, 60, 740], 5200.0),
            "Customers who met this defect left more often (7.5 % → 20 %). If the defect is the cause, fixing it would keep \
             370–980 customers a year (best estimate 650)."
        );
        assert_eq!(
            sentence([12, 88, 11, 89], 900.0),
            "No effect on leaving can be shown with n = 200; an effect up to 91 customers a year cannot be excluded."
        );
        assert_eq!(
            sentence([1, 199, 60, 140], 900.0),
            "Customers who met this defect did not leave more often (n = 400)."
        );
        assert_eq!(
            sentence([0, 0, 60, 140], 900.0),
            "No effect on leaving can be estimated with n = 200."
        );
    }
}
