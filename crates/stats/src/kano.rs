//! What a feature is to customers: must-be, one-dimensional, attractive, indifferent, reverse (Kano 1984).

/// An answer to "how do you feel if it is there?" (functional) or "… is not there?" (dysfunctional).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KanoAnswer {
    Like,
    Expect,
    Neutral,
    Tolerate,
    Dislike,
}

impl KanoAnswer {
    /// By its word, as in surveys.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "like" => Self::Like,
            "expect" => Self::Expect,
            "neutral" => Self::Neutral,
            "tolerate" => Self::Tolerate,
            "dislike" => Self::Dislike,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KanoCategory {
    MustBe,
    OneDimensional,
    Attractive,
    Indifferent,
    Reverse,
    /// The two answers contradict each other; above 5 % the question is badly worded.
    Questionable,
}

impl KanoCategory {
    /// In the order in which ties resolve: the claim that obliges most comes first.
    pub const ALL: [Self; 6] = [
        Self::MustBe,
        Self::OneDimensional,
        Self::Attractive,
        Self::Indifferent,
        Self::Reverse,
        Self::Questionable,
    ];

    /// The cell of the evaluation table.
    pub fn of(functional: KanoAnswer, dysfunctional: KanoAnswer) -> Self {
        use KanoAnswer::{Dislike, Like};
        match (functional, dysfunctional) {
            (Like, Like) | (Dislike, Dislike) => Self::Questionable,
            (Like, Dislike) => Self::OneDimensional,
            (Like, _) => Self::Attractive,
            (_, Like) | (Dislike, _) => Self::Reverse,
            (_, Dislike) => Self::MustBe,
            _ => Self::Indifferent,
        }
    }

    pub fn letter(self) -> &'static str {
        match self {
            Self::MustBe => "M",
            Self::OneDimensional => "O",
            Self::Attractive => "A",
            Self::Indifferent => "I",
            Self::Reverse => "R",
            Self::Questionable => "Q",
        }
    }
}

/// How many answers fell into each category, in the order of [`KanoCategory::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KanoCounts(pub [u64; 6]);

impl KanoCounts {
    pub fn of(answers: &[(KanoAnswer, KanoAnswer)]) -> Self {
        let mut counts = Self::default();
        for &(functional, dysfunctional) in answers {
            counts.0[KanoCategory::of(functional, dysfunctional) as usize] += 1;
        }
        counts
    }

    pub fn n(&self) -> u64 {
        self.0.iter().sum()
    }

    fn count(&self, category: KanoCategory) -> u64 {
        self.0[category as usize]
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Kano {
    /// The most frequent category; ties M > O > A > I > R > Q.
    pub category: KanoCategory,
    /// Best of M, O, A if they outnumber I, R, Q together; else best of those.
    pub category_blitz: KanoCategory,
    /// (A + O)/(A + O + M + I): how much it can please (Berger et al. 1993).
    pub better: Option<f64>,
    /// −(O + M)/(A + O + M + I): how much its lack can hurt.
    pub worse: Option<f64>,
    /// Share of M, O and A.
    pub total_strength: f64,
    /// Lead of the first category over the second, as a share.
    pub category_strength: f64,
    /// The lead is not chance (Fong 1996, 90 %).
    pub fong_significant: bool,
}

/// `None` without answers.
pub fn kano(counts: &KanoCounts) -> Option<Kano> {
    use KanoCategory::{Attractive, Indifferent, MustBe, OneDimensional};
    let n = counts.n();
    if n == 0 {
        return None;
    }
    let part = |category| counts.count(category) as f64;
    let (all, n) = (KanoCategory::ALL, n as f64);
    let rated = part(Attractive) + part(OneDimensional) + part(MustBe) + part(Indifferent);
    let strong: u64 = counts.0[..3].iter().sum();
    let category = most_frequent(counts, &all);
    let mut descending = counts.0;
    descending.sort_unstable_by(|a, b| b.cmp(a));
    let (first, second) = (descending[0] as f64, descending[1] as f64);
    let chance = 1.65 * ((first + second) * (2.0 * n - first - second) / (2.0 * n)).sqrt();
    let ratio = |above: f64| (rated > 0.0).then(|| above / rated);
    Some(Kano {
        category,
        category_blitz: most_frequent(
            counts,
            if 2 * strong > counts.n() { &all[..3] } else { &all[3..] },
        ),
        better: ratio(part(Attractive) + part(OneDimensional)),
        worse: ratio(-(part(OneDimensional) + part(MustBe))),
        total_strength: strong as f64 / n,
        category_strength: (first - second) / n,
        fong_significant: first - second >= chance,
    })
}

/// The first of the categories that no other outnumbers.
fn most_frequent(counts: &KanoCounts, categories: &[KanoCategory]) -> KanoCategory {
    let mut best = categories[0];
    for &category in categories {
        if counts.count(category) > counts.count(best) {
            best = category;
        }
    }
    best
}
