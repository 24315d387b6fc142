//! What is no question: everything that would change something, or reach beyond the tables.

use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::ast::Statement as Sql;

/// The plan of one question, if it is one.
pub(super) async fn plan(
    context: &SessionContext,
    question: &str,
) -> Result<DataFrame, DataFusionError> {
    let mut statements = DFParser::parse_sql(question)?;
    let statement = match (statements.pop_front(), statements.is_empty()) {
        (Some(statement), true) => statement,
        (None, _) => return Err(refused("there is no question in it")),
        (Some(_), false) => {
            return Err(refused("it is more than one question; ask them one by one"));
        }
    };
    if !is_question(&statement) {
        return Err(refused(
            "only `select` and `explain` are answered; nothing here can be changed or set",
        ));
    }
    let plan = context.state().statement_to_plan(statement).await?;
    // The parser's word is held against the plan's: `select … into` and `with x as (insert …)` begin like questions.
    let options =
        SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    options.verify_plan(&plan).map_err(|_| {
        refused("only `select` and `explain` are answered; nothing here can be changed or set")
    })?;
    context.execute_logical_plan(plan).await
}

/// Whether a plan tells how a question would be answered.
pub(super) fn explains(plan: &LogicalPlan) -> bool {
    matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_))
}

fn is_question(statement: &Statement) -> bool {
    match statement {
        Statement::Explain(explain) => is_question(&explain.statement),
        Statement::Statement(sql) => matches!(**sql, Sql::Query(_)),
        _ => false,
    }
}

fn refused(why: &str) -> DataFusionError {
    DataFusionError::Plan(why.to_owned())
}
