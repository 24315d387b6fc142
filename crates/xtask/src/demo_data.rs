//! `cargo xtask demo-data`: all generated examples, each into a folder of its name.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use demo::{Example, Twin};

/// Writes the examples and says where.
pub(crate) fn run(arguments: &[String]) -> Result<String> {
    let (out, twin) = options(arguments)?;
    let mut done = String::new();
    for example in Example::ALL {
        let folder = out.join(example.name());
        demo::write(example, &folder, twin)?;
        done.push_str(&format!("wrote {}\n", folder.display()));
    }
    Ok(done)
}

fn options(arguments: &[String]) -> Result<(PathBuf, Twin)> {
    let (mut out, mut twin) = (None, Twin::No);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => out = Some(PathBuf::from(arguments.next().context("--out needs a folder")?)),
            "--twin" => twin = Twin::Yes,
            other => bail!("demo-data takes --out DIR and --twin, not `{other}`"),
        }
    }
    // The twin in examples/ would look like the example and hold none of its truths.
    match (out, twin) {
        (Some(out), twin) => Ok((out, twin)),
        (None, Twin::No) => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
            Ok((root.context("find the folder of the workspace")?.join("examples"), Twin::No))
        }
        (None, Twin::Yes) => {
            bail!("--twin needs --out DIR, so that it does not replace the examples")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &str, expected: std::result::Result<(&str, Twin), &str>) {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        match (options(&arguments), expected) {
            (Ok((out, twin)), Ok(expected)) => {
                assert_eq!((out.to_str(), twin), (Some(expected.0), expected.1))
            }
            (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected),
            (got, expected) => panic!("{arguments:?}: {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn the_twin_never_lands_among_the_examples() {
        check("--out x", Ok(("x", Twin::No)));
        check("--twin --out x", Ok(("x", Twin::Yes)));
        check("--twin", Err("--twin needs --out DIR, so that it does not replace the examples"));
        check("--out", Err("--out needs a folder"));
        check("--tvin", Err("demo-data takes --out DIR and --twin, not `--tvin`"));
    }
}
