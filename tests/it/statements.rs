//! Every SQL statement of the store runs against a real server here, and none can be added that does not.

mod actors;
mod corrections;
mod deletions;
mod fact_checks;
mod mending;
mod operations;
mod propositions;
mod registered;
mod requests;
mod review;
mod search;
mod stats;
mod streams;

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::thread::{ThreadId, current};

use chrono::Utc;
use onrecord::domain::{ActorId, ArticleId, Claim, Document, ExtractionRun};
use onrecord::extract::{EngineKind, Options, extract};
use onrecord::store::{
    ActorFilter, ArticleFilter, ClaimFilter, ClaimOrder, ClaimPosition, NewArticle, Page,
    Reextracted, Rereading, STATEMENTS, Store, StoreError,
};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::harness::{Database, NEWS};

/// Collects the statements that sqlx logs in one thread.
#[derive(Clone)]
struct Log {
    thread: ThreadId,
    statements: Arc<Mutex<BTreeSet<String>>>,
}

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" && current().id() == self.thread {
            let mut statements = self.statements.lock().expect("the log");
            event.record(&mut Statement(&mut statements));
        }
    }
}

/// A statement stands whole in `db.statement`, or, where it is short, in `summary`.
struct Statement<'l>(&'l mut BTreeSet<String>);

impl Visit for Statement<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write!(text, "{value:?}").expect("a value");
        self.record_str(field, &text);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if matches!(field.name(), "summary" | "db.statement") {
            self.0.insert(one_line(value));
        }
    }
}

fn one_line(statement: &str) -> String {
    let words: Vec<&str> = statement.split_whitespace().collect();
    words.join(" ")
}

fn new_article(text: &str, request_id: Option<&str>) -> NewArticle {
    let document = Document {
        text: text.to_owned(),
        ..Document::default()
    };
    let options = Options {
        engine: EngineKind::Rules,
        ..Options::default()
    };
    let extraction = extract(&document, &options);
    let run = ExtractionRun {
        engine: extraction.engine.clone(),
        time: Utc::now(),
        duration: std::time::Duration::from_millis(1),
    };
    NewArticle {
        document,
        extraction,
        run,
        request_id: request_id.map(str::to_owned),
        allow_deleted: false,
    }
}

/// Ingests along every path: new, known by its content, known by its request, known before it is read.
async fn ingest(store: &Store) -> Result<ArticleId, StoreError> {
    let stored = store.ingest(&new_article(NEWS, Some("one"))).await?;
    let known = store.ingest(&new_article(NEWS, Some("two"))).await?;
    let repeated = store.ingest(&new_article("No.", Some("two"))).await?;
    assert!(stored.is_new() && !known.is_new() && !repeated.is_new());
    assert_eq!([known.id(), repeated.id()], [stored.id(); 2]);
    let document = new_article(NEWS, None).document;
    let found = store.find_ingested(&document, Some("three")).await?;
    assert_eq!(found, Some(stored.id()));
    Ok(stored.id())
}

/// Reads an article again, as it is and as it is not.
async fn reextract(store: &Store, id: ArticleId) -> Result<(), StoreError> {
    let read = new_article(NEWS, None);
    let mut again = Rereading {
        id,
        revision: 1,
        row_version: Some(1),
        metadata: read.document.without_text(),
        document: read.document,
        extraction: read.extraction,
        run: read.run,
    };
    let stored = store.reextract(&again, None).await?;
    assert!(matches!(stored, Reextracted::Stored(changes) if changes.unchanged >= 7));
    assert_eq!(
        store.reextract(&again, None).await?,
        Reextracted::OtherVersion
    );
    again.row_version = None;
    again.revision = 2;
    assert_eq!(store.reextract(&again, None).await?, Reextracted::OtherText);
    again.id = ArticleId(uuid::Uuid::nil());
    assert_eq!(store.reextract(&again, None).await?, Reextracted::NotFound);
    Ok(())
}

/// A page of one claim.
async fn claims(
    store: &Store,
    order: ClaimOrder,
    after: Option<ClaimPosition>,
) -> Result<Page<Claim, ClaimPosition>, StoreError> {
    let all = ClaimFilter::default();
    store.list_claims(&all, order, after, 1).await
}

