//! Which columns a survey becomes: who plays, who is pooled, who is left out.
//!
//! For those who meet a touchpoint, a player is its score, with a gap where there is none. Across all customers a player is
//! whether the touchpoint was met and, centred, the score of those who did, with a gap only where nobody asked.

use super::Matters;
use super::survey::{Answer, Row, Survey};

/// Fewer customers than this tell nothing of a touchpoint.
pub const FEWEST_MET: u64 = 30;

/// The player that stands for all touchpoints that too few customers met.
pub const OTHER_TOUCHPOINTS: &str = "other touchpoints";

/// Why a touchpoint has no importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    NobodyMet,
    /// Fewer than 30 customers, also together with the others like it.
    TooFewMet,
    /// All scores are equal, and so is whether it was met where that counts.
    DoesNotVary,
}

/// Columns of the matrix that come in together.
#[derive(Debug, Clone)]
pub(super) struct Player {
    pub(super) name: String,
    /// More than one where they are pooled.
    touchpoints: Vec<usize>,
    pub(super) met_column: Option<usize>,
    pub(super) score_column: Option<usize>,
    pub(super) tally: Tally,
    /// The mean of the scores.
    centre: f64,
}

impl Player {
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.met_column.into_iter().chain(self.score_column)
    }

    fn answer(&self, row: &Row) -> Answer {
        match self.touchpoints.as_slice() {
            [only] => row.answers[*only],
            several => pooled(several.iter().map(|&touchpoint| row.answers[touchpoint])),
        }
    }
}

/// Met if any was met, with the mean of the scores; not met only if that is known of all.
fn pooled(answers: impl Iterator<Item = Answer> + Clone) -> Answer {
    let scores: Vec<f64> = answers.clone().filter_map(Answer::score).collect();
    match crate::mean(&scores) {
        Some(score) => Answer::Score(score),
        None if answers.clone().all(|answer| answer == Answer::NotMet) => Answer::NotMet,
        None => Answer::NotAsked,
    }
}

/// What a touchpoint's answers are, in numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) n_customers: u64,
    pub(super) n_scores: u64,
    n_not_met: u64,
    sum: f64,
    first: f64,
    varies: bool,
    last_customer: Option<u64>,
}

impl Tally {
    fn add(&mut self, row: &Row, answer: Answer) {
        if answer == Answer::NotMet {
            self.n_not_met += 1;
        }
        let Some(score) = answer.score() else { return };
        if self.n_scores == 0 {
            self.first = score;
        }
        // Rows of a customer lie together.
        if self.last_customer != Some(row.customer) {
            self.n_customers += 1;
            self.last_customer = Some(row.customer);
        }
        self.n_scores += 1;
        self.varies |= score != self.first;
        self.sum += score - self.first;
    }

    fn centre(&self) -> f64 {
        self.first + self.sum / self.n_scores.max(1) as f64
    }
}

/// The columns: the outcome, the players', and the attributes.
#[derive(Debug)]
pub(super) struct Layout {
    matters: Matters,
    /// By name, the pooled one last: nothing hangs on the order of the survey.
    pub(super) players: Vec<Player>,
    /// With the mean of what each has.
    attributes: Vec<(usize, f64)>,
    pub(super) outcome: Tally,
    outcome_centre: f64,
    pub(super) pooled: Vec<String>,
    pub(super) left_out: Vec<(String, LeftOut)>,
    pub(super) n_invalid: u64,
}

