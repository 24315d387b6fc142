//! `--name value` pairs of a benchmark's command line.

use std::collections::BTreeMap;
use std::error::Error;

pub(crate) struct Args(BTreeMap<String, String>);

impl Args {
    /// Takes the command line; `known` are the names it may hold.
    pub(crate) fn read(known: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut args = BTreeMap::new();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").filter(|name| known.contains(name));
            let Some(name) = name else {
                return Err(format!(
                    "`{word}` is not known here; there are --{}",
                    known.join(", --")
                )
                .into());
            };
            let value = words.next().ok_or_else(|| format!("--{name} needs a value"))?;
            args.insert(name.to_owned(), value);
        }
        Ok(Self(args))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, Box<dyn Error>> {
        self.find(name).ok_or_else(|| format!("--{name} is missing").into())
    }
}
