//! Starting the re-extraction of many articles.

use tonic::Status;

use crate::api::convert::enums::ToDomain;
use crate::api::convert::operation::{counted, operation};
use crate::api::request::{Check, MAX_LANGUAGE_CODE, MAX_PUBLISHER, Sent, Writes};
use crate::domain::ArticleSelection;
use crate::proto::longrunning::Operation;
use crate::proto::{ArticleFilter, ArticleState, ReextractArticlesRequest};
use crate::service::Database;
use crate::service::operations::{
    OperationSignals, ReextractArticles, count_articles, reextract_articles,
};

/// Starts an operation, or says how many articles it would read.
pub(super) async fn start(
    database: &Database,
    signals: &OperationSignals,
    request: ReextractArticlesRequest,
    caller: String,
) -> Result<Operation, Status> {
    let validate_only = request.validate_only;
    let (command, sent) = parse(request, caller)?;
    let store = database.primary()?;
    if validate_only {
        let total = count_articles(store, &command).await?;
        return Ok(counted(total, command));
    }
    Ok(operation(
        reextract_articles(store, signals, command, sent).await?,
    ))
}

fn parse(
    mut request: ReextractArticlesRequest,
    caller: String,
) -> Result<Sent<ReextractArticles>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let filter = request.filter.unwrap_or_default();
    let selection = selection(&mut check, filter, request.outdated_only);
    let engine = check.engine(request.engine);
    check.requester(&request.requested_by, "");
    check.write_request(sent.as_ref());
    check.finish()?;
    let command = ReextractArticles {
        selection,
        engine,
        requested_by: request.requested_by,
        caller,
    };
    Ok((command, sent))
}

fn selection(check: &mut Check, filter: ArticleFilter, outdated_only: bool) -> ArticleSelection {
    let publishers = check.texts("filter.publishers", filter.publishers, MAX_PUBLISHER);
    let language_codes = check.texts(
        "filter.language_codes",
        filter.language_codes,
        MAX_LANGUAGE_CODE,
    );
    let (start_time, end_time) = check.time_range(
        ("filter.start_publish_time", filter.start_publish_time),
        ("filter.end_publish_time", filter.end_publish_time),
    );
    let state = check.enumeration::<ArticleState>("filter.state", filter.state);
    ArticleSelection {
        publishers,
        language_codes,
        start_time,
        end_time,
        state: state.and_then(ToDomain::to_domain),
        outdated_only,
    }
}
