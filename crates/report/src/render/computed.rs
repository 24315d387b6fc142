//! How the numbers were made, in sentences that a page, a terminal and a mail can all print.

use crate::document::{Drivers, Report, Standard};
use crate::draw::Columns;

use super::words;

/// A question of the reader and its answer.
pub(super) struct Note {
    pub(super) about: &'static str,
    pub(super) says: String,
}

pub(super) fn notes(columns: &Columns<'_>, report: &Report) -> Vec<Note> {
    let mut notes = vec![
        Note { about: "This measurement", says: this(report) },
        Note {
            about: "Instance, open, horizon",
            says: "An instance is one walk of one customer through the journey, from its start to its end or until nothing \
                   happened for as long as the document allows. Nothing after the horizon counts. A promise whose deadline \
                   lies after the horizon is pending: it is neither kept nor broken and is in no rate."
                .to_owned(),
        },
        Note {
            about: "Reach and other shares",
            says: "Reach is the share of customers who met the touchpoint at least once. Every share k/n has Wilson's \
                   interval at 95%: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96 (Wilson 1927). A share of \
                   instances counts instances as independent."
                .to_owned(),
        },
        Note {
            about: "Times",
            says: "Quantiles are exact, type 7 (linear between ranks), up to a million values; beyond that they come from \
                   a sketch with a relative error of at most 1%. n, sum, least and greatest are always exact. The wait \
                   before a touchpoint is the time from the touchpoint before it in the same instance."
                .to_owned(),
        },
        Note {
            about: "Scores",
            says: "NPS is the share of answers 9–10 less the share of answers 0–6, in points, with the adjusted Wald \
                   interval (3 answers added, Rocks 2016). Other questions have their mean with Student's interval. Under \
                   5 answers nothing is shown, under 30 the score is an indication: grey or hollow, without a band."
                .to_owned(),
        },
        Note { about: "Feeling curve", says: feeling(columns) },
        Note {
            about: "Verdicts",
            says: "A standard with promise p and tolerance t meets it when the lower limit of the kept share is at least \
                   p − t, is defective when the upper limit is below p − t, and is not proven in between; then “more \
                   needed” is how many more checks would settle it at the present share, “never” where that share stands on the promise itself. ▲ stands only for a proven \
                   defect. “Proven together” says that the defect stands when all standards are judged at once \
                   (Benjamini and Hochberg 1995, at 10%)."
                .to_owned(),
        },
        Note {
            about: "Deviations",
            says: "Every distinct path is aligned once with the designed graph: a designed touchpoint skipped costs 1, an \
                   undesigned visit costs 1. Fitness is the mean of 1 − cost / worst cost over instances. Back and forth \
                   is A, B, A within an instance."
                .to_owned(),
        },
        Note {
            about: "Findings",
            says: "Rank = customers reached a year × importance × size, where size is the share of defects or the gap in \
                   standard deviations, and importance the higher of the derived one (as a share of the strongest, where it \
                   could be derived) and of what customers state, of 5. Findings whose intervals overlap are not proven to differ in size. What goes \
                   along with a defect is an association until a change with a comparison group confirms it."
                .to_owned(),
        },
    ];
    if let Some(question) = columns.score_question {
        notes.insert(
            6,
            Note {
                about: "Score on the map",
                says: format!(
                    "The map shows {question}: the question that most touchpoints have answers to."
                ),
            },
        );
    }
    notes.extend(where_shown(report));
    if let Some(segment) = words::segment(report) {
        notes.insert(1, Note { about: "Segment", says: only(&segment) });
    }
    notes
}

