//! The dashboard, the alerts and their runbook ask for what a running server tells.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::time::Duration;

use onrecord::client::Client;
use onrecord::proto::{Document, GetClaimRequest, IngestArticleRequest, ListClaimsRequest};
use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{self, AggregateExpr, Expr, LabelModifier, VectorSelector};
use promql_parser::util::{ExprVisitor, walk_expr};
use serde_json::Value;
use sqlx::ConnectOptions;

use super::http::get;
use super::metrics::{Series, read};
use super::{TEXT, management_address};
use crate::harness::Database;
use crate::process::Serve;

/// What Prometheus adds to every series, and the bound of a histogram's bucket.
const ADDED: [&str; 5] = ["instance", "job", "namespace", "pod", "le"];
/// Told only where a replica follows by streaming, which the tests' replica does not.
const STREAMING: &str = "onrecord_replica_lag_bytes";
/// Labels some of whose values a server that is well never has.
const ILL: [(&str, &[&str]); 2] = [
    (
        "code",
        &[
            "DEADLINE_EXCEEDED",
            "INTERNAL",
            "UNAVAILABLE",
            "UNKNOWN",
            "DATA_LOSS",
        ],
    ),
    ("outcome", &["conflicted", "failed"]),
];

fn deploy(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("deploy")
        .join(file);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The expressions of all panels.
fn dashboard_queries() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&deploy("dashboards/onrecord.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels
        .iter()
        .filter_map(|panel| panel["targets"].as_array());
    let expressions = targets.flatten().map(|target| target["expr"].as_str());
    // Grafana puts the interval in that fits the picture.
    expressions
        .map(|expression| {
            expression
                .expect("a query")
                .replace("$__rate_interval", "5m")
        })
        .collect()
}

/// The names and expressions of all alerts. Each stands on a line of its own, which is all of YAML that is needed.
fn alerts() -> Vec<(String, String)> {
    let rules = deploy("alerts/onrecord.rules.yaml");
    let values = |key: &str| -> Vec<String> {
        let lines = rules
            .lines()
            .map(|line| line.trim().trim_start_matches("- "));
        lines
            .filter_map(|line| line.strip_prefix(key))
            .map(|value| value.trim_matches('\'').to_owned())
            .collect()
    };
    let (names, expressions) = (values("alert: "), values("expr: "));
    assert_eq!(names.len(), expressions.len());
    names.into_iter().zip(expressions).collect()
}

/// What an expression asks for.
#[derive(Default)]
struct Asked {
    selectors: Vec<VectorSelector>,
    labels: BTreeSet<String>,
}

impl ExprVisitor for Asked {
    type Error = Infallible;

    fn pre_visit(&mut self, expression: &Expr) -> Result<bool, Infallible> {
        match expression {
            Expr::VectorSelector(selector) => self.selectors.push(selector.clone()),
            Expr::MatrixSelector(matrix) => self.selectors.push(matrix.vs.clone()),
            Expr::Aggregate(AggregateExpr {
                modifier: Some(LabelModifier::Include(labels)),
                ..
            }) => self.labels.extend(labels.labels.iter().cloned()),
            _ => {}
        }
        Ok(true)
    }
}

/// What of this expression no series answers.
fn unanswered(expression: &str, metrics: &BTreeMap<Series, f64>) -> Vec<String> {
    let parsed = parser::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let mut asked = Asked::default();
    let Ok(_) = walk_expr(&mut asked, &parsed);
    assert!(!asked.selectors.is_empty(), "{expression} asks for nothing");
    let mut lacking = Vec::new();
    for selector in &asked.selectors {
        let name = selector.name.as_deref().expect("a name");
        if name == STREAMING {
            continue;
        }
        let of_name: Vec<_> = metrics.keys().filter(|(of, _)| of == name).collect();
        let fits = |labels: &BTreeMap<String, String>| {
            let mut matchers = selector.matchers.matchers.iter();
            matchers.all(|matcher| fits(matcher, labels))
        };
        if !of_name.iter().any(|(_, labels)| fits(labels)) {
            lacking.push(format!("{selector} in {expression}"));
        }
        for label in &asked.labels {
            let known = ADDED.contains(&label.as_str());
            if !known
                && of_name
                    .iter()
                    .any(|(_, labels)| !labels.contains_key(label))
            {
                lacking.push(format!("the label {label} of {name} in {expression}"));
            }
        }
    }
    lacking
}

fn fits(matcher: &Matcher, labels: &BTreeMap<String, String>) -> bool {
    let Some(value) = labels.get(&matcher.name) else {
        return false;
    };
    let ill = ILL.iter().find(|(name, _)| *name == matcher.name);
    let mut values = ill.map_or(&[][..], |(_, values)| values).to_vec();
    values.push(value);
    match &matcher.op {
        MatchOp::Equal => values.contains(&matcher.value.as_str()),
        MatchOp::NotEqual => *value != matcher.value,
        MatchOp::Re(pattern) => values.iter().any(|value| pattern.is_match(value)),
        MatchOp::NotRe(pattern) => !pattern.is_match(value),
    }
}

/// The metrics of a server that has a database and a replica and has done some of everything.
async fn metrics() -> BTreeMap<Series, f64> {
    let database = Database::create().await;
    let url = database.connect.to_url_lossy().to_string();
    let server = Serve::spawn(&[
        "--log-format",
        "json",
        "--management-listen",
        "127.0.0.1:0",
        "--database-url",
        &url,
        "--database-replica-url",
        &url,
    ]);
    let client = Client::connect(server.url()).await.expect("connect");
    let document = Some(Document {
        text: TEXT.to_owned(),
        ..Document::default()
    });
    let request = IngestArticleRequest {
        document,
        ..Default::default()
    };
    client.ingest_article(request).await.expect("ingest");
    let request = ListClaimsRequest::default();
    client.list_claims(request).await.expect("a page");
    let unknown = GetClaimRequest {
        name: "claims/00000000-0000-7000-8000-000000000000".to_owned(),
        ..Default::default()
    };
    client.get_claim(unknown).await.expect_err("no such claim");
    let address = management_address(&server);
    // What comes last: the end of the calls, and the first answer of the database in the background.
    let last = [
        "onrecord_rpc_calls_total{method=\"onrecord.v1.ClaimService/ListClaims\"",
        "onrecord_rpc_calls_total{method=\"onrecord.v1.ClaimService/GetClaim\"",
        "onrecord_event_log_lag_seconds ",
        "onrecord_replica_up ",
    ];
    for _ in 0..3_000 {
        let (_, text) = get(address, "/metrics").await;
        if last.iter().all(|part| text.contains(part)) {
            return read(&text);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never all of {last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_answers_every_query() {
    let metrics = metrics().await;
    let queries = dashboard_queries();
    assert!(queries.len() > 15, "{queries:?}");
    let alerts = alerts();
    assert!(alerts.len() > 10, "{alerts:?}");
    let expressions = alerts.iter().map(|(_, expression)| expression);
    let lacking: Vec<String> = queries
        .iter()
        .chain(expressions)
        .flat_map(|expression| unanswered(expression, &metrics))
        .collect();
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
    for wrong in [
        "rate(onrecord_rpc_call_total[5m])",
        "onrecord_serving{service=\"onrecord.v1.GuessService\"}",
        "sum by (path) (onrecord_rpc_in_flight)",
        "onrecord_build_info{codename=\"x\"}",
    ] {
        assert_eq!(unanswered(wrong, &metrics).len(), 1, "{wrong}");
    }
}

#[test]
fn every_alert_has_its_entry_in_the_runbook() {
    let runbook = deploy("RUNBOOK.md");
    let rules = deploy("alerts/onrecord.rules.yaml");
    for (name, _) in alerts() {
        assert!(runbook.contains(&format!("\n## {name}\n")), "{name}");
        let anchor = format!("RUNBOOK.md#{}", name.to_lowercase());
        assert!(rules.contains(&anchor), "{anchor}");
    }
}
