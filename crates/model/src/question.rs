//! The survey questions that Footpath knows, and their scales.

/// A question with a scale of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    pub name: &'static str,
    /// Lowest and highest answer.
    pub answers: (f64, f64),
    /// Lowest and highest score of many answers together: points for `nps`, else a mean.
    pub score: (f64, f64),
}

pub const QUESTIONS: [Question; 10] = [
    Question { name: "nps", answers: (0.0, 10.0), score: (-100.0, 100.0) },
    Question { name: "csat", answers: (1.0, 5.0), score: (1.0, 5.0) },
    Question { name: "ces", answers: (1.0, 7.0), score: (1.0, 7.0) },
    Question { name: "need", answers: (1.0, 5.0), score: (1.0, 5.0) },
    Question { name: "ease", answers: (1.0, 5.0), score: (1.0, 5.0) },
    Question { name: "delight", answers: (1.0, 5.0), score: (1.0, 5.0) },
    Question { name: "expected", answers: (1.0, 7.0), score: (1.0, 7.0) },
    Question { name: "got", answers: (1.0, 7.0), score: (1.0, 7.0) },
    Question { name: "functional", answers: (1.0, 5.0), score: (1.0, 5.0) },
    Question { name: "dysfunctional", answers: (1.0, 5.0), score: (1.0, 5.0) },
];

/// `None`: a question of the journey's own; its scale is in the response file.
pub fn find_question(name: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| question.name == name)
}