/// Of what not every report has.
fn where_shown(report: &Report) -> impl Iterator<Item = Note> {
    let note =
        |is_shown: bool, about, says: &str| is_shown.then(|| Note { about, says: says.to_owned() });
    let drivers = report.drivers.as_ref();
    let has_costs = report.standards.iter().any(|standard| !standard.costs.is_empty());
    let has = |is_there: fn(&Standard) -> bool| report.standards.iter().any(is_there);
    let has_money = |standard: &Standard| standard.costs.iter().any(|cost| cost.money.is_some());
    let has_strata =
        |standard: &Standard| standard.costs.iter().any(|cost| cost.stratified.is_some());
    let notes = [
        note(report.defects.is_some(), "Defects together", DEFECTS),
        note(has(|standard| standard.leaving.is_some()), "Who leaves", LEAVING),
        note(has(has_money), "What mending would keep", MONEY),
        note(has(has_strata), "Within strata", STRATA),
        note(has(|standard| standard.cadence.is_some()), "Contact kept up", CADENCE),
        drivers.map(|drivers| Note { about: "What matters", says: importance(drivers) }),
        note(!report.trends.is_empty(), "Over time", TRENDS),
        note(report.words.is_some(), "In their words", WORDS),
        note(has_costs, "What goes along with a defect", COSTS),
    ];
    notes.into_iter().flatten()
}

const TRENDS: &str = "A chart of individuals: the mean of the periods ± 3 × mean moving range / 1.128 (Shewhart 1931), a period being a \
                      week or a month with at least 5 answers. A point is marked beyond the limits, or at the end of nine in a row \
                      on one side (Nelson 1984). The level is taken to have changed where parting the series raises its likelihood \
                      more than in random orders of the same periods (binary segmentation, Scott and Knott 1974), and all series \
                      together are held to a false-discovery rate of 10%.";

const WORDS: &str = "A comment has a theme when its likeness to a seed sentence (the cosine of hashed words and parts of words, \
                     weighed by how rare they are here) passes a threshold, and the document's must and never words allow it. \
                     Customers with a theme among those who wrote: Wilson's interval. Words of the unhappy against the happy: \
                     G² over customers (Dunning 1993), log-odds with an informative prior (Monroe, Colaresi and Quinn 2008), \
                     Benjamini and Hochberg at 10%. Groups: k-means, labelled by class-based tf-idf; phrases: RAKE (Rose et \
                     al. 2010). Scores are read out of words by ridge regression, judged on customers it did not learn from.";

const COSTS: &str = "Of customers whose checks were decided, those with a defect and those without, by a bad outcome: not coming back \
                     in time after the first closed walk that the standard was judged in (a defect counts only if it came before that \
                     was settled), or a low answer about the whole. Risk ratio with its interval on the log scale, risk difference \
                     with Newcombe's, odds ratio with Woolf's, attributable share (P − p₀)/P, and the E-value of an unmeasured \
                     cause (VanderWeele and Ding 2017). A loss a year is told only where the whole interval lies above zero. \
                     All of it is association.";

const DEFECTS: &str = "Standards by the number of broken checks, and by number × stated cost where every listed standard states one; \
                       the vital few are the fewest that make up 80%. A standard is above the next one when of the defects of both its \
                       share lies above what would make them equal, by Wilson's lower limit. Under 30 defects nothing is shown. First-pass \
                       yield: walks without a broken check of those with a settled one, Wilson. Rolled throughput yield: the product over \
                       standards of the share of those walks without a broken check of it, limits of Fay and Feuer (1997).";

const LEAVING: &str = "Follow-up begins at the end of a customer's first closed walk that the standard was judged in. Leaving: the first \
                       closed walk after which the activity named under outcomes does not come in time, on the day of its end, because \
                       after that customers meet nothing more; everybody else is last seen where leaving could no longer be told, as \
                       long before the horizon as they have time to come back. Curves: Kaplan and Meier (1958), log–log intervals; without \
                       the defect until it was met, with it from that day on. Mean days stayed up to a day that ten customers of both sides \
                       are followed to (Greenwood). Test: log-rank with customers changing sides (Mantel and Byar 1974). Hazard ratio: Cox \
                       (1972), ties by Efron (1977), with the defect as a state that begins when it was met. Each p is that of one standard \
                       alone. Association.";