/// Calls every function of the store that looks something up.
async fn look_up(store: &Store, article: ArticleId) -> Result<(), StoreError> {
    assert!(store.article(article, true).await?.is_some());
    assert_eq!(store.articles(&[article], true).await?.len(), 1);
    assert!(store.list_publishers(None, 1).await?.items.is_empty());
    let articles = store
        .list_articles(&ArticleFilter::default(), None, 1, true)
        .await?;
    assert_eq!(articles.items.len(), 1);
    assert_eq!(store.article_texts(&[article]).await?[0].1, NEWS);
    for order in [
        ClaimOrder::UtteranceTime,
        ClaimOrder::Confidence,
        ClaimOrder::CheckWorthiness,
        ClaimOrder::PublishTime,
    ] {
        let listed = claims(store, order, None).await?;
        assert_eq!(listed.items.len(), 1);
        let scanned = store
            .scan_claims(&ClaimFilter::default(), order, None, 1)
            .await?;
        assert_eq!((&scanned.items, scanned.next), (&listed.items, listed.next));
        let next = claims(store, order, listed.next).await?;
        let scanned = store
            .scan_claims(&ClaimFilter::default(), order, scanned.next, 1)
            .await?;
        assert_eq!((scanned.items, scanned.next), (next.items, next.next));
    }
    let of_nobody = ClaimFilter {
        about: Some(ActorId(uuid::Uuid::nil())),
        publisher: Some("Ostbridge Courier".to_owned()),
        ..ClaimFilter::default()
    };
    let order = ClaimOrder::default();
    assert!(
        store
            .list_claims(&of_nobody, order, None, 1)
            .await?
            .items
            .is_empty()
    );
    let of_publisher = ClaimFilter {
        about: None,
        ..of_nobody
    };
    assert!(
        store
            .list_claims(&of_publisher, order, None, 1)
            .await?
            .items
            .is_empty()
    );
    let first = claims(store, order, None).await?;
    let after = claims(store, order, first.next).await?;
    assert_ne!(first.items, after.items);
    search::search(store, &first.items[0]).await?;
    let ids = [first.items[0].id, after.items[0].id];
    assert_eq!(store.claims(&ids).await?.len(), 2);
    let actors = store.list_actors(&ActorFilter::default(), None, 1).await?;
    assert!(store.actor(actors.items[0].id).await?.is_some());
    actors::rank(store).await?;
    for counted in [
        store.newest_claims(&ClaimFilter::default(), true).await?,
        store
            .among_newest_claims(&ClaimFilter::default(), true)
            .await?,
    ] {
        assert!(!counted.found.is_empty());
    }
    Ok(())
}

/// Calls every function of the store that claims are compared by.
async fn compare(store: &Store) -> Result<(), StoreError> {
    let text = "Ann Lee said the old harbor bridge would close in May.\n\n\
        Bo Dam replied that the bridge was sound.\n";
    let article = store.ingest(&new_article(text, None)).await?.id();
    let of_article = ClaimFilter {
        article: Some(article),
        ..ClaimFilter::default()
    };
    let claims = store
        .list_claims(&of_article, ClaimOrder::default(), None, 2)
        .await?
        .items;
    assert_eq!(store.relations_of(claims[0].id).await?.len(), 1);
    assert!(store.published(article).await?.is_some());
    assert!(!store.newest_contents().await?.is_empty());
    let shares = store.word_shares().await?;
    assert_eq!(store.match_words("of the", &shares).await?, None);
    let words = store.match_words("a harbor", &shares).await?;
    let words = words.expect("words");
    let found = store.match_candidates(&words, &of_article, None).await?;
    assert_eq!(found[0].id, claims[0].id);
    let found = store
        .match_candidates(&words, &of_article, Some(article))
        .await?;
    assert!(found.is_empty());
    Ok(())
}

// Everything here runs in the test's own thread. The subscriber is the whole process's all the same: where there is
// none, other threads that run statements at the same time have tracing believe that nobody wants to know of them.
#[tokio::test]
async fn every_statement_runs() {
    let log = Log {
        thread: current().id(),
        statements: Arc::default(),
    };
    let subscriber = tracing_subscriber::registry().with(log.clone());
    tracing::subscriber::set_global_default(subscriber).expect("the tests' only subscriber");
    let database = Database::create_empty().await;
    let store = database.store();
    let check = async {
        assert!(!store.migrate().await?.is_empty());
        assert!(store.migrate().await?.is_empty());
        store.probe().check().await?;
        let article = ingest(&store).await?;
        reextract(&store, article).await?;
        operations::check(&store, article).await?;
        look_up(&store, article).await?;
        actors::change(&store).await?;
        mending::actors_to_check(&store).await?;
        compare(&store).await?;
        review::review(&store, article).await?;
        propositions::assign(&store).await?;
        fact_checks::check(&store).await?;
        corrections::correct(&store, article).await?;
        deletions::delete(&store).await?;
        deletions::update(&store).await?;
        requests::once(&store).await?;
        stats::count(&store).await?;
        streams::watch_claims(&store).await?;
        streams::export_claims(&store).await?;
        streams::measure(&store).await?;
        streams::audit(&store).await?;
        streams::verify(&store).await
    };
    check.await.expect("every statement succeeds");

    let seen = log.statements.lock().expect("the log");
    for (name, statement) in STATEMENTS.iter().copied().flatten() {
        assert!(seen.contains(&one_line(statement)), "{name} was not run");
    }
}
