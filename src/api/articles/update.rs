use std::str::FromStr;

use tonic::Status;

use super::reextract::changed;
use crate::api::convert::article::stored;
use crate::api::request::{Check, Sent, Writes};
use crate::api::wire::status::Reason;
use crate::domain::Article;
use crate::proto::{self, UpdateArticleRequest, UpdateArticleResponse};
use crate::service::articles::{MetadataField, UpdateArticle};
use crate::store::ClaimChanges;
use crate::text::TextEncoding;

pub(super) fn parse(
    mut request: UpdateArticleRequest,
    caller: String,
) -> Result<Sent<UpdateArticle>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let id = match &request.article {
        Some(article) => check.resource("article.name", &article.name),
        None => Err(check.fail("article", Reason::RequiredFieldMissing, "is required")),
    };
    let article = request.article.unwrap_or_default();
    let row_version = check.etag("article.etag", &article.etag);
    let paths = request.update_mask.map(|mask| mask.paths);
    let fields = fields(&mut check, &paths.unwrap_or_default());
    check.requester(&request.requested_by, &request.reason);
    let values = check.metadata("article", metadata(article));
    check.write_request(sent.as_ref());
    let command = UpdateArticle {
        id: check.finish_with(id)?,
        fields,
        values,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
        validate_only: request.validate_only,
    };
    Ok((command, sent))
}

/// The fields that the mask names.
fn fields(check: &mut Check, paths: &[String]) -> Vec<MetadataField> {
    if paths.is_empty() {
        check.fail("update_mask", Reason::RequiredFieldMissing, "is required");
    }
    let mut fields = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let Ok(field) = MetadataField::from_str(path) else {
            let field = format!("update_mask.paths[{at}]");
            let description = format!("{path:?} is no field that can be changed");
            check.fail(&field, Reason::InvalidField, description);
            continue;
        };
        fields.push(field);
    }
    fields
}

fn metadata(article: proto::Article) -> proto::Document {
    proto::Document {
        text: String::new(),
        title: article.title,
        uri: article.uri,
        publisher: article.publisher,
        authors: article.authors,
        language_code: article.language_code,
        publish_time: article.publish_time,
        time_zone: article.time_zone,
        external_id: article.external_id,
    }
}

pub(super) fn updated((article, changes): (Article, ClaimChanges)) -> UpdateArticleResponse {
    let told = changed(&changes);
    UpdateArticleResponse {
        article: Some(stored(article, false, TextEncoding::Utf8)),
        created_claims: told.created_claims,
        updated_claims: told.updated_claims,
        deleted_claims: told.deleted_claims,
    }
}
