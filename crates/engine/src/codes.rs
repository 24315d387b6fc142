//! Sheets of comments that people coded by hand, one code per comment, theme and coder out.
//!
//! A sheet is small and made by hand, so what is wrong in it is said at once with its line, and nothing is left out.

use std::collections::BTreeSet;

use model::journey::Theme;
use model::nearest::nearest;
use report::answers::Code;
use report::coding::{BESIDE, CODER, COMMENT};

use crate::error::Error;
use crate::import::{FileRead, Need, Row, Slot, Slots, Source, Watch, read_any_rows};
use crate::quarantine::Quarantine;
use crate::responses::text;

const FIRST_THEME: usize = 2;

/// Reads one sheet. `known` are the keys of all comments in the files of answers and complaints.
pub(crate) fn read_codes(
    source: &Source,
    themes: &[Theme],
    known: &BTreeSet<u64>,
    (quarantine, watch): (&Quarantine, &Watch),
) -> Result<(Vec<Code>, FileRead), Error> {
    let mut codes = Vec::new();
    let mut trouble = None;
    let read = read_any_rows(source, &slots(themes), quarantine, watch, &mut |row| {
        match of_row(source, row, themes, known) {
            Ok(some) => codes.extend(some),
            // The columns are looked at first: a column that is none explains what is wrong in its rows.
            Err(error) => trouble = trouble.take().or(Some(error)),
        }
        Ok(None)
    })?;
    known_columns(source, &read, themes)?;
    match trouble {
        Some(error) => Err(error),
        None => Ok((codes, read)),
    }
}

fn slots(themes: &[Theme]) -> Slots {
    let own = [(COMMENT, Need::Optional), (CODER, Need::Optional)];
    let own = own.into_iter().map(|(name, need)| Slot { name: name.to_owned(), need });
    let themes = themes.iter().map(|theme| Slot { name: theme.id.clone(), need: Need::Attribute });
    Slots { list: own.chain(themes).collect() }
}

/// A column is ours, stands there for the coder to read, or is a theme of the journey.
fn known_columns(source: &Source, read: &FileRead, themes: &[Theme]) -> Result<(), Error> {
    let is_theme = |column: &String| themes.iter().any(|theme| theme.id == *column);
    let is_ours = |column: &String| {
        [COMMENT, CODER].contains(&column.as_str()) || BESIDE.contains(&column.as_str())
    };
    let ids = || themes.iter().map(|theme| theme.id.as_str());
    if let Some(odd) = read.columns.iter().find(|column| !is_theme(column) && !is_ours(column)) {
        let hint = match nearest(odd, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the journey's themes are: {}", ids().collect::<Vec<_>>().join(", ")),
        };
        let message = format!("there is no theme `{odd}` in the journey; {hint}");
        return Err(Error::on_line(&source.path, 1, message));
    }
    if !read.columns.iter().any(|column| column == COMMENT) {
        let message = "there is no column `comment`; make a sheet with `footpath words sample`";
        return Err(Error::on_line(&source.path, 1, message));
    }
    if !read.columns.iter().any(is_theme) {
        let message =
            "no column is a theme of the journey; make a sheet with `footpath words sample`";
        return Err(Error::on_line(&source.path, 1, message));
    }
    Ok(())
}

fn of_row(
    source: &Source,
    row: &Row<'_>,
    themes: &[Theme],
    known: &BTreeSet<u64>,
) -> Result<Vec<Code>, Error> {
    let wrong = |message: String| Error::on_line(&source.path, row.line, message);
    let Some(written) = text(row.field(0)) else {
        return Err(wrong("the row has no comment; keep the first column of the sheet".to_owned()));
    };
    let comment = Some(&written).filter(|key| key.len() == 16);
    let comment = comment.and_then(|key| u64::from_str_radix(key, 16).ok());
    let Some(comment) = comment.filter(|key| known.contains(key)) else {
        return Err(wrong(format!(
            "the comment `{written}` is in none of the files of answers and complaints; give those that the sheet was made \
             from, and leave its first column as it is"
        )));
    };
    let coder = text(row.field(1));
    let mut codes = Vec::new();
    for (place, theme) in themes.iter().enumerate() {
        let Some(value) = text(row.field(FIRST_THEME + place)) else { continue };
        let holds = match value.to_lowercase().as_str() {
            "yes" => true,
            "no" => false,
            _ => {
                return Err(wrong(format!(
                    "`{value}` under `{}` is neither yes nor no; leave it empty where you cannot say",
                    theme.id
                )));
            }
        };
        codes.push(Code { comment, coder: coder.clone(), theme: theme.id.clone(), holds });
    }
    Ok(codes)
}
