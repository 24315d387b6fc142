//! The answer that a report needs: drivers with intervals, ranks and signs, and what to mind about the whole.

use super::layout::Player;
use super::moments::Made;
use super::round::{Drawn, Round};
use super::{Drivers, LeftOut, Matters};
use crate::bootstrap::{percentile_interval, rank_interval, ranks_from_largest};
use crate::covariance::eigen;
use crate::ranks::TIE;
use crate::regression::Standardised;
use crate::sampled_shapley::sampled_of_groups;
use crate::{
    Confidence, Covariance, DriverMethod, Estimate, Method, SampledShapley, adjusted_r2, regression,
};

/// Adjusted R² below this explains little.
const LITTLE: f64 = 0.10;
/// A first principal component above this share is one general feeling.
const HALO: f64 = 0.60;
/// Scores correlated beyond this are the same to all ends.
const ALIKE: f64 = 0.95;
/// Orders in which the check of relative weights brings touchpoints in.
const CHECKED_ORDERS: usize = 2000;
/// Places that the check looks at.
const CHECKED_PLACES: usize = 10;
/// A probability of being wrong of one in forty on this side.
const SUPPORT: Confidence = Confidence::P95;

/// One touchpoint, or the pool of those that few met.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    pub touchpoint: String,
    /// Share of the outcome's variance. Both this and `share` are biased upwards in rounds where they are next to 0, so the
    /// interval of a driver that is not `supported` begins at 0.
    pub importance: Estimate,
    /// Share of R².
    pub share: Estimate,
    /// 1 is the most important; equal ones share the better rank.
    pub rank: u64,
    /// What 95 % of the rounds' ranks lie within.
    pub rank_interval: Option<(u64, u64)>,
    /// Correlation of the score with the outcome, others left to vary.
    pub correlation: Option<f64>,
    /// Change of the outcome for one point of the score, others held; `None` where it cannot be told from others.
    pub slope: Option<f64>,
    /// Correlation and slope point in different directions: look closer.
    pub suppressed: bool,
    /// Whether it holds more than columns of pure chance do; `None` without rounds.
    pub supported: Option<bool>,
    /// Customers who met it and gave a score.
    pub n_met: u64,
}

/// What to mind about the whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Caution {
    /// Fewer than 100 customers or than 10 for each touchpoint.
    FewCustomers { have: u64, want: u64 },
    /// Adjusted R² is below 0.10: these touchpoints explain little, and priorities should not come from this.
    ExplainsLittle,
    /// So much of all scores is one general feeling that drivers are not separable.
    Halo { first_component: f64 },
    /// Two touchpoints that cannot be told apart, in the order of their names.
    Alike { a: String, b: String },
    /// Relative weights put `ahead` before `behind`, and orders of coming in the reverse, by more than chance.
    MethodsDiffer { ahead: String, behind: String },
    /// EM stopped before it came to rest.
    NotConverged,
    /// In so many rounds EM stopped before it came to rest.
    RoundsNotConverged { rounds: u64 },
    /// There were too many touchpoints or patterns of gaps for EM, and correlations by pair took its place; `repaired` if
    /// they did not fit together.
    ByPair { repaired: bool },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    pub matters: Matters,
    pub method: DriverMethod,
    /// Most important first, equal ones by name.
    pub drivers: Vec<Driver>,
    pub r2: Estimate,
    pub adjusted_r2: Option<f64>,
    /// Rows with an outcome.
    pub n: u64,
    pub n_customers: u64,
    pub n_without_outcome: u64,
    /// Scores that were no finite numbers, counted as not asked.
    pub n_invalid: u64,
    /// The touchpoints behind "other touchpoints": fewer than 30 customers met each.
    pub pooled: Vec<String>,
    pub left_out: Vec<(String, LeftOut)>,
    pub cautions: Vec<Caution>,
    /// The check of relative weights, in the order of `drivers`; `None` where shares are exact.
    pub check: Option<SampledShapley>,
    pub seed: u64,
    /// Rounds that gave importance, and rounds in which something did not vary.
    pub rounds: u64,
    pub rounds_failed: u64,
    /// By round, the share of R² of each driver.
    shares: Vec<Vec<f64>>,
}

/// Whether one touchpoint matters as much as another.
#[derive(Debug, Clone, PartialEq)]
pub struct Equivalence {
    /// Share of R² of the one less the other's, with an interval of 90 %: two one-sided tests at 5 %.
    pub difference: Estimate,
    /// The whole interval lies within the margin. Otherwise they are not proven equal, which is not proven different.
    pub as_much: bool,
}

