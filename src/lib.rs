//! onrecord reads news articles and returns *claims*: who says, believes, promises, demands or denies what, in whose
//! words, about whom, when, and how sure, every piece tied to its exact characters in the text.
//!
//! # The data model
//!
//! - An [`Article`](domain::Article) is a [`Document`](domain::Document) as it was received, in one or more revisions
//!   ([`ArticleRevision`](domain::ArticleRevision)). Its text never changes within a revision.
//! - A [`Claim`](domain::Claim) belongs to one article: somebody is on record with something. It has a source (who), a cue
//!   (how) and a content (what), each as spans of the text, and what follows from them: kind, certainty, polarity, times,
//!   addressees, confidence. A claim inside another, "A says that B claims", names the outer one.
//! - An [`Actor`](domain::Actor) is a person or body across all articles; a [`Mention`](domain::Mention) is the words of a
//!   text that refer to one. Merging two actors leaves a redirect behind and can be undone.
//! - A [`Relation`](domain::Relation) connects two claims of one article: one repeats the other or responds to it. Claims of
//!   different articles are compared by [`matching`], which also tells contradictions.
//! - A [`Proposition`](domain::Proposition) is what several claims, of any articles, say alike.
//! - A [`ClaimReview`](domain::ClaimReview) is what a person made of a claim. It is kept apart from what the engine said
//!   and survives further readings.
//! - A [`Trace`](domain::Trace) names the rule and the words that decided a field.
//!
//! # How data flows
//!
//! text → [`text`] (blocks, sentences, tokens, quotation marks) → [`extract`] (claims, actors, mentions) → [`domain`]
//! values → [`store`] (Postgres) and back. A use case of [`service`] combines these: a command in, a domain value or
//! [`ServiceError`](service::ServiceError) out. [`api`] parses requests into commands and encodes what comes back;
//! [`server`] puts it on the network. Nothing on the left knows anything on its right. Beside them stands [`matching`]: do
//! two texts say the same, or the opposite?
//!
//! # Where is what
//!
//! Articles, actors and claims have a folder of the same name on each floor. What happens to a review of a claim, for
//! example, stands in `api/claims/review.rs` (parsing and encoding), `service/claims/review.rs` (the use case) and
//! `store/claims/reviews.rs` (the statements). What several RPCs share of a request is in `api/request`, what all calls
//! share (errors, names, page tokens) in `api/wire`. `extract/time` reads time expressions, `extract/names` names,
//! `extract/coref` who is who, `extract/semantics` what claims mean, `extract/model` holds the network.
//! `CONTRIBUTING.md` has the steps to add an RPC, a filter, a rule or a migration.
//!
//! # Invariants
//!
//! Each with the test that holds it, of `tests/it` where no module is named.
//!
//! 1. [`text`], [`domain`], [`extract`] and [`matching`] know no network, no database and no clock: what they do are pure
//!    functions (`layers::every_dependency_points_the_right_way`). Extraction never fails on valid UTF-8; what it cannot do
//!    becomes a diagnostic (`spans::spans_are_exact_in_any_text`).
//! 2. Spans are half-open byte ranges of the text exactly as it was received, and `&text[span]` is always the span's
//!    text; other units are made in [`api`] only (`spans::spans_are_exact_in_any_text`,
//!    `spans::spans_are_exact_over_the_network`).
//! 3. Only [`store`] knows sqlx; only [`api`], [`server`], [`client`] and [`cli`] know protobuf and gRPC
//!    (`layers::every_dependency_points_the_right_way`). No two files use each other, however far around
//!    (`layers::no_files_use_each_other_in_a_circle`).
//! 4. One place says what a caller is told of an error (`layers::one_place_says_what_a_caller_is_told_of_an_error`). A
//!    driver's message is logged and never sent (`the_drivers_words_are_not_sent`, in `api::wire::status`).
//! 5. Handlers are thin: they parse, have a use case carried out, and encode. Of the store itself they ask for nothing but
//!    plain pages (`layers::handlers_leave_the_work_to_a_use_case`).

pub mod api;
pub mod cli;
pub mod client;
pub mod config;
pub mod domain;
pub mod embedded;
pub mod extract;
pub mod matching;
pub mod proto;
pub mod server;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod text;
