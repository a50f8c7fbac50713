//! Listing articles.

use prost::Message;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::api::convert::article::stored;
use crate::api::convert::enums::ToDomain;
use crate::api::request::{
    Check, MAX_EXTERNAL_ID, MAX_LANGUAGE_CODE, MAX_PUBLISHER, MAX_URI, next_page_token,
};
use crate::api::wire::page_token::ListId;
use crate::api::wire::read_from;
use crate::proto::{ArticleState, ArticleView, ListArticlesRequest, ListArticlesResponse};
use crate::service::Database;
use crate::service::articles::list_articles;
use crate::store::ArticleFilter;

/// Full texts are large, so fewer articles fit on a page.
pub(super) const MAX_FULL_PAGE: usize = 50;
const MAX_TITLE_QUERY: usize = 1_000;

pub(super) async fn list(
    database: &Database,
    metadata: &MetadataMap,
    request: ListArticlesRequest,
) -> Result<ListArticlesResponse, Status> {
    let filter_bytes = filter_bytes(&request);
    let list = ListId {
        rpc: "ListArticles",
        filter: &filter_bytes,
    };
    let mut check = Check::default();
    let size = check.page_size(request.page_size);
    let after = check.page_token(list, &request.page_token);
    let view = check.enumeration::<ArticleView>("view", request.view);
    let encoding = check.encoding(request.encoding_type);
    let filter = filter(&mut check, request);
    check.finish()?;
    let full = view == Some(ArticleView::Full);
    let size = if full { size.min(MAX_FULL_PAGE) } else { size };
    let store = read_from(database, metadata)?;
    let page = list_articles(store, &filter, after, size, full).await?;
    Ok(ListArticlesResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        articles: page
            .items
            .into_iter()
            .map(|item| stored(item, full, encoding))
            .collect(),
    })
}

fn filter(check: &mut Check, request: ListArticlesRequest) -> ArticleFilter {
    let (start_time, end_time) = check.time_range(
        ("start_publish_time", request.start_publish_time),
        ("end_publish_time", request.end_publish_time),
    );
    let state = check.enumeration::<ArticleState>("state", request.state);
    let mut text = |field, value, most| check.optional_text(field, value, most);
    ArticleFilter {
        publisher: text("publisher", request.publisher, MAX_PUBLISHER),
        start_time,
        end_time,
        language_code: text("language_code", request.language_code, MAX_LANGUAGE_CODE),
        state: state.and_then(ToDomain::to_domain),
        uri: text("uri", request.uri, MAX_URI),
        external_id: text("external_id", request.external_id, MAX_EXTERNAL_ID),
        title_words: text("title_query", request.title_query, MAX_TITLE_QUERY),
    }
}

/// The part of the request that a page token is bound to.
fn filter_bytes(request: &ListArticlesRequest) -> Vec<u8> {
    let filter = ListArticlesRequest {
        page_size: 0,
        page_token: String::new(),
        view: 0,
        encoding_type: 0,
        ..request.clone()
    };
    filter.encode_to_vec()
}
