//! `--population`: how many customers there are by an attribute, written out or in a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use engine::import::{Mapping, Source};
use engine::{count_of, read_population};
use report::answers::Population;

/// `segment=family:900,young:640`, or the name of a file with a column of that name and `customers`.
pub(crate) fn population(text: &str) -> anyhow::Result<Population> {
    let is_file = Path::new(text).exists() || !text.contains('=');
    if is_file {
        let source = Source { path: PathBuf::from(text), mapping: Mapping::default(), zone: None };
        return read_population(&source).context("--population");
    }
    written_out(text)
}

fn written_out(text: &str) -> anyhow::Result<Population> {
    const HOW: &str = "write `attribute=value:customers,…`, such as `segment=family:900,young:640`";
    let (attribute, values) = text.split_once('=').context(HOW)?;
    let attribute = attribute.trim().to_owned();
    if attribute.is_empty() {
        bail!("--population {text}: {HOW}");
    }
    let mut customers = BTreeMap::new();
    for part in values.split(',') {
        let pair = part.rsplit_once(':').filter(|(value, _)| !value.trim().is_empty());
        let (value, n) =
            pair.with_context(|| format!("--population: `{part}` says no number; {HOW}"))?;
        let n = count_of(n).map_err(|why| anyhow!("--population: `{}`: {why}", value.trim()))?;
        if customers.insert(value.trim().to_owned(), n).is_some() {
            bail!("--population: `{}` stands there twice; add its customers up", value.trim());
        }
    }
    Ok(Population { attribute, customers })
}

#[cfg(test)]
mod tests {
    use super::population;

    fn check(text: &str, expected: &str) {
        let told = match population(text) {
            Ok(known) => format!("{} {:?}", known.attribute, known.customers),
            Err(why) => format!("{why:#}"),
        };
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn as_it_is_written() {
        check("segment=family:900, young:1 640", r#"segment {"family": 900, "young": 1640}"#);
        check("hour=9:00:12", r#"hour {"9:00": 12}"#);
        check(
            "segment=family",
            "--population: `family` says no number; write `attribute=value:customers,…`, such as `segment=family:900,young:640`",
        );
        check(
            "segment=family:many",
            "--population: `family`: `many` is no number of customers; write a whole number above 0",
        );
        check("segment=a:1,a:2", "--population: `a` stands there twice; add its customers up");
        check("nobody.csv", "--population: nobody.csv: there is no such file");
    }
}
