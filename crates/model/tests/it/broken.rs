//! Broken documents, each with all that is said about it.
//!
//! `documents/broken.txt` holds them: a title behind `====`, the document, `----`, the problems. To add one, write its
//! title and document, run with `UPDATE_EXPECT=1`, and read what was said.

use expect_test::expect_file;
use model::document::{Severity, read};

const CASES: &str = include_str!("../documents/broken.txt");

#[test]
fn every_problem_is_told_with_its_place() {
    let mut answers = String::new();
    let mut count = 0;
    for case in CASES.split("\n==== ").map(|case| case.trim_start_matches("==== ")) {
        let (title, rest) = case.split_once('\n').unwrap_or((case, ""));
        let (document, _) = rest.split_once("\n----").unwrap_or((rest, ""));
        let reading = read(&unescaped(document));
        let errors = reading.errors().count();
        assert_eq!(errors == 0, reading.is_valid(), "{title}");
        assert_eq!(title.starts_with("warning"), errors == 0, "{title}: {:?}", reading.problems);
        assert!(!reading.problems.is_empty(), "{title}: nothing was found wrong");
        let told: Vec<String> =
            reading.problems.iter().map(|problem| problem.to_string()).collect();
        answers.push_str(&format!("==== {title}\n{document}\n----\n{}\n\n", told.join("\n")));
        count += 1;
        for problem in reading.problems.iter().filter(|problem| problem.severity == Severity::Error)
        {
            assert!(problem.line >= 1 && problem.column >= 1, "{title}: {problem}");
            assert!(!problem.message.contains('\n'), "{title}: {problem}");
        }
    }
    assert!(count >= 40, "only {count} cases");
    expect_file!["../documents/broken.txt"].assert_eq(&format!("{}\n", answers.trim_end()));
}

/// Tabs and other characters that an editor might take away are written as `<TAB>`, `<NUL>`.
fn unescaped(document: &str) -> String {
    document.replace("<TAB>", "\t").replace("<NUL>", "\0")
}
