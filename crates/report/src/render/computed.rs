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
    let has_kano = report.touchpoints.iter().any(|touchpoint| touchpoint.kano.is_some());
    let words = report.words.as_ref();
    let is_coded = words.is_some_and(|it| it.themes.iter().any(|it| it.coding.is_some()));
    let has_latest = words.is_some_and(|words| words.latest.is_some());
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
        note(report.experience_weights.is_some(), "Need, ease, delight", EXPERIENCE),
        note(report.emotion.is_some(), "Emotion curve", EMOTION),
        note(has_kano, "Kano", KANO),
        note(report.weighed.is_some(), "Weights", WEIGHTS),
        note(report.silence.is_some(), "Silence", SILENCE),
        note(!report.trends.is_empty(), "Scores over time", TRENDS),
        note(!report.kept_trends.is_empty(), "Standards over time", KEPT),
        note(!report.complaint_trends.is_empty(), "Complaints over time", COMPLAINTS),
        note(!report.comparisons.is_empty(), "Compared", COMPARED),
        note(!report.proofs.is_empty(), "Planned changes", PROOFS),
        note(has_respondents(report), "Who answered", RESPONDENTS),
        note(report.words.is_some(), "In their words", WORDS),
        note(is_coded, "Codes by hand", CODES),
        note(has_latest, "This period against the last", LATEST),
        Some(Note { about: "Small groups", says: SMALL_CELLS.to_owned() }),
        note(has_costs, "What goes along with a defect", COSTS),
    ];
    notes.into_iter().flatten()
}

const EXPERIENCE: &str = "Each of the three is 100 (mean − lowest) / (highest − lowest) of the latest answers of customers, with Student's \
                          interval; best two is the share of the two best boxes with Wilson's. A target counts as met, or as missed, \
                          when the whole interval says so. The indices are the weighted arithmetic and geometric means over \
                          customers who answered all three. Weights are equal below 200 complete answers; above, relative weights \
                          (Johnson 2000) on the answer about the whole, all touchpoints together, unless the three explain less than \
                          a tenth of it or one of them goes the other way. Intervals of weights: one of fifty groups of customers \
                          left out at a time (Kott 2001).";

const EMOTION: &str = "An answer is stretched from its scale onto −5 to 5. A customer's feeling at a stage is the mean of the latest answers \
                       about its touchpoints, that of the stage the mean over customers, with Student's interval; stages under 5 customers \
                       are left out. Mean, area (trapezoids, one stage apart), largest fall, peak (the largest either way), end and \
                       (peak + end) / 2 have percentile intervals from customers drawn anew; “in so many of rounds” is how often peak \
                       or fall stand at the same stage. The assumed curve is valence × 2.5, without intervals: nobody was asked. \
                       Peak and end are a heuristic of memory (Kahneman et al. 1993), so it is tried here: the answer about the \
                       whole on mean, peak and end of the same customer's curve, from three stages and 100 answers on, shares as under \
                       what matters.";

const KANO: &str = "From how customers feel where it is there (functional) and where it is not (dysfunctional), 1 like it to 5 dislike \
                    it, the latest answers of each: the table of Kano (1984). The most frequent category, ties by M, O, A, I, R, Q; it \
                    is clear when its lead is more than chance (Fong 1996, 90%). Can please: (A + O) / (A + O + M + I), can hurt: \
                    −(O + M) / (A + O + M + I) (Berger et al. 1993), with Wilson's interval. Over 5% of answers that contradict each \
                    other, the question is badly worded.";

const WEIGHTS: &str = "Post-stratified: an answer weighs the customers of its value over its answers, N_h / n_h, with the latest answer of each \
                       customer; linearised standard error n/(n−1) Σ (z − mean z)², z = w (x − mean of the value) / N, Student's interval. \
                       Worth is Kish's effective n, (Σw)² / Σw² (1965). A value with customers and no answer has no weight: that \
                       score is not weighed, and says so.";

const SILENCE: &str = "With response rate r and score s of those who answered, the score of all who were asked lies between r s − 100 (1 − r) and \
                       r s + 100 (1 − r), whatever the silent think (Manski 1989). Break-even: −r s / (1 − r).";

const CODES: &str = "Comments were drawn by customer and coded by people who did not see what the program found. Their codes are examples \
                     that it learns from; Cohen's kappa, found of those there (sensitivity) and passed over of the others \
                     (specificity) are of a program that learned from customers of other folds alone. Corrected share: (told + specificity − 1) / \
                     (sensitivity + specificity − 1) (Rogan and Gladen 1978), both rates of what is counted, interval by Lang and Reiczigel \
                     (2014). Between coders: kappa over all pairs of coders of a comment; such pairs are not independent with more than two.";

const LATEST: &str = "The last month that was over at the horizon against the one before, or the last quarter where fewer than 30 customers \
                      wrote in a month. Words: G² over customers, Benjamini and Hochberg at 10%. Themes: Newcombe's interval (1998), \
                      Fisher's test, Benjamini and Hochberg over all themes; more or fewer is said only at 10%.";

