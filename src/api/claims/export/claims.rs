use tonic::Status;

use super::about::{About, Row};
use super::out::Out;
use crate::store::{ClaimFilter, Snapshot};
use crate::text::TextEncoding;

/// How many claims are read at a time.
const CLAIMS_AT_ONCE: usize = 500;

/// An output format for claims.
pub(super) trait ClaimWriter {
    /// Writes what precedes the first claim.
    fn begin(&mut self, text: &mut String);
    /// Writes a claim.
    fn claim(&mut self, row: &Row<'_>, text: &mut String) -> Result<(), Status>;
    /// Writes what follows the last claim.
    fn end(&mut self, text: &mut String);
}

/// Writes all claims that match the filter, page by page.
pub(super) async fn write_claims<W: ClaimWriter + Send>(
    snapshot: &mut Snapshot,
    filter: &ClaimFilter,
    encoding: TextEncoding,
    writer: &mut W,
    out: &mut Out,
) -> Result<(), Status> {
    writer.begin(&mut out.text);
    let mut after = None;
    loop {
        let page = snapshot.list_claims(filter, after, CLAIMS_AT_ONCE).await?;
        let about = About::read(snapshot, &page.items, encoding).await?;
        for claim in &page.items {
            if let Some(row) = about.row(claim) {
                writer.claim(&row, &mut out.text)?;
            }
            out.flush().await?;
        }
        if page.next.is_none() {
            break;
        }
        after = page.next;
    }
    writer.end(&mut out.text);
    Ok(())
}