impl Layout {
    /// `rows` have an outcome, and rows of a customer lie together.
    pub(super) fn of(survey: &Survey, rows: &[&Row], matters: Matters) -> Self {
        let mut layout = Self {
            matters,
            players: Vec::new(),
            attributes: attributes(survey, rows),
            outcome: Tally::default(),
            outcome_centre: 0.0,
            pooled: Vec::new(),
            left_out: Vec::new(),
            n_invalid: 0,
        };
        let mut players: Vec<Player> = survey
            .by_name()
            .into_iter()
            .map(|touchpoint| layout.player(&survey.touchpoints[touchpoint], vec![touchpoint]))
            .collect();
        for row in rows {
            layout.outcome.add(row, Answer::Score(row.told().unwrap_or_default()));
            for player in &mut players {
                let answer = player.answer(row);
                layout.n_invalid += u64::from(answer.is_invalid());
                player.tally.add(row, answer);
            }
        }
        let (unmet, players): (Vec<Player>, Vec<Player>) =
            players.into_iter().partition(|player| player.tally.n_customers == 0);
        let (rare, players): (Vec<Player>, Vec<Player>) =
            players.into_iter().partition(|player| player.tally.n_customers < FEWEST_MET);
        layout.leave_out(&unmet, LeftOut::NobodyMet);
        layout.players = players;
        layout.pool(&rare, rows);
        layout.number_columns();
        layout.left_out.sort();
        layout.outcome_centre = layout.outcome.centre();
        if layout.is_complete() {
            // Nothing is missing that they could help to judge.
            layout.attributes.clear();
        }
        layout
    }

    fn player(&self, name: &str, touchpoints: Vec<usize>) -> Player {
        Player {
            name: name.to_owned(),
            touchpoints,
            met_column: None,
            score_column: None,
            tally: Tally::default(),
            centre: 0.0,
        }
    }

    fn leave_out(&mut self, players: &[Player], why: LeftOut) {
        self.left_out.extend(players.iter().map(|player| (player.name.clone(), why)));
    }

    fn pool(&mut self, rare: &[Player], rows: &[&Row]) {
        let touchpoints = rare.iter().flat_map(|player| player.touchpoints.clone()).collect();
        let mut other = self.player(OTHER_TOUCHPOINTS, touchpoints);
        if rare.len() > 1 {
            for row in rows {
                other.tally.add(row, other.answer(row));
            }
        }
        if other.tally.n_customers < FEWEST_MET {
            return self.leave_out(rare, LeftOut::TooFewMet);
        }
        self.pooled = rare.iter().map(|player| player.name.clone()).collect();
        self.players.push(other);
    }

    fn number_columns(&mut self) {
        let mut next = 1;
        let mut column = |varies: bool| {
            next += usize::from(varies);
            varies.then_some(next - 1)
        };
        for player in &mut self.players {
            let met_varies = player.tally.n_not_met > 0;
            player.met_column = column(self.matters == Matters::AcrossAllCustomers && met_varies);
            player.score_column = column(player.tally.varies);
            player.centre = player.tally.centre();
        }
        let players = std::mem::take(&mut self.players);
        let (players, constant): (Vec<Player>, Vec<Player>) =
            players.into_iter().partition(|player| player.columns().next().is_some());
        self.players = players;
        self.leave_out(&constant, LeftOut::DoesNotVary);
    }

    /// Whether no row has a gap.
    pub(super) fn is_complete(&self) -> bool {
        self.players.iter().all(|Player { tally, .. }| {
            let not_met = match self.matters {
                Matters::AcrossAllCustomers => tally.n_not_met,
                Matters::ToThoseWhoMeet => 0,
            };
            tally.n_scores + not_met == self.outcome.n_scores
        })
    }

    /// Columns of the outcome and the players.
    pub(super) fn n_told(&self) -> usize {
        1 + self.players.iter().flat_map(Player::columns).count()
    }

