//! A reading of a text without its markup, with positions in the text as it was received.

use crate::domain::{Extraction, Span};
use crate::text::Plain;

/// Moves every span of `read` to where its words stand in the received text.
pub(in crate::extract) fn respan(read: &mut Extraction, plain: &Plain) {
    let one = |span: &mut Span| *span = plain.received(*span);
    let all = |spans: &mut Vec<Span>| spans.iter_mut().for_each(one);
    for claim in &mut read.claims {
        if let Some(source) = &mut claim.source {
            all(&mut source.spans);
        }
        if let Some(cue) = &mut claim.cue {
            all(&mut cue.spans);
        }
        all(&mut claim.content);
        claim
            .addressees
            .iter_mut()
            .for_each(|addressed| one(&mut addressed.span));
        claim
            .traces
            .iter_mut()
            .for_each(|trace| all(&mut trace.evidence));
    }
    read.blocks
        .iter_mut()
        .for_each(|block| one(&mut block.span));
    read.mentions
        .iter_mut()
        .for_each(|mention| one(&mut mention.span));
    read.times.iter_mut().for_each(|time| one(&mut time.span));
    read.relations
        .iter_mut()
        .for_each(|relation| all(&mut relation.evidence));
    read.diagnostics
        .iter_mut()
        .filter_map(|found| found.span.as_mut())
        .for_each(one);
}

#[cfg(test)]
mod tests {
    use crate::domain::Document;
    use crate::extract::{EngineKind, Options, extract};

    #[test]
    fn spans_point_into_the_text_as_received() {
        let text = "<h1>Mill to close</h1><p>&quot;It is over,&quot; said <em>Jos&eacute;</em> Lee on Monday.</p>";
        let document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let options = Options {
            engine: EngineKind::Rules,
            ..Options::default()
        };
        let read = extract(&document, &options);
        let claim = &read.claims[0];
        assert_eq!(claim.content[0].slice(text), "&quot;It is over,&quot;");
        let source = claim.source.as_ref().unwrap();
        assert_eq!(source.spans[0].slice(text), "Jos&eacute;</em> Lee");
        assert_eq!(read.actors[claim.actor.unwrap()].display_name, "José Lee");
        let blocks: Vec<&str> = read
            .blocks
            .iter()
            .map(|block| block.span.slice(text))
            .collect();
        assert_eq!(blocks[0], "Mill to close");
        assert_eq!(read.times[0].span.slice(text), "Monday");
    }
}
