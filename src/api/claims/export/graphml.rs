use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use tonic::Status;

use super::out::Out;
use crate::api::wire::names::Named;
use crate::store::{ClaimFilter, NetworkActor, NetworkEdge, Snapshot};

const BEGIN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
<key id="actor" for="node" attr.name="actor" attr.type="string"/>
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="kind" for="node" attr.name="kind" attr.type="string"/>
<key id="claims" for="node" attr.name="claims" attr.type="long"/>
<key id="weight" for="edge" attr.name="weight" attr.type="long"/>
<key id="positive" for="edge" attr.name="positive" attr.type="long"/>
<key id="negative" for="edge" attr.name="negative" attr.type="long"/>
<key id="denials" for="edge" attr.name="denials" attr.type="long"/>
<key id="balance" for="edge" attr.name="balance" attr.type="long"/>
<key id="sign" for="edge" attr.name="sign" attr.type="int"/>
<key id="first_claim_time" for="edge" attr.name="first_claim_time" attr.type="string"/>
<key id="last_claim_time" for="edge" attr.name="last_claim_time" attr.type="string"/>
<graph id="actors" edgedefault="directed">
"#;

const END: &str = "</graph>\n</graphml>\n";

/// Writes who speaks about whom as GraphML 1.0 (http://graphml.graphdrawing.org): nodes first, as readers expect.
pub(super) async fn write_network(
    snapshot: &mut Snapshot,
    filter: &ClaimFilter,
    out: &mut Out,
) -> Result<(), Status> {
    snapshot.count_network(filter).await?;
    out.text.push_str(BEGIN);
    loop {
        let actors = snapshot.network_actors().await?;
        if actors.is_empty() {
            break;
        }
        for actor in &actors {
            node(actor, &mut out.text);
            out.flush().await?;
        }
    }
    loop {
        let edges = snapshot.network_edges().await?;
        if edges.is_empty() {
            break;
        }
        for one in &edges {
            edge(one, &mut out.text);
            out.flush().await?;
        }
    }
    out.text.push_str(END);
    Ok(())
}

// A node's id is an XML name token, which cannot contain a slash, so it is the actor's id and not its resource name.
fn node(actor: &NetworkActor, text: &mut String) {
    let _ = writeln!(
        text,
        "<node id=\"{}\"><data key=\"actor\">{}</data><data key=\"label\">{}</data><data key=\"kind\">{}</data>\
         <data key=\"claims\">{}</data></node>",
        actor.id,
        actor.id.resource_name(),
        escaped(&actor.name),
        actor.kind,
        actor.claims,
    );
}

fn edge(edge: &NetworkEdge, text: &mut String) {
    let balance = edge.positive - edge.negative;
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let data = [
        ("weight", edge.claims.to_string()),
        ("positive", edge.positive.to_string()),
        ("negative", edge.negative.to_string()),
        ("denials", edge.denials.to_string()),
        ("balance", balance.to_string()),
        ("sign", balance.signum().to_string()),
        ("first_claim_time", time(edge.first_time)),
        ("last_claim_time", time(edge.last_time)),
    ];
    let _ = write!(
        text,
        "<edge source=\"{}\" target=\"{}\">",
        edge.source, edge.target
    );
    for (key, value) in data {
        let _ = write!(text, "<data key=\"{key}\">{value}</data>");
    }
    text.push_str("</edge>\n");
}

/// Escapes text as element content. Characters that XML 1.0 cannot represent, even escaped, become U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // An XML parser would normalise it to a line feed.
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push(char::REPLACEMENT_CHARACTER);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::escaped;

    proptest! {
        #[test]
        fn a_strict_reader_gives_back_what_was_written(text in "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\u{fffe}\\u{ffff}]*") {
            let document = format!("<a>{}</a>", escaped(&text));
            let document = roxmltree::Document::parse(&document).unwrap();
            prop_assert_eq!(document.root_element().text().unwrap_or_default(), text);
        }

        #[test]
        fn whatever_a_name_holds_the_file_can_be_read(text: String) {
            let document = format!("<a>{}</a>", escaped(&text));
            prop_assert!(roxmltree::Document::parse(&document).is_ok());
        }
    }
}