    pub(super) fn n_columns(&self) -> usize {
        self.n_told() + self.attributes.len()
    }

    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        self.players.iter().map(|player| player.columns().collect()).collect()
    }

    pub(super) fn outcome_varies(&self) -> bool {
        self.outcome.varies
    }

    /// Whether anybody did not meet what others did.
    pub(super) fn some_did_not_meet(&self) -> bool {
        self.players.iter().any(|player| player.tally.n_not_met > 0)
    }

    /// The values of a row, less the mean of what their column has, and which columns they are of.
    ///
    /// For those who meet a touchpoint the outcome is a gap where another one was not met: it does not follow a score that
    /// is not there, and would mislead about it.
    pub(super) fn write(&self, row: &Row, values: &mut Vec<f64>, observed: &mut Vec<usize>) {
        self.write_with_outcome(row, values, observed);
        let is_not_met = |player: &Player| player.answer(row) == Answer::NotMet;
        if self.matters == Matters::ToThoseWhoMeet && self.players.iter().any(is_not_met) {
            values.remove(0);
            observed.remove(0);
        }
    }

    /// The same with the outcome in every row.
    pub(super) fn write_with_outcome(
        &self,
        row: &Row,
        values: &mut Vec<f64>,
        observed: &mut Vec<usize>,
    ) {
        values.clear();
        observed.clear();
        let mut put = |column: usize, value: f64| {
            observed.push(column);
            values.push(value);
        };
        put(0, row.told().unwrap_or_default() - self.outcome_centre);
        for player in &self.players {
            let answer = player.answer(row);
            match (answer.score(), self.matters) {
                (Some(score), _) => {
                    player.met_column.into_iter().for_each(|column| put(column, 1.0));
                    let score = score - player.centre;
                    player.score_column.into_iter().for_each(|column| put(column, score));
                }
                (None, Matters::AcrossAllCustomers) if answer == Answer::NotMet => {
                    player.columns().for_each(|column| put(column, 0.0));
                }
                _ => {}
            }
        }
        let first = self.n_told();
        for (place, &(attribute, centre)) in self.attributes.iter().enumerate() {
            if let Some(value) = row.attributes[attribute].filter(|value| value.is_finite()) {
                put(first + place, value - centre);
            }
        }
    }
}

/// Those that vary, with their means.
fn attributes(survey: &Survey, rows: &[&Row]) -> Vec<(usize, f64)> {
    let tally = |attribute: usize| {
        let mut tally = Tally::default();
        for row in rows {
            let value = row.attributes[attribute].map_or(Answer::NotAsked, Answer::Score);
            tally.add(row, value);
        }
        tally.varies.then(|| (attribute, tally.centre()))
    };
    (0..survey.n_attributes).filter_map(tally).collect()
}

#[cfg(test)]
mod tests {
    use super::Answer::{NotAsked, NotMet, Score};
    use super::{Layout, LeftOut, OTHER_TOUCHPOINTS, pooled};
    use crate::drivers::{Matters, Row, Survey};

    #[test]
    fn pooled_answers() {
        assert_eq!(pooled([Score(2.0), NotMet, Score(4.0)].into_iter()), Score(3.0));
        assert_eq!(pooled([NotMet, NotMet].into_iter()), NotMet);
        assert_eq!(pooled([NotMet, NotAsked].into_iter()), NotAsked);
    }

    #[test]
    fn rare_ones_are_pooled_and_the_silent_left_out() {
        let row = |i: u32| {
            let score = Score(f64::from(i % 5));
            let rarely = |from: u32| if i % 4 == from { score } else { NotMet };
            Row {
                customer: u64::from(i),
                outcome: Some(f64::from(i % 3)),
                answers: vec![score, rarely(0), NotMet, rarely(1), Score(7.0), NotAsked],
                attributes: vec![Some(1.0), Some(f64::from(i))],
            }
        };
        let rows: Vec<Row> = (0..100).map(row).collect();
        let names = ["till", "returns", "range", "parking", "staff", "app"];
        let survey = Survey::new(names.map(str::to_owned).to_vec(), rows).unwrap();
        let kept: Vec<&Row> = survey.rows.iter().collect();
        let layout = Layout::of(&survey, &kept, Matters::AcrossAllCustomers);
        let players: Vec<_> = layout
            .players
            .iter()
            .map(|p| (p.name.as_str(), p.columns().collect::<Vec<_>>()))
            .collect();
        assert_eq!(players, [("till", vec![1]), (OTHER_TOUCHPOINTS, vec![2, 3])]);
        assert_eq!(layout.pooled, ["parking", "returns"]);
        let left_out: Vec<_> =
            layout.left_out.iter().map(|(name, why)| (name.as_str(), *why)).collect();
        let expected = [
            ("app", LeftOut::NobodyMet),
            ("range", LeftOut::NobodyMet),
            ("staff", LeftOut::DoesNotVary),
        ];
        assert_eq!(left_out, expected);
        assert!(layout.is_complete());
        assert_eq!((layout.n_told(), layout.n_columns()), (4, 4));
        let layout = Layout::of(&survey, &kept, Matters::ToThoseWhoMeet);
        assert_eq!((layout.n_told(), layout.n_columns()), (3, 4), "the attribute that varies");
    }
}
