//! A table of the lake as DataFusion scans it: a partition for each core, which reads its share of the buckets one after another.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{
    BinaryExpr, Expr, Operator, TableProviderFilterPushDown, TableType,
};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use engine::Error;
use engine::lake::{Sight, Table, Tables};

/// One table.
#[derive(Debug)]
pub(super) struct Source {
    tables: Arc<Tables>,
    table: Table,
    schema: SchemaRef,
}

/// Batches that wait between the thread that reads and the one that counts.
const WAITING: usize = 2;

impl Source {
    pub(super) fn new(tables: &Arc<Tables>, table: Table) -> Self {
        Self { tables: Arc::clone(tables), table, schema: tables.schema(table) }
    }
}

#[async_trait]
impl TableProvider for Source {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    /// Times of events leave out months; which rows are meant is seen again afterwards.
    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        let is_used = |filter: &&Expr| {
            if self.table == Table::Events && bound(filter).is_some() {
                TableProviderFilterPushDown::Inexact
            } else {
                TableProviderFilterPushDown::Unsupported
            }
        };
        Ok(filters.iter().map(is_used).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = projection.cloned();
        let columns = columns.unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let schema = Arc::new(self.schema.project(&columns)?);
        let mut sight = Sight { columns, from: i64::MIN, to: i64::MAX };
        for bound in filters.iter().filter_map(bound) {
            match bound {
                Bound::From(from) => sight.from = sight.from.max(from),
                Bound::To(to) => sight.to = sight.to.min(to),
            }
        }
        // Each partition sorts and groups in a share of the memory: more of them than cores would only make the shares small.
        let there = self.tables.parts(self.table);
        let shares = there.min(state.config().target_partitions()).max(1);
        let part = |share| -> Arc<dyn PartitionStream> {
            Arc::new(Part {
                tables: Arc::clone(&self.tables),
                table: self.table,
                parts: (share..there).step_by(shares).collect(),
                sight: sight.clone(),
                schema: Arc::clone(&schema),
            })
        };
        let parts = (0..shares).map(part).collect();
        let exec = StreamingTableExec::try_new(Arc::clone(&schema), parts, None, [], false, limit)?;
        Ok(Arc::new(exec))
    }
}

/// Some parts of a table.
struct Part {
    tables: Arc<Tables>,
    table: Table,
    parts: Vec<usize>,
    sight: Sight,
    schema: SchemaRef,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.table, self.parts)
    }
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStream::builder(Arc::clone(&self.schema), WAITING);
        let (rows, tables) = (builder.tx(), Arc::clone(&self.tables));
        let (table, parts, sight) = (self.table, self.parts.clone(), self.sight.clone());
        builder.spawn_blocking(move || {
            // Whoever has seen enough hangs up.
            let mut send = |batch| rows.blocking_send(Ok(batch)).map_err(|_| Error::Interrupted);
            let read =
                parts.iter().try_for_each(|part| tables.read(table, *part, &sight, &mut send));
            match read {
                Err(Error::Interrupted) if rows.is_closed() => Ok(()),
                read => read.map_err(|cause| DataFusionError::External(Box::new(cause))),
            }
        });
        builder.build()
    }
}

/// A bound on the time of events, µs, in the period.
#[derive(Debug, PartialEq, Eq)]
enum Bound {
    From(i64),
    To(i64),
}

/// The bound that a filter such as `at >= timestamp` sets.
fn bound(filter: &Expr) -> Option<Bound> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = filter else { return None };
    let (at, op, moment) = match (left.as_ref(), right.as_ref()) {
        (Expr::Column(at), Expr::Literal(moment, _)) => (at, *op, moment),
        (Expr::Literal(moment, _), Expr::Column(at)) => (at, op.swap()?, moment),
        _ => return None,
    };
    let ScalarValue::TimestampMicrosecond(Some(moment), _) = moment else { return None };
    if at.name != "at" {
        return None;
    }
    match op {
        Operator::Gt | Operator::GtEq => Some(Bound::From(*moment)),
        Operator::Lt | Operator::LtEq => Some(Bound::To(*moment)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::common::ScalarValue;
    use datafusion::logical_expr::{Expr, col, lit};

    use super::{Bound, bound};

    fn moment(micros: i64) -> Expr {
        lit(ScalarValue::TimestampMicrosecond(Some(micros), Some("UTC".into())))
    }

    #[test]
    fn only_comparisons_with_a_moment_bound_the_time() {
        assert_eq!(bound(&col("at").gt_eq(moment(5))), Some(Bound::From(5)));
        assert_eq!(bound(&moment(5).gt(col("at"))), Some(Bound::To(5)));
        assert_eq!(bound(&col("at").eq(moment(5))), None);
        assert_eq!(bound(&col("began_at").gt(moment(5))), None);
        assert_eq!(bound(&col("at").gt(lit(5))), None);
    }
}