impl Analysis {
    /// Whether `a` matters as much as `b`, to within a margin of shares of R² (0.05 is five points of a hundred).
    ///
    /// `None` for a touchpoint that is not among the drivers, and without rounds.
    pub fn equivalence(&self, a: &str, b: &str, margin: f64) -> Option<Equivalence> {
        let place = |name: &str| self.drivers.iter().position(|driver| driver.touchpoint == name);
        let (a, b) = (place(a)?, place(b)?);
        let value = self.drivers[a].share.value? - self.drivers[b].share.value?;
        let differences: Vec<f64> =
            self.shares.iter().map(|shares| shares[a] - shares[b]).collect();
        let (lower, upper) = percentile_interval(&differences, Confidence::P90)?;
        let n = self.drivers[a].importance.n.min(self.drivers[b].importance.n);
        let difference = Estimate::point(value, n, Method::Percentile, Confidence::P90)
            .with_interval(lower, upper)
            .with_size_flag();
        Some(Equivalence { difference, as_much: -margin < lower && upper < margin })
    }
}

pub(super) fn analysis(drivers: &Drivers, rounds: &[Round]) -> Option<Analysis> {
    let full = Full::of(drivers)?;
    let rounds = Rounds::of(rounds);
    let mut order: Vec<usize> = (0..drivers.groups.len()).collect();
    let rank = |player: usize| (full.ranks[player], &drivers.layout.players[player].name);
    order.sort_by(|&a, &b| rank(a).cmp(&rank(b)));
    let n = drivers.layout.outcome.n_scores;
    let check = match drivers.method {
        DriverMethod::Lmg => None,
        // Drawn in the order of the names, so that a tie broken by rounding does not move the check.
        DriverMethod::RelativeWeights => {
            let (covariance, seed) = (&drivers.all.covariance, drivers.options.seed);
            sampled_of_groups(covariance, &drivers.groups, CHECKED_ORDERS, seed)
                .map(|check| in_order(check, &order))
        }
    };
    let adjusted = adjusted_r2(full.r2, n, drivers.layout.n_told() - 1);
    let told: Vec<Driver> =
        order.iter().map(|&player| full.driver(drivers, &rounds, player)).collect();
    let cautions = Cautions { drivers, told: &told, check: check.as_ref(), adjusted };
    Some(Analysis {
        matters: drivers.options.matters,
        method: drivers.method,
        r2: estimate(
            drivers,
            full.r2,
            &rounds.of_each(|round| Some(round.r2)),
            drivers.n_customers,
        ),
        adjusted_r2: adjusted,
        n,
        n_customers: drivers.n_customers,
        n_without_outcome: drivers.n_without_outcome,
        n_invalid: drivers.layout.n_invalid,
        pooled: drivers.layout.pooled.clone(),
        left_out: drivers.layout.left_out.clone(),
        cautions: cautions.all(&rounds),
        check,
        seed: drivers.options.seed,
        rounds: rounds.drawn.len() as u64,
        rounds_failed: rounds.failed,
        shares: rounds
            .drawn
            .iter()
            .filter_map(|round| order.iter().map(|&player| share(round, player)).collect())
            .collect(),
        drivers: told,
    })
}

fn in_order(check: SampledShapley, order: &[usize]) -> SampledShapley {
    let sorted = |values: &[f64]| order.iter().map(|&player| values[player]).collect::<Vec<f64>>();
    SampledShapley { shares: sorted(&check.shares), se: check.se.as_deref().map(sorted), ..check }
}

fn share(round: &Drawn, player: usize) -> Option<f64> {
    (round.r2 > TIE).then(|| round.importance[player] / round.r2)
}

fn estimate(drivers: &Drivers, value: f64, rounds: &[f64], n: u64) -> Estimate {
    let conf = drivers.options.conf;
    let estimate = Estimate::point(value, n, Method::Percentile, conf).with_size_flag();
    match percentile_interval(rounds, conf) {
        Some((lower, upper)) => estimate.with_interval(lower, upper),
        None => estimate,
    }
}

/// What chance alone would give as well may be nothing at all, though no round ever gives as little.
fn down_to_nothing(estimate: Estimate, supported: Option<bool>) -> Estimate {
    match estimate.interval() {
        Some((_, upper)) if supported == Some(false) => estimate.with_interval(0.0, upper),
        _ => estimate,
    }
}

