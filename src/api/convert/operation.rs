//! Encoding operations.

use prost_types::Any;
use tonic::Code;
use tonic_types::pb;

use super::engine;
use super::time::timestamp;
use crate::api::wire::names::Named;
use crate::api::wire::status::{Reason, error, message};
use crate::domain::{ArticleFailure, FailureReason, Operation, OperationState, ReextractionCounts};
use crate::proto::longrunning::operation::Result as Outcome;
use crate::proto::{
    ReextractArticleFailure, ReextractArticlesMetadata, ReextractArticlesResponse, longrunning,
};
use crate::service::operations::ReextractArticles;

/// Encodes an operation.
#[must_use]
pub fn operation(operation: Operation) -> longrunning::Operation {
    let outcome = match operation.state {
        OperationState::Running => None,
        OperationState::Succeeded => {
            let response = response(operation.counts, &operation.failures);
            Some(Outcome::Response(packed(&response)))
        }
        OperationState::Cancelled => Some(Outcome::Error(cancelled())),
    };
    longrunning::Operation {
        name: operation.id.resource_name(),
        done: outcome.is_some(),
        metadata: Some(packed(&metadata(operation))),
        result: outcome,
    }
}

/// Encodes an operation that was not started, only counted.
#[must_use]
pub fn counted(total: i64, command: ReextractArticles) -> longrunning::Operation {
    let metadata = ReextractArticlesMetadata {
        total_article_count: total,
        requested_by: command.requested_by,
        caller: command.caller,
        engine: Some(engine(&command.engine.id())),
        ..ReextractArticlesMetadata::default()
    };
    let response = ReextractArticlesResponse::default();
    longrunning::Operation {
        name: String::new(),
        done: true,
        metadata: Some(packed(&metadata)),
        result: Some(Outcome::Response(packed(&response))),
    }
}

fn packed<M: prost::Name>(message: &M) -> Any {
    Any {
        type_url: M::type_url(),
        value: message.encode_to_vec(),
    }
}

fn metadata(operation: Operation) -> ReextractArticlesMetadata {
    let counts = operation.counts;
    let last = operation.last_article;
    ReextractArticlesMetadata {
        total_article_count: counts.total,
        done_article_count: counts.done,
        failed_article_count: counts.failed,
        created_claim_count: counts.created,
        updated_claim_count: counts.updated,
        deleted_claim_count: counts.deleted,
        start_time: Some(timestamp(operation.create_time)),
        update_time: Some(timestamp(operation.update_time)),
        end_time: operation.end_time.map(timestamp),
        requested_by: operation.requested_by,
        caller: operation.caller,
        last_article: last.map_or_else(String::new, |id| id.resource_name()),
        engine: Some(engine(&operation.engine)),
    }
}

fn response(counts: ReextractionCounts, failures: &[ArticleFailure]) -> ReextractArticlesResponse {
    ReextractArticlesResponse {
        done_article_count: counts.done,
        failed_article_count: counts.failed,
        created_claim_count: counts.created,
        updated_claim_count: counts.updated,
        deleted_claim_count: counts.deleted,
        failures: failures.iter().map(failed).collect(),
    }
}

fn failed(failure: &ArticleFailure) -> ReextractArticleFailure {
    let (reason, words) = match failure.reason {
        FailureReason::Internal => (Reason::Internal, "an internal error"),
        FailureReason::DeadlineExceeded => (Reason::DeadlineExceeded, "the database took too long"),
        FailureReason::WriteConflict => (
            Reason::WriteConflict,
            "other writes kept getting in the way",
        ),
    };
    ReextractArticleFailure {
        article: failure.article.resource_name(),
        error: Some(message(&error(reason, words))),
    }
}

fn cancelled() -> pb::Status {
    pb::Status {
        code: Code::Cancelled.into(),
        message: "the operation was cancelled".to_owned(),
        details: Vec::new(),
    }
}
