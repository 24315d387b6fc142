//! `responses`: a row for each answer. What customers wrote is left out: comments are redacted before anybody sees them, and a
//! table of them could not be.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::datatypes::{DataType, Schema};
use arrow::error::ArrowError;
use report::answers::Answer;

use super::{field, time};
use crate::lake::keys::Keys;

pub(super) fn schema() -> Schema {
    Schema::new(vec![
        field("customer", DataType::UInt64, true),
        field("at", time(), true),
        field("question", DataType::Utf8, false),
        field("touchpoint", DataType::Utf8, true),
        field("score", DataType::Float64, true),
        field("invited_at", time(), true),
    ])
}

pub(super) fn rows(answers: &[Answer], keys: &Keys) -> Result<RecordBatch, ArrowError> {
    let moments = |of: fn(&Answer) -> Option<i64>| {
        TimestampMicrosecondArray::from_iter(answers.iter().map(of)).with_timezone("UTC")
    };
    let customers = answers.iter().map(|answer| answer.customer.map(|key| keys.of(key)));
    let questions = answers.iter().map(|answer| answer.question.as_str());
    let touchpoints = answers.iter().map(|answer| answer.touchpoint.as_deref());
    let columns: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from_iter(customers)),
        Arc::new(moments(|answer| (answer.at != 0).then_some(answer.at))),
        Arc::new(StringArray::from_iter_values(questions)),
        Arc::new(StringArray::from_iter(touchpoints)),
        Arc::new(Float64Array::from_iter(answers.iter().map(|answer| answer.score))),
        Arc::new(moments(|answer| answer.invited_at)),
    ];
    RecordBatch::try_new(Arc::new(schema()), columns)
}
