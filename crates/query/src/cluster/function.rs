//! The function that executors measure with, as the plan names it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BinaryArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::exec_datafusion_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use engine::Error;
use engine::import::Watch;
use engine::lake::disk::Disk;
use engine::lake::{Task, measure_bucket};
use tokio::task::block_in_place;

pub(super) const NAME: &str = "measure_bucket";

/// Says what an executor does, one sentence at a time.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// `measure_bucket(task)`. Only executors have a place; everybody else knows the function by its name.
#[derive(Clone)]
struct MeasureBucket {
    signature: Signature,
    place: Option<Place>,
}

/// What an executor measures with.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) say: Say,
}

/// The function for those who plan.
pub(super) fn named() -> ScalarUDF {
    ScalarUDF::new_from_impl(MeasureBucket::new(None))
}

/// The function for those who work.
pub(super) fn working(place: Place) -> ScalarUDF {
    ScalarUDF::new_from_impl(MeasureBucket::new(Some(place)))
}

impl MeasureBucket {
    fn new(place: Option<Place>) -> Self {
        // Volatile, or a planner would compute what it is to give to executors.
        let signature = Signature::exact(vec![DataType::Binary], Volatility::Volatile);
        Self { signature, place }
    }
}

impl ScalarUDFImpl for MeasureBucket {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let place = self.place.as_ref().ok_or_else(|| {
            exec_datafusion_err!(
                "only an executor measures buckets; start one with `footpath executor`"
            )
        })?;
        let tasks = args.args.first().map(|tasks| tasks.to_array(args.number_rows)).transpose()?;
        let tasks = tasks.ok_or_else(|| exec_datafusion_err!("{NAME} takes a task"))?;
        let parts = tasks
            .as_binary::<i32>()
            .iter()
            .map(|task| task.map(|task| place.measure(task)).transpose());
        let parts: BinaryArray = parts
            .collect::<Result<_, Error>>()
            .map_err(|cause| DataFusionError::External(Box::new(cause)))?;
        let parts: ArrayRef = Arc::new(parts);
        Ok(ColumnarValue::Array(parts))
    }
}

impl Place {
    fn measure(&self, task: &[u8]) -> Result<Vec<u8>, Error> {
        let task = Task::unpack(task)?;
        let (bucket, events) = (task.bucket(), task.events());
        (self.say)(&format!("bucket {bucket}: {events} events"));
        // Files are waited for, and buckets take long: other tasks of this thread go on elsewhere meanwhile.
        let part = block_in_place(|| measure_bucket(self.disk.as_ref(), &task, &Watch::default()))?;
        (self.say)(&format!("bucket {bucket}: measured, {} bytes", part.len()));
        Ok(part)
    }
}

impl fmt::Debug for MeasureBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAME)
    }
}

// A function is its name: a process has only one of it.
impl PartialEq for MeasureBucket {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for MeasureBucket {}

impl Hash for MeasureBucket {
    fn hash<H: Hasher>(&self, state: &mut H) {
        NAME.hash(state);
    }
}
