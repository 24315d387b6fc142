//! "Did you mean": the known word that a wrong one was probably meant to be.

/// The candidate nearest to `word`, if it is near enough to be worth saying.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Past this length it is a sentence, and comparing costs more than the hint is worth.
    if word.chars().count() > 64 {
        return None;
    }
    let folded = folded(word);
    // One or two letters are near everything, so only case may differ; a long word does not excuse many slips.
    let length = folded.chars().count();
    let allowed = (length / 3).min(4);
    candidates
        .into_iter()
        .filter(|candidate| {
            *candidate != word && candidate.trim().chars().count().abs_diff(length) <= allowed
        })
        .map(|candidate| (strsim::osa_distance(&folded, &self::folded(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Case and the kind of gap between words are the most usual slips, so they cost nothing.
fn folded(word: &str) -> String {
    word.trim().to_lowercase().replace([' ', '_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known = ["channels", "optional", "owner", "moment_of_truth", "parked-quickly", "id"];
        let cases = [
            ("chanels", Some("channels")),
            ("Owner", Some("owner")),
            ("onwer", Some("owner")),
            ("moment-of-truth", Some("moment_of_truth")),
            ("Parked Quickly", Some("parked-quickly")),
            ("parked-quick", Some("parked-quickly")),
            ("colour", None),
            ("xy", None),
            ("ID", Some("id")),
            ("di", None),
            ("", None),
        ];
        for (word, meant) in cases {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }
}