/// The rounds that gave something, by number.
struct Rounds<'a> {
    drawn: Vec<&'a Drawn>,
    /// Ranks of the players, by round.
    ranks: Vec<Vec<u64>>,
    failed: u64,
}

impl<'a> Rounds<'a> {
    fn of(rounds: &'a [Round]) -> Self {
        let mut rounds: Vec<&Round> = rounds.iter().collect();
        rounds.sort_by_key(|round| round.number);
        rounds.dedup_by_key(|round| round.number);
        let drawn: Vec<&Drawn> = rounds.iter().filter_map(|round| round.drawn.as_ref()).collect();
        let ranks = drawn.iter().map(|round| ranks_from_largest(&round.importance)).collect();
        Self { failed: (rounds.len() - drawn.len()) as u64, drawn, ranks }
    }

    fn of_each(&self, part: impl Fn(&Drawn) -> Option<f64>) -> Vec<f64> {
        self.drawn.iter().filter_map(|round| part(round)).collect()
    }
}

/// What all customers once give, by player.
struct Full {
    r2: f64,
    importance: Vec<f64>,
    ranks: Vec<u64>,
    correlations: Vec<Option<f64>>,
    slopes: Vec<Option<f64>>,
}

impl Full {
    fn of(drivers: &Drivers) -> Option<Self> {
        let covariance = &drivers.all.covariance;
        let standard = Standardised::of(covariance)?;
        let regression = regression(covariance);
        let importance = drivers.method.shares(covariance, &drivers.groups)?;
        let scores = || drivers.layout.players.iter().map(|player| player.score_column);
        let slope = |column: usize| regression.as_ref().map(|found| found.slopes[column - 1]);
        Some(Self {
            r2: standard.r2()?,
            ranks: ranks_from_largest(&importance),
            importance,
            correlations: scores()
                .map(|column| column.map(|column| standard.with_outcome[column - 1]))
                .collect(),
            slopes: scores().map(|column| column.and_then(slope)).collect(),
        })
    }

    fn driver(&self, drivers: &Drivers, rounds: &Rounds<'_>, player: usize) -> Driver {
        let Player { name, tally, .. } = &drivers.layout.players[player];
        let n = match drivers.options.matters {
            Matters::ToThoseWhoMeet => tally.n_customers,
            Matters::AcrossAllCustomers => drivers.n_customers,
        };
        let importance = self.importance[player];
        let ranks: Vec<u64> = rounds.ranks.iter().map(|ranks| ranks[player]).collect();
        let above = rounds.of_each(|round| Some(round.above_probe[player]));
        let (correlation, slope) = (self.correlations[player], self.slopes[player]);
        let supported = percentile_interval(&above, SUPPORT).map(|(lower, _)| lower > 0.0);
        let estimate = |value: f64, rounds: &[f64]| {
            down_to_nothing(estimate(drivers, value, rounds, n), supported)
        };
        Driver {
            touchpoint: name.clone(),
            importance: estimate(
                importance,
                &rounds.of_each(|round| Some(round.importance[player])),
            ),
            share: if self.r2 > TIE {
                let shares = rounds.of_each(|round| share(round, player));
                estimate(importance / self.r2, &shares)
            } else {
                Estimate::none(Method::Percentile, drivers.options.conf)
            },
            rank: self.ranks[player],
            rank_interval: rank_interval(&ranks, Confidence::P95),
            correlation,
            slope,
            suppressed: correlation
                .zip(slope)
                .is_some_and(|(r, slope)| r.abs() > TIE && slope.abs() > TIE && r * slope < 0.0),
            supported,
            n_met: tally.n_customers,
        }
    }
}

/// What the cautions look at.
struct Cautions<'a> {
    drivers: &'a Drivers,
    told: &'a [Driver],
    check: Option<&'a SampledShapley>,
    adjusted: Option<f64>,
}

