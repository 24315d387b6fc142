//! The files of a question, as the command line names them.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use engine::import::{Mapping, Source};
use engine::lake::Lake;
use engine::measure::{Asked, parse_segment};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::nearest::nearest;
use report::answers::Known;

use crate::elsewhere::Elsewhere;
use crate::output::{self, count};

/// Options that say which events and answers are meant.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Selection {
    /// Files of events: CSV, TSV, JSONL, Parquet or XES, plain, gzip or zstd; `-` is standard input.
    #[arg(long, required_unless_present = "data", num_args = 1.., value_name = "FILE")]
    pub(crate) events: Vec<PathBuf>,
    /// A data folder that `footpath import` filled, instead of files of events.
    #[arg(long, value_name = "FOLDER", conflicts_with = "events")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) elsewhere: Elsewhere,
    /// Which column is which, such as `customer_id=case_id,at=timestamp,activity=concept:name`. Given once it is for all
    /// files; given several times it is for one file each, events first, then responses, then complaints.
    #[arg(long, value_name = "NAME=COLUMN,…")]
    pub(crate) map: Vec<String>,
    /// Time zone of times that carry none, such as `Asia/Kolkata`; UTC when left out.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The horizon: later events are not seen. The last event's time when left out.
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<String>,
    /// Events from this moment on.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Events before this moment.
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// Percent of rows that may be unusable before it is a failure.
    #[arg(long, value_name = "PERCENT", default_value_t = 1.0, value_parser = percent)]
    pub(crate) max_bad: f64,
    /// Where unusable rows are kept, if there are any; `FILE.quarantine.csv` in the working folder when left out.
    #[arg(long, value_name = "FILE")]
    pub(crate) quarantine: Option<PathBuf>,
    /// Mebibytes of events kept in memory before they go to temporary files.
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    pub(crate) memory: usize,
}

/// What the files of a question are read from.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) events: Vec<Source>,
    pub(crate) responses: Vec<Source>,
    pub(crate) complaints: Vec<Source>,
}

impl Default for Selection {
    /// As if nothing but the files had been given.
    fn default() -> Self {
        Self {
            events: Vec::new(),
            data: None,
            elsewhere: Elsewhere::default(),
            map: Vec::new(),
            zone: None,
            as_of: None,
            from: None,
            to: None,
            max_bad: 1.0,
            quarantine: None,
            memory: 512,
        }
    }
}

impl Selection {
    /// The sources of events, answers and complaints.
    pub(crate) fn sources(
        &self,
        responses: &[PathBuf],
        complaints: &[PathBuf],
    ) -> anyhow::Result<Sources> {
        let zone = self.zone()?;
        once_each("--events", &self.events)?;
        once_each("--responses", responses)?;
        once_each("--complaints", complaints)?;
        let files = self.events.len() + responses.len() + complaints.len();
        let mappings: Vec<Mapping> = match self.map.as_slice() {
            [] => vec![Mapping::default(); files],
            [one] => vec![one.parse().context("--map")?; files],
            many if many.len() == files => many
                .iter()
                .map(|map| map.parse().context("--map"))
                .collect::<anyhow::Result<_>>()?,
            many => bail!(
                "--map is given {} times for {}; give it once for all, or once for each, events first, complaints last",
                many.len(),
                count(files as u64, "file")
            ),
        };
        let paths = self.events.iter().chain(responses).chain(complaints);
        let mut events: Vec<Source> = paths
            .zip(mappings)
            .map(|(path, mapping)| Source { path: path.clone(), mapping, zone: zone.clone() })
            .collect();
        let complaints = events.split_off(self.events.len() + responses.len());
        let responses = events.split_off(self.events.len());
        Ok(Sources { events, responses, complaints })
    }