const MONEY: &str = "Customers kept a year: customers with a broken check a year × the part of the defect that is mended, from half to all, × \
                     risk difference, with the limits of the risk difference. Worth: × what the events of a customer who came back after \
                     the first closed walk carried a year since, as a ratio of totals with customers as clusters; limits are multiplied, \
                     which is wider than need be. It is revenue unless the attribute holds a margin. Told only where the risk \
                     difference is above zero for sure. The E-value is that of VanderWeele and Ding (2017). Association.";

const STRATA: &str = "Customers with and without the defect are compared within strata, by the first value that the walk says, and pooled \
                      (Mantel and Haenszel 1959; variances by Greenland and Robins 1985, and Sato 1989). Strata in which nobody had the defect, \
                      or everybody, contribute nothing and are named.";

const CADENCE: &str = "Adherence: 1 − time beyond the longest gap promised / time in which contact was owed, a ratio of totals with customers as \
                       clusters. A beat falls due at the end of each whole interval and is kept by a contact in it, Wilson. Gaps: Kaplan and \
                       Meier, a gap that no contact ended being longer than it was seen to be, counted in at least 32 parts to the gap promised, log–log \
                       intervals; under 50 customers intervals are those of customers drawn anew 1,000 times. Overdue: customers \
                       whose open gap is longer than promised at the horizon, of those to whom contact is owed then, Wilson.";

fn importance(drivers: &Drivers) -> String {
    format!(
        "The answer to {} about the whole is explained by the answers about touchpoints that the same customer gave since the \
         answer before it. A share is the mean of what a touchpoint adds to R² over all orders of bringing them in (Lindeman, \
         Merenda and Gold 1980), with more than 12 touchpoints Johnson's relative weight (2000). To those who meet it: \
         covariances by EM from the scores there are (Dempster, Laird and Rubin 1977). Across all customers: whether it was met \
         is part of the touchpoint. Intervals and ranks: customers drawn anew {} times, seed {}. No more than chance: the lower \
         limit of its share less that of a random column is not above zero (Tonidandel and LeBreton 2009). Under {} answers, or \
         where less than a tenth is explained, importance ranks no finding.",
        drivers.outcome,
        crate::draw::number::count(drivers.to_those_who_meet.rounds),
        drivers.to_those_who_meet.seed,
        drivers.to_those_who_meet.needed
    )
}

fn this(report: &Report) -> String {
    format!(
        "Footpath {}, report format {}. Journey {} ({}). Period {}; horizon {}. {} rows were read: {}.",
        report.footpath,
        report.report,
        report.journey.as_deref().unwrap_or("none: every activity is a touchpoint"),
        words::version(report),
        words::period(report),
        words::as_of(report),
        crate::draw::number::count(report.events.read),
        words::events(report)
    )
}

fn only(segment: &str) -> String {
    format!(
        "Only instances where {segment} were counted, and only customers who have one. An instance has the first value that its \
         events say; one whose events say none is left out. Rows read and bound are of everybody, and so are scores and \
         what is judged by them: answers carry no such attribute."
    )
}

fn feeling(columns: &Columns<'_>) -> String {
    let assumed = "The dashed line is the feeling that the document assumes, on −2..+2.";
    match columns.feeling_question {
        Some(question) => format!(
            "{assumed} The solid line is measured: the score of {question} at the touchpoint, its scale stretched onto \
             −2..+2 ((score − middle) / half the range × 2), its 95% interval with it. The line is a monotone cubic \
             (Fritsch and Carlson 1980), which invents no peaks between points. Points under 30 answers are hollow and \
             have no band; under 5 there is no point. A face has colour where its interval leaves the neutral middle."
        ),
        None => format!(
            "{assumed} Nothing was measured: no touchpoint has 5 answers to csat, delight or nps."
        ),
    }
}
