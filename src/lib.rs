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
//! values → [`store`] (Postgres) and back → [`api`] (protobuf in, protobuf out) → [`server`] → the network. Nothing on
//! the left knows anything on its right. Beside them stand [`matching`] (do two texts say the same, or the opposite?) and
//! [`embedded`], a Postgres of our own where none is given.
//!
//! # Invariants
//!
//! 1. [`text`], [`domain`], [`extract`] and [`matching`] know no network, no database and no clock: what they do are pure
//!    functions. Extraction never fails on valid UTF-8; what it cannot do becomes a diagnostic.
//! 2. Spans are half-open byte ranges of the text exactly as it was received, and `&text[span]` is always the span's
//!    text. Other units are made in [`api`] only.
//! 3. Only [`store`] and [`embedded`] know sqlx, and only [`store`] knows the tables; only [`api`], [`server`], [`client`] and
//!    [`cli`] know protobuf and gRPC; only [`server`] and [`cli`] wire concrete things.
//! 4. One error enum per layer. A driver's message is logged and never sent.
//! 5. Handlers are thin: validate, one domain or store call, encode.

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
