//! The rows of an example's files, and the files made of them.

use std::io::Write;

use anyhow::Result;
use flate2::{Compression, GzBuilder};

use super::calendar::{END, Second, written};

/// Everything that a generator gives.
#[derive(Debug)]
pub(super) struct Rows {
    /// Names of the events' attribute columns.
    pub(super) attributes: &'static [&'static str],
    /// Name of the answers' column that says where the customer was; none if nobody asks.
    pub(super) place: Option<&'static str>,
    pub(super) events: Vec<Event>,
    pub(super) responses: Vec<Response>,
    pub(super) walks: Vec<WalkLine>,
    pub(super) complaints: Vec<Complaint>,
}

#[derive(Debug)]
pub(super) struct Event {
    pub(super) customer: String,
    pub(super) at: Second,
    pub(super) activity: &'static str,
    pub(super) channel: &'static str,
    /// In the order of [`Rows::attributes`]; empty where the event does not carry one.
    pub(super) attributes: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Response {
    pub(super) customer: String,
    pub(super) at: Second,
    pub(super) question: &'static str,
    /// Empty: the whole journey.
    pub(super) touchpoint: &'static str,
    pub(super) score: i64,
    pub(super) comment: String,
    /// For the column [`Rows::place`].
    pub(super) place: &'static str,
}

/// One line of a sheet that somebody filled in while walking the journey as a customer.
#[derive(Debug)]
pub(super) struct WalkLine {
    pub(super) walk: String,
    pub(super) at: Second,
    pub(super) walker: &'static str,
    pub(super) unit: &'static str,
    pub(super) touchpoint: &'static str,
    pub(super) check: &'static str,
    pub(super) passed: bool,
    pub(super) observed: String,
}

#[derive(Debug)]
pub(super) struct Complaint {
    pub(super) customer: String,
    pub(super) at: Second,
    pub(super) channel: &'static str,
    pub(super) touchpoint: &'static str,
    pub(super) severity: u8,
    pub(super) text: String,
}

impl Rows {
    pub(super) fn new(attributes: &'static [&'static str]) -> Self {
        Self {
            attributes,
            place: None,
            events: Vec::new(),
            responses: Vec::new(),
            walks: Vec::new(),
            complaints: Vec::new(),
        }
    }

    /// A log as systems write it: by time, all customers mixed, nothing after the year's end.
    ///
    /// The sort is stable, so a customer's events of one second keep the order in which they happened.
    pub(super) fn in_order(mut self) -> Self {
        self.events.retain(|event| event.at < END);
        self.events.sort_by_key(|event| event.at);
        self.responses.retain(|response| response.at < END);
        self.responses.sort_by_key(|response| response.at);
        self.walks.sort_by_key(|line| line.at);
        self.complaints.retain(|complaint| complaint.at < END);
        self.complaints.sort_by_key(|complaint| complaint.at);
        self
    }

    pub(super) fn events_csv(&self) -> String {
        let mut csv = Csv::with_header(
            ["customer_id", "at", "activity", "channel"].iter().chain(self.attributes),
        );
        for event in &self.events {
            let at = written(event.at);
            let fixed = [event.customer.as_str(), at.as_str(), event.activity, event.channel];
            csv.row(fixed.into_iter().chain(event.attributes.iter().map(String::as_str)));
        }
        csv.text
    }

    pub(super) fn responses_csv(&self) -> String {
        let header = ["customer_id", "at", "question", "touchpoint", "score", "comment"];
        let mut csv = Csv::with_header(header.iter().chain(&self.place));
        for response in &self.responses {
            let (at, score) = (written(response.at), response.score.to_string());
            let fields = [
                &response.customer,
                at.as_str(),
                response.question,
                response.touchpoint,
                &score,
                &response.comment,
            ];
            csv.row(fields.into_iter().chain(self.place.map(|_| response.place)));
        }
        csv.text
    }

    pub(super) fn walks_csv(&self) -> String {
        let header = ["walk", "at", "walker", "unit", "touchpoint", "check", "passed", "observed"];
        let mut csv = Csv::with_header(&header);
        for line in &self.walks {
            let (at, passed) = (written(line.at), line.passed.to_string());
            csv.row([
                &line.walk,
                at.as_str(),
                line.walker,
                line.unit,
                line.touchpoint,
                line.check,
                &passed,
                &line.observed,
            ]);
        }
        csv.text
    }

    pub(super) fn complaints_csv(&self) -> String {
        let header =
            ["complaint", "at", "customer_id", "channel", "touchpoint", "severity", "text"];
        let mut csv = Csv::with_header(&header);
        for (number, complaint) in self.complaints.iter().enumerate() {
            let (id, at) = (format!("K{:05}", number + 1), written(complaint.at));
            let severity = complaint.severity.to_string();
            let who =
                [id.as_str(), &at, &complaint.customer, complaint.channel, complaint.touchpoint];
            csv.row(who.into_iter().chain([severity.as_str(), &complaint.text]));
        }
        csv.text
    }
}

#[derive(Debug)]
pub(super) struct Csv {
    pub(super) text: String,
}

impl Csv {
    pub(super) fn with_header<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> Self {
        let mut csv = Self { text: String::new() };
        csv.row(names.into_iter().copied());
        csv
    }

    pub(super) fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) {
        for (place, field) in fields.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            if field.contains([',', '"', '\n']) {
                self.text.push('"');
                self.text.push_str(&field.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(field);
            }
        }
        self.text.push('\n');
    }
}

/// Gzip without name and time, so that the bytes say nothing about when and where they were made.
pub(super) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_only_where_they_must_be() {
        let mut csv = Csv::with_header(&["a", "b"]);
        csv.row(["plain", "with, comma"]);
        csv.row(["", "he said \"no\""]);
        assert_eq!(csv.text, "a,b\nplain,\"with, comma\"\n,\"he said \"\"no\"\"\"\n");
    }
}