    fn zone(&self) -> anyhow::Result<Option<TimeZone>> {
        let Some(name) = self.zone.as_deref() else { return Ok(None) };
        if let Ok(zone) = TimeZone::get(name) {
            return Ok(Some(zone));
        }
        let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => {
                bail!("--zone {name}: there is no such time zone; did you mean `{near}`?")
            }
            None => bail!(
                "--zone {name}: there is no such time zone; write a name such as `Europe/Berlin`"
            ),
        }
    }

    /// The sources of sheets of codes, whose columns are never mapped.
    pub(crate) fn codes(&self, codes: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
        once_each("--codes", codes)?;
        let source =
            |path: &PathBuf| Source { path: path.clone(), mapping: Mapping::default(), zone: None };
        Ok(codes.iter().map(source).collect())
    }

    /// What is asked beside the files.
    pub(crate) fn asked(&self, segment: Option<&str>) -> anyhow::Result<Asked> {
        let asked = Asked {
            as_of: self.time("as-of", self.as_of.as_deref())?,
            from: self.time("from", self.from.as_deref())?,
            to: self.time("to", self.to.as_deref())?,
            segment: self.segment(segment)?,
            strata: None,
            known: Known::default(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            zone: self.zone()?,
            ..Asked::default()
        };
        if let (Some(from), Some(to)) = (asked.from, asked.to)
            && from >= to
        {
            bail!("--from {from} is not before --to {to}: no event could be in between");
        }
        Ok(asked)
    }

    fn segment(&self, text: Option<&str>) -> anyhow::Result<Vec<(String, Vec<String>)>> {
        let parsed = text.map(parse_segment).transpose();
        Ok(parsed.map_err(anyhow::Error::msg).context("--segment")?.unwrap_or_default())
    }

    /// What a result is called after: the first file of events, or the data folder.
    pub(crate) fn named(&self) -> Option<&PathBuf> {
        self.events.first().or(self.data.as_ref())
    }

    /// The lake that is asked, if one is.
    pub(crate) fn lake(&self) -> anyhow::Result<Option<Lake>> {
        self.data.as_deref().map(|folder| self.elsewhere.open(folder)).transpose()
    }

    /// The moment that an option names.
    pub(crate) fn time(&self, flag: &str, text: Option<&str>) -> anyhow::Result<Option<Timestamp>> {
        let zone = self.zone()?.unwrap_or(TimeZone::UTC);
        text.map(|text| moment(text, &zone).with_context(|| format!("--{flag} {text}"))).transpose()
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory.saturating_mul(1 << 20)
    }

    /// Share of rows that may be bad.
    pub(crate) fn bad_share(&self) -> f64 {
        self.max_bad / 100.0
    }

    /// Refuses what would end badly after all the work: results that cannot be written, or that would replace what is
    /// read; `read` is read beside the events.
    pub(crate) fn check_places<'a>(
        &'a self,
        read: impl IntoIterator<Item = &'a PathBuf>,
        output: Option<&Path>,
    ) -> anyhow::Result<()> {
        let read: Vec<&PathBuf> = self.events.iter().chain(read).collect();
        if read.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
            bail!("`-` stands for two files; standard input can be only one of them");
        }
        for written in [output, self.quarantine.as_deref()].into_iter().flatten() {
            output::check(written)?;
            let place = written.canonicalize().ok();
            if place.is_some() && read.iter().any(|path| path.canonicalize().ok() == place) {
                bail!("{} is read here; write the result elsewhere", written.display());
            }
        }
        Ok(())
    }

    /// Where unusable rows go.
    pub(crate) fn quarantine_path(&self) -> PathBuf {
        self.quarantine.clone().unwrap_or_else(|| {
            let first = self.named().and_then(|path| path.file_name()).unwrap_or_default();
            let name = if first == "-" { "events".into() } else { first.to_string_lossy() };
            PathBuf::from(format!("{name}.quarantine.csv"))
        })
    }
}

/// A file named twice would count every row of it twice.
fn once_each(flag: &str, paths: &[PathBuf]) -> anyhow::Result<()> {
    let mut known = Vec::new();
    for path in paths {
        let place = path.canonicalize().unwrap_or_else(|_| path.clone());
        if known.contains(&place) {
            bail!("{flag} names {} twice: its rows would count double", path.display());
        }
        known.push(place);
    }
    Ok(())
}

/// A share in percent, with or without its sign.
pub(crate) fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end().parse().ok();
    let percent = number.filter(|percent| (0.0..=100.0).contains(percent));
    percent.ok_or_else(|| "write a percentage from 0 to 100, such as `0.5`".to_owned())
}

/// A moment as people write it: RFC 3339, or a date with or without a time in the zone.
fn moment(text: &str, zone: &TimeZone) -> anyhow::Result<Timestamp> {
    model::moment::moment(text, zone)
        .context("write a time such as `2026-03-01` or `2026-03-01T12:00:00Z`")
}

/// The name of a file without folders and endings, for a draft's id.
pub(crate) fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.split('.').next().unwrap_or_default().to_owned()
}
