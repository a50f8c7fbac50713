//! An archive to list: few publication times, so that many articles share one, and claims of every sort.

use std::collections::HashMap;

use chrono::Utc;
use futures_util::TryStreamExt;
use futures_util::future::join_all;
use onrecord::domain::{
    ActorKind, Attributed, Extraction, ExtractionRun, LocalActor, QuoteType, Span,
};
use onrecord::proto::{
    Actor, Article, Claim, ClaimFilter, Document, ListActorsRequest, ListArticlesRequest,
};
use onrecord::store::{NewArticle, Store};
use onrecord::{domain, extract::EngineKind};
use prost_types::Timestamp;

use crate::harness::TestServer;

const SENTENCES: &[&str] = &[
    "“Pier {n} is safe,” said Ann Lee.",
    "Marek Dolan denied that pier {n} was safe.",
    "Residents said pier {n} was “far too loud” at night.",
    "The Harbour Authority promised to close pier {n}.",
    "Mr Tom Pell claimed that nobody had asked about pier {n}.",
    "According to the report, pier {n} will be sold.",
    "“Who would buy pier {n}?” asked Ida Brandt.",
    "Ann Lee told Marek Dolan last Monday that Ida Brandt might close pier {n}.",
];
const PUBLISHERS: [&str; 4] = [
    "Ostbridge Courier",
    "ostbridge courier",
    "Radio Estuary",
    "",
];
/// Before 1970, and the last two a microsecond apart.
const TIMES: [(i64, i32); 4] = [
    (-86_400, 0),
    (1_700_000_000, 0),
    (1_778_000_000, 123_456_000),
    (1_778_000_000, 123_457_000),
];

/// The `n`th article: its publisher and time recur, its text does not.
pub fn article(n: usize) -> Document {
    let sentences = (0..2 + n % 4).map(|k| SENTENCES[(n + k * 3) % SENTENCES.len()]);
    let text: Vec<String> = sentences
        .map(|sentence| sentence.replace("{n}", &n.to_string()))
        .collect();
    let time = TIMES.get(n % 5).map(|(seconds, nanos)| Timestamp {
        seconds: *seconds,
        nanos: *nanos,
    });
    Document {
        text: text.join(" "),
        publisher: PUBLISHERS[n % 7 % 4].to_owned(),
        language_code: ["en", "en-GB", "de", ""][n % 11 % 4].to_owned(),
        publish_time: time,
        ..Document::default()
    }
}

/// Stores these articles, several at once.
pub async fn ingest(server: &TestServer, numbers: std::ops::Range<usize>) {
    join_all(numbers.map(|n| server.ingest(article(n)))).await;
}

/// One claim in three says what a fact check checked.
const CHECK_SOME: &str = "WITH f AS (INSERT INTO fact_checks (id, key, uri, claim_reviewed, appearance_uris) \
       VALUES (gen_random_uuid(), sha256('1'), 'https://checks.example/1', 'It is safe.', '{}') RETURNING id) \
     INSERT INTO fact_check_claims (claim_id, fact_check_id, confidence, is_sure, judge) \
     SELECT c.id, f.id, 0.9, true, '1' FROM claims c, f WHERE c.ordinal % 3 = 0";

/// Has some of the claims be checked, whatever they say.
pub async fn check_some(server: &TestServer) {
    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    let done = sqlx::query(CHECK_SOME).execute(&mut connection).await;
    done.expect("checked");
}

/// The time that an article counts by.
pub fn time_of(article: &Article) -> (i64, i32) {
    let time = article.publish_time.or(article.create_time);
    let time = time.expect("a time");
    (time.seconds, time.nanos)
}

/// Everything that is stored, in the lists' order.
pub struct Archive {
    pub articles: Vec<Article>,
    pub actors: Vec<Actor>,
    pub claims: Vec<Claim>,
}

impl Archive {
    pub async fn read(server: &TestServer) -> Self {
        let client = &server.client;
        let articles = client.all_articles(ListArticlesRequest::default());
        let actors = client.all_actors(ListActorsRequest::default());
        Self {
            articles: articles.try_collect().await.expect("list"),
            actors: actors.try_collect().await.expect("list"),
            claims: server.claims(ClaimFilter::default()).await,
        }
    }

    /// The time of each article, by name.
    pub fn times(&self) -> HashMap<&str, (i64, i32)> {
        let times = self.articles.iter();
        times
            .map(|article| (article.name.as_str(), time_of(article)))
            .collect()
    }
}

/// Stores one article by hand, with these actors and a claim of each: more of them, and with other names, than a text
/// gives.
pub async fn store_actors(store: &Store, names: impl IntoIterator<Item = (String, Vec<String>)>) {
    let actors: Vec<LocalActor> = names
        .into_iter()
        .map(|(name, aliases)| LocalActor {
            identity_key: None,
            full_key: None,
            display_name: name,
            is_named: true,
            kind: ActorKind::Person,
            aliases,
            roles: Vec::new(),
            gender: None,
        })
        .collect();
    let claim = |actor| Attributed {
        actor: Some(actor),
        parent: None,
        source: None,
        cue: None,
        addressees: Vec::new(),
        about: Vec::new(),
        content: vec![Span::new(0, 4)],
        quote_type: QuoteType::Direct,
        kind: None,
        reporter_stance: None,
        commitment: None,
        utterance_time: None,
        referenced_times: Vec::new(),
        check_worthiness: None,
        confidence: 0.5,
        part_confidence: None,
        actor_confidence: None,
        traces: Vec::new(),
    };
    let engine = EngineKind::Rules.id();
    let article = NewArticle {
        document: domain::Document {
            text: "“No”".to_owned(),
            ..domain::Document::default()
        },
        extraction: Extraction {
            engine: engine.clone(),
            blocks: Vec::new(),
            claims: (0..actors.len()).map(claim).collect(),
            actors,
            mentions: Vec::new(),
            times: Vec::new(),
            relations: Vec::new(),
            diagnostics: Vec::new(),
        },
        run: ExtractionRun {
            engine,
            time: Utc::now(),
            duration: std::time::Duration::ZERO,
        },
        request_id: None,
        allow_deleted: false,
    };
    store.ingest(&article).await.expect("stored");
}
