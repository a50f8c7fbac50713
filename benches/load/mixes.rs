//! What is asked for. A new RPC is a function that draws a request and makes the call, and a line of [`MIXES`].

use fastrand::Rng;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use onrecord::client::Client;
use onrecord::proto::{
    BatchGetClaimsRequest, ClaimFilter, ClaimKind, GetClaimRequest, ListActorsRequest,
    ListArticlesRequest, ListClaimsRequest, MatchClaimsRequest, MatchDepth, SearchClaimsRequest,
    SearchFacet,
};
use tonic::Status;

use super::sample::Sample;

const PAGE: i32 = 20;
const BATCH: usize = 20;
/// Words with so many letters tell what a claim is about.
const LONG: usize = 8;
/// Claims that are drawn at most to find such a word.
const DRAWS: usize = 100;
/// How long a time a list by time covers.
const WEEK_S: i64 = 7 * 86_400;

/// A call under way; its answer is dropped.
pub type Call = BoxFuture<'static, Result<(), Status>>;
/// Draws a request and makes the call.
type Draw = fn(Client, &Sample, &mut Rng) -> Call;

/// A name, and what is drawn from, each equally often.
pub const MIXES: &[(&str, &[Draw])] = &[
    ("get", &[get]),
    ("batch", &[batch]),
    ("list", &[by_actor, by_kind, by_time]),
    ("list-actor", &[by_actor]),
    ("list-kind", &[by_kind]),
    ("list-time", &[by_time]),
    ("articles", &[articles]),
    ("actors", &[actors]),
    ("search", &[search]),
    ("match", &[match_words]),
    ("match-meaning", &[match_meaning]),
];

/// Draws one of a mix's requests and makes the call.
pub fn draw(draws: &[Draw], client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let draw = draws[rng.usize(..draws.len())];
    draw(client, sample, rng)
}

fn get(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let request = GetClaimRequest {
        name: sample.claim(rng).name.clone(),
        ..GetClaimRequest::default()
    };
    async move { client.get_claim(request).await.map(drop) }.boxed()
}

fn batch(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let names = (0..BATCH).map(|_| sample.claim(rng).name.clone());
    let request = BatchGetClaimsRequest {
        names: names.collect(),
        ..BatchGetClaimsRequest::default()
    };
    async move { client.batch_get_claims(request).await.map(drop) }.boxed()
}

fn by_actor(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    list(
        client,
        ClaimFilter {
            actor: sample.actor(rng),
            ..ClaimFilter::default()
        },
    )
}

/// All kinds equally often: the rare ones are the hard ones.
fn by_kind(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let kind = rng.i32(1..=ClaimKind::NoComment as i32);
    let filter = ClaimFilter {
        kind,
        end_publish_time: Some(sample.time(rng)),
        ..ClaimFilter::default()
    };
    list(client, filter)
}

fn by_time(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let end = sample.time(rng);
    let mut start = end;
    start.seconds -= WEEK_S;
    let filter = ClaimFilter {
        start_publish_time: Some(start),
        end_publish_time: Some(end),
        ..ClaimFilter::default()
    };
    list(client, filter)
}

fn list(client: Client, filter: ClaimFilter) -> Call {
    let request = ListClaimsRequest {
        page_size: PAGE,
        filter: Some(filter),
        ..ListClaimsRequest::default()
    };
    async move { client.list_claims(request).await.map(drop) }.boxed()
}

fn articles(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let request = ListArticlesRequest {
        page_size: PAGE,
        end_publish_time: Some(sample.time(rng)),
        ..ListArticlesRequest::default()
    };
    async move { client.list_articles(request).await.map(drop) }.boxed()
}

/// Two words of a claim, with all facets.
fn search(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let facets = [
        SearchFacet::Actor,
        SearchFacet::Kind,
        SearchFacet::Publisher,
        SearchFacet::Month,
    ];
    let request = SearchClaimsRequest {
        query: two_words(sample, rng),
        page_size: PAGE,
        facets: facets.map(i32::from).to_vec(),
        ..SearchClaimsRequest::default()
    };
    async move { client.search_claims(request).await.map(drop) }.boxed()
}

/// The longest word of a claim, and the word after or before it.
fn two_words(sample: &Sample, rng: &mut Rng) -> String {
    let found = (0..DRAWS).find_map(|_| {
        let text = content(sample, rng);
        let words: Vec<&str> = text.split_whitespace().collect();
        let longest = (0..words.len()).max_by_key(|at| words[*at].len())?;
        let letters = words[longest].chars().filter(|c| c.is_alphabetic());
        let first = longest.min(words.len().saturating_sub(2));
        let two = &words[first..words.len().min(first + 2)];
        (letters.count() >= LONG).then(|| two.join(" "))
    });
    found.unwrap_or_else(|| "bridge".to_owned())
}

/// What is said in a claim.
fn content(sample: &Sample, rng: &mut Rng) -> String {
    let content = sample.claim(rng).content.as_ref();
    content.map_or_else(String::new, |content| content.text.clone())
}

/// Has this been said before? Compared by words alone.
fn match_words(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    matches(client, content(sample, rng), MatchDepth::Words)
}

/// The same, compared by meaning too.
fn match_meaning(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    matches(client, content(sample, rng), MatchDepth::Meaning)
}

fn matches(client: Client, text: String, depth: MatchDepth) -> Call {
    let request = MatchClaimsRequest {
        text,
        depth: depth.into(),
        ..MatchClaimsRequest::default()
    };
    async move { client.match_claims(request).await.map(drop) }.boxed()
}

/// By the first two letters of a name.
fn actors(client: Client, sample: &Sample, rng: &mut Rng) -> Call {
    let name = &sample.claim(rng).actor_display_name;
    let request = ListActorsRequest {
        page_size: PAGE,
        display_name_prefix: name.chars().take(2).collect(),
        ..ListActorsRequest::default()
    };
    async move { client.list_actors(request).await.map(drop) }.boxed()
}
