use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::api::convert::time::timestamp;
use crate::api::request::{Check, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::api::wire::read_from;
use crate::proto::{self, ListPublishersRequest, ListPublishersResponse};
use crate::service::Database;
use crate::store::{Publisher, PublisherCursor};

const LIST: ListId<'_> = ListId {
    rpc: "ListPublishers",
    filter: &[],
};

pub(super) async fn list(
    database: &Database,
    metadata: &MetadataMap,
    request: &ListPublishersRequest,
) -> Result<ListPublishersResponse, Status> {
    let mut check = Check::default();
    let size = check.page_size(request.page_size);
    let after: Option<PublisherCursor> = check.page_token(LIST, &request.page_token);
    check.finish()?;
    let store = read_from(database, metadata)?;
    let page = store.list_publishers(after.as_ref(), size).await?;
    Ok(ListPublishersResponse {
        next_page_token: next_page_token(LIST, page.next.as_ref()),
        publishers: page.items.into_iter().map(message).collect(),
    })
}

fn message(publisher: Publisher) -> proto::Publisher {
    proto::Publisher {
        display_name: publisher.name,
        article_count: publisher.articles,
        first_publish_time: Some(timestamp(publisher.first)),
        last_publish_time: Some(timestamp(publisher.last)),
    }
}