impl Cautions<'_> {
    fn all(&self, rounds: &Rounds<'_>) -> Vec<Caution> {
        let not_converged = rounds.drawn.iter().filter(|round| !round.converged).count() as u64;
        let made = match self.drivers.all.made {
            Made::Em { converged: false } => Some(Caution::NotConverged),
            Made::Pairs { repaired } => Some(Caution::ByPair { repaired }),
            Made::Complete | Made::Em { converged: true } => None,
        };
        let little = self.adjusted.is_none_or(|adjusted| adjusted < LITTLE);
        [
            self.few_customers(),
            little.then_some(Caution::ExplainsLittle),
            self.halo(),
            self.alike(),
            self.methods_differ(),
            made,
            (not_converged > 0).then_some(Caution::RoundsNotConverged { rounds: not_converged }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn few_customers(&self) -> Option<Caution> {
        let (have, want) = (self.drivers.n_customers, (10 * self.told.len() as u64).max(100));
        (have < want).then_some(Caution::FewCustomers { have, want })
    }

    /// Of three scores or more: of two, a moderate correlation is 60 % already.
    fn halo(&self) -> Option<Caution> {
        let correlations = self.score_correlations()?;
        if correlations.size() < 3 {
            return None;
        }
        let first_component =
            eigen(correlations.matrix())?.eigenvalues.max() / correlations.size() as f64;
        (first_component > HALO).then_some(Caution::Halo { first_component })
    }

    fn alike(&self) -> Option<Caution> {
        let players = &self.drivers.layout.players;
        let name = |column: usize| {
            let player = players.iter().find(|player| player.columns().any(|own| own == column))?;
            Some(player.name.clone())
        };
        let standard = Standardised::of(&self.drivers.all.covariance)?;
        if let Some((a, b)) = standard.inseparable() {
            return Some(Caution::Alike { a: name(a + 1)?, b: name(b + 1)? });
        }
        let scored: Vec<&Player> = self.scored().collect();
        let correlations = self.score_correlations()?;
        let pairs = (0..scored.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        let strength = |&(a, b): &(usize, usize)| correlations.at(a, b).abs();
        let closest = pairs.max_by(|x, y| strength(x).total_cmp(&strength(y)))?;
        (strength(&closest) > ALIKE).then(|| Caution::Alike {
            a: scored[closest.0].name.clone(),
            b: scored[closest.1].name.clone(),
        })
    }

    /// The first two of the first ten that the check puts in the other order, by more than two standard errors.
    fn methods_differ(&self) -> Option<Caution> {
        let check = self.check?;
        let se = check.se.as_ref()?;
        let top = self.told.len().min(CHECKED_PLACES);
        let pairs = (0..top).flat_map(|a| (a + 1..self.told.len()).map(move |b| (a, b)));
        let turned = |&(a, b): &(usize, usize)| {
            check.shares[b] - check.shares[a] > 2.0 * se[a].hypot(se[b]).max(TIE)
        };
        let (a, b) = pairs.into_iter().find(turned)?;
        let name = |place: usize| self.told[place].touchpoint.clone();
        Some(Caution::MethodsDiffer { ahead: name(a), behind: name(b) })
    }

    fn scored(&self) -> impl Iterator<Item = &Player> {
        self.drivers.layout.players.iter().filter(|player| player.score_column.is_some())
    }

    /// Correlations between scores among those who met both, as far as the matrix tells: across all customers a score is
    /// 0 where it is not met, so sums of products are of those who met both, and spreads are of those who met each.
    fn score_correlations(&self) -> Option<Covariance> {
        let covariance = &self.drivers.all.covariance;
        let n = self.drivers.layout.outcome.n_scores as f64;
        let players: Vec<(&Player, usize, f64)> = self
            .scored()
            .filter_map(|player| {
                let met = match player.met_column {
                    Some(_) => player.tally.n_scores as f64 / n,
                    None => 1.0,
                };
                Some((player, player.score_column?, met))
            })
            .collect();
        let cell = |i: usize, j: usize| {
            let ((a, score_a, met_a), (b, score_b, met_b)) = (players[i], players[j]);
            if i == j {
                return 1.0;
            }
            let both = met_a * met_b
                + a.met_column.zip(b.met_column).map_or(0.0, |(a, b)| covariance.at(a, b));
            let spread_a = (covariance.at(score_a, score_a) / met_a).sqrt();
            let spread_b = (covariance.at(score_b, score_b) / met_b).sqrt();
            let correlation = covariance.at(score_a, score_b) / both / spread_a / spread_b;
            // Nobody met both, or too few to tell.
            if both * n < 1.0 || !correlation.is_finite() {
                0.0
            } else {
                correlation.clamp(-1.0, 1.0)
            }
        };
        let rows: Vec<Vec<f64>> =
            (0..players.len()).map(|i| (0..players.len()).map(|j| cell(i, j)).collect()).collect();
        Covariance::new(&rows)
    }
}
