use std::collections::HashMap;
use std::io::{Write, stdout};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use futures_util::TryStreamExt;

use super::input::lines;
use super::table;
use crate::api::convert::document::request;
use crate::client::Client;
use crate::proto::{Claim, ClaimFilter, ListClaimsRequest};

/// Articles that we wrote ourselves, about places that do not exist.
const ARTICLES: &str = include_str!("demo.jsonl");

/// Ingests the sample articles through the server's own API, then prints their claims and a command to try.
pub(super) async fn run(address: SocketAddr) -> anyhow::Result<()> {
    let address = reachable(address);
    let client = Client::connect(format!("http://{address}")).await?;
    let mut out = stdout();
    let mut claims = Vec::new();
    for document in lines(ARTICLES) {
        let request = request(document?.document, String::new());
        let article = client
            .ingest_article(request)
            .await?
            .article
            .unwrap_or_default();
        writeln!(out, "\n{} — {}", article.publisher, article.title)?;
        let filter = ClaimFilter {
            article: article.name,
            ..ClaimFilter::default()
        };
        let request = ListClaimsRequest {
            filter: Some(filter),
            ..ListClaimsRequest::default()
        };
        let of_article: Vec<Claim> = client.all_claims(request).try_collect().await?;
        writeln!(out, "{}", table::claims(&of_article))?;
        claims.extend(of_article);
    }
    if let Some((actor, name)) = most_quoted(&claims) {
        writeln!(out, "\nTry it: what is {name} on record with?")?;
        writeln!(
            out,
            "  grpcurl -plaintext -d '{{\"filter\": {{\"actor\": \"{actor}\"}}}}' {address} \
             onrecord.v1.ClaimService/ListClaims"
        )?;
    }
    writeln!(out, "\nCtrl-C ends the server; the articles stay.")?;
    Ok(())
}

/// The address at which a listener on all interfaces can be reached from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        ip if ip.is_unspecified() => {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
        }
        _ => address,
    }
}

fn most_quoted(claims: &[Claim]) -> Option<(&str, &str)> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    for claim in claims.iter().filter(|claim| !claim.actor.is_empty()) {
        *counts
            .entry((&claim.actor, &claim.actor_display_name))
            .or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|((_, name), count)| (*count, *name))
        .map(|(actor, _)| actor)
}