const SMALL_CELLS: &str = "Groups under 5 customers are withheld; where groups add up to a number that is told, the next smallest is withheld \
                           too, until each of those withheld might be 5 for all that the others tell. Quotes are shown where 10 customers or more wrote of it. A segment is \
                           refused that holds, or leaves out, 1 to 4 customers.";

const TRENDS: &str = "A chart of individuals: the mean of the periods ± 3 × mean moving range / 1.128 (Shewhart 1931), a period being a \
                      week or a month with at least 5 answers. A point is marked beyond the limits, or at the end of nine in a row \
                      on one side (Nelson 1984). The level is taken to have changed where parting the series raises its likelihood \
                      more than in random orders of the same periods (binary segmentation, Scott and Knott 1974), and all series \
                      together, those of standards among them, are held to a false-discovery rate of 10%. An NPS with more than 20 \
                      periods is also followed by an average that remembers (EWMA, λ = 0.2, L = 2.86, Roberts 1959; Lucas and \
                      Saccucci 1990): each period in its own standard errors from the first 20, the limits wider by what those leave unsure; and \
                      by sums of what is above and below that baseline, half a standard error forgiven each time, which say so \
                      beyond 5 (CUSUM, Page 1954).";

const KEPT: &str = "A check belongs to the week or month in which it began. p̄ ± 3 √(p̄ (1 − p̄) / n), a p chart (Shewhart 1931); where \
                    periods differ more than 1.2 times as much as chance makes them, the limits are wider by that much (p′, Laney \
                    2002). Limits are those of the first 20 periods with a value, which are not judged themselves; with no more \
                    than 20, or where those are all alike, they come from all periods and are provisional. A period has no value with \
                    fewer than 5 settled checks, nor from the first one on in which what is pending could move the share by more \
                    than a quarter of its standard error: near the horizon what is settled is what was quick. Checks count as independent. Changes \
                    of level as for scores.";

const COMPLAINTS: &str = "Complaints of a week or month for each walk that began in it, so that more customers are not taken for worse \
                          service. ū ± 3 √(ū / n), a u chart (Shewhart 1931), with limits from the first 20 periods as for standards. It \
                          takes 20 complaints, and a period has no value with fewer than 5 walks. Complaints outside of the time \
                          of the events are left out. Changes of level as for scores.";

const COMPARED: &str = "Of several answers of one customer on one side the latest counts. NPS: three imaginary answers on each side (Lewis \
                        and Sauro 2021); means: Welch 1947; kept shares: Newcombe's interval (1998) with the pooled test, or Fisher's \
                        where a count is small. All rows of a table are judged at once (Benjamini and Hochberg 1995, at 5%). What \
                        would have been detected is reckoned at 80% power and at the level that one more claim would have had to \
                        reach. Customers who answered in both periods make these intervals a little too wide. A group with fewer than 5 \
                        customers is withheld, and so is the next smallest where the withheld ones together have fewer than 5.";

const PROOFS: &str = "With units that did not change: (T₁ − T₀) − (C₁ − C₀), the variance counting units or customers as the plan says \
                      (cluster-robust, Student's with one degree less than there are); under 10 units the change is dealt to them anew in \
                      every way there is. Units that change one after another: each against those not changed yet (Callaway and \
                      Sant'Anna 2021), units drawn anew 999 times. By lot among customers who answered before: CUPED (Deng, Xu, Kohavi \
                      and Walker 2013). Without a comparison: level, trend and their breaks, with Newey and West's errors (1987), or \
                      only before against after. Improved: the whole interval lies on the better side, and an effect worth having in it \
                      or below it. No change shown is said only where a change worth having was excluded or would have been found. \
                      Evidence: A by lot, B a comparison with a parallel history, C a series, D the rest and whatever was chosen for \
                      being bad, because the worst improve by themselves. A season is not taken out.";

const RESPONDENTS: &str = "Answers parted at their median delay since the invitation (Armstrong and Overton 1977); NPS with three imaginary \
                           answers on each side, means by Welch; all scores together at 5% (Benjamini and Hochberg 1995). What the \
                           silent could do: r·s ± (1 − r) for a response rate r and a score s (Manski 1989).";

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

fn has_respondents(report: &Report) -> bool {
    let of_touchpoints =
        report.touchpoints.iter().flat_map(|touchpoint| touchpoint.scores.values());
    let mut all = report.scores.values().chain(of_touchpoints);
    all.any(|score| score.early_late.is_some() || score.silence.is_some())
}

fn importance(drivers: &Drivers) -> String {
    format!(
        "The answer to {} about the whole is explained by the answers about touchpoints that the same customer gave since the \
         answer before it. A share is the mean of what a touchpoint adds to R² over all orders of bringing them in (Lindeman, \
         Merenda and Gold 1980), with more than 12 touchpoints Johnson's relative weight (2000). To those who meet it: \
         covariances by EM from the scores there are (Dempster, Laird and Rubin 1977). Across all customers: whether it was met \
         is part of the touchpoint. Intervals and ranks: customers drawn anew {} times, seed {}; they are of chance alone, \
         and where many did not meet a touchpoint the method itself may be two or three points off. No more than chance: the lower \
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
