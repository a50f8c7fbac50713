//! The network of who speaks about whom.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use onrecord::proto::{
    self, Actor, Claim, ClaimFilter, ClaimKind, ExportClaimsRequest, ExportFormat,
    ListActorsRequest, MergeActorsRequest, Polarity,
};
use petgraph::graphmap::DiGraphMap;
use roxmltree::{Document, Node};

use super::{File, export, request};
use crate::harness::TestServer;

/// What a file says: actors by display name with their claims, and how one speaks of another.
#[derive(Debug, PartialEq, Eq)]
struct Network {
    actors: BTreeMap<String, u32>,
    edges: BTreeMap<(String, String), Edge>,
}

/// What a file says of the claims of one actor about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    claims: u32,
    positive: u32,
    negative: u32,
    denials: u32,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Edge {
    fn of(claim: &Claim, time: DateTime<Utc>) -> Self {
        Self {
            claims: 1,
            positive: (claim.polarity() == Polarity::Positive).into(),
            negative: (claim.polarity() == Polarity::Negative).into(),
            denials: (claim.kind() == ClaimKind::Denial).into(),
            first: time,
            last: time,
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            claims: self.claims + other.claims,
            positive: self.positive + other.positive,
            negative: self.negative + other.negative,
            denials: self.denials + other.denials,
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }

    /// Reads an edge's data by their names, of which each is there.
    fn read(data: impl Fn(&str) -> String) -> Self {
        let number = |name: &str| data(name).parse().expect(name);
        let time = |name: &str| data(name).parse().expect(name);
        let edge = Self {
            claims: number("weight"),
            positive: number("positive"),
            negative: number("negative"),
            denials: number("denials"),
            first: time("first_claim_time"),
            last: time("last_claim_time"),
        };
        let balance = i64::from(edge.positive) - i64::from(edge.negative);
        assert_eq!(data("balance"), balance.to_string());
        assert_eq!(data("sign"), balance.signum().to_string());
        edge
    }
}

const NAMESPACE: &str = "http://graphml.graphdrawing.org/xmlns";

/// Reads the file with a strict XML parser into a graph that checks that every end of an edge is a node.
fn read(file: &File) -> Network {
    let document = Document::parse(file.text()).expect("XML");
    let elements = |name: &'static str| {
        let all = document.descendants();
        all.filter(move |node| node.has_tag_name((NAMESPACE, name)))
    };
    let keys: HashMap<&str, &str> = elements("key")
        .map(|key| (attribute(key, "attr.name"), attribute(key, "id")))
        .collect();
    let data = |element: Node<'_, '_>, name: &str| {
        let data = element
            .children()
            .find(|data| data.attribute("key") == Some(keys[name]));
        data.and_then(|data| data.text().map(str::to_owned))
            .unwrap_or_default()
    };
    let mut graph: DiGraphMap<&str, Edge> = DiGraphMap::new();
    let mut labels = HashMap::new();
    let mut actors = BTreeMap::new();
    for node in elements("node") {
        let id = attribute(node, "id");
        graph.add_node(id);
        assert_eq!(data(node, "actor"), format!("actors/{id}"));
        let claims = data(node, "claims").parse().expect("a number");
        actors.insert(data(node, "label"), claims);
        labels.insert(id, data(node, "label"));
    }
    let nodes = graph.node_count();
    assert_eq!(nodes, actors.len());
    for edge in elements("edge") {
        let ends = (attribute(edge, "source"), attribute(edge, "target"));
        let before = graph.add_edge(ends.0, ends.1, Edge::read(|name| data(edge, name)));
        assert_eq!(before, None, "an edge is there twice");
    }
    assert_eq!(graph.node_count(), nodes, "an edge to no node");
    let edges = graph
        .all_edges()
        .map(|(from, to, edge)| ((labels[from].clone(), labels[to].clone()), *edge));
    Network {
        edges: edges.collect(),
        actors,
    }
}

fn attribute<'d>(node: Node<'d, '_>, name: &str) -> &'d str {
    node.attribute(name).expect(name)
}

async fn exported(server: &TestServer, filter: ClaimFilter) -> File {
    let request = ExportClaimsRequest {
        filter: Some(filter),
        ..request(ExportFormat::Graphml)
    };
    export(server, request).await.expect("a file")
}

/// Articles and the day on which each was published. The last is not dated.
const TEXTS: [(&str, &str); 4] = [
    (
        "Ann Lee said that Tom Pell & Sons had lied. Ann Lee said that Tom Pell was late.",
        "2024-05-07",
    ),
    (
        "Tom Pell said that Ann Lee was right. Ann Lee said that Tom Pell and Cy Roe were late.",
        "2024-05-03",
    ),
    (
        "Ann Lee denied that Cy Roe had warned her. Ann Lee denied that Cy Roe had called. Cy Roe said that it rained.",
        "2024-05-04",
    ),
    ("Tom Pell denied that Ann Lee was late.", ""),
];

/// A server with the articles, and when each was published or, if it is not dated, stored.
async fn server() -> (TestServer, HashMap<String, DateTime<Utc>>) {
    let server = TestServer::start().await;
    let mut times = HashMap::new();
    for (text, day) in TEXTS {
        let published = format!("{day}T08:00:00Z").parse::<DateTime<Utc>>().ok();
        let article = server
            .ingest(proto::Document {
                text: text.into(),
                publish_time: published.map(|time| prost_types::Timestamp {
                    seconds: time.timestamp(),
                    nanos: 0,
                }),
                ..proto::Document::default()
            })
            .await;
        let stored = article.create_time.expect("a time");
        let stored = DateTime::from_timestamp(stored.seconds, stored.nanos.cast_unsigned());
        times.insert(article.name, published.or(stored).expect("a time"));
    }
    (server, times)
}

/// What the claims say of themselves, counted here.
fn counted(
    claims: &[Claim],
    times: &HashMap<String, DateTime<Utc>>,
    names: &HashMap<String, String>,
) -> Network {
    let (mut actors, mut edges) = (BTreeMap::new(), BTreeMap::new());
    for claim in claims {
        *actors.entry(claim.actor_display_name.clone()).or_insert(0) += 1;
        let one = Edge::of(claim, times[&claim.article]);
        for about in &claim.about_actors {
            let pair = (claim.actor_display_name.clone(), names[about].clone());
            let edge = edges.entry(pair);
            edge.and_modify(|edge: &mut Edge| *edge = edge.with(one))
                .or_insert(one);
            actors.entry(names[about].clone()).or_insert(0);
        }
    }
    Network { actors, edges }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_counts_who_speaks_about_whom() {
    let (server, times) = server().await;
    let claims = server.claims(ClaimFilter::default()).await;
    let listed = server.client.all_actors(ListActorsRequest::default());
    let listed: Vec<Actor> = listed.try_collect().await.expect("list the actors");
    let names: HashMap<String, String> = listed
        .into_iter()
        .map(|actor| (actor.name, actor.display_name))
        .collect();
    let all = counted(&claims, &times, &names);
    assert!(all.edges.len() >= 3, "{all:?}");
    let of = |from: &str, to: &str| all.edges[&(from.to_owned(), to.to_owned())];
    // The network has friends and foes, and one who takes back what was said.
    let foes = of("Ann Lee", "Cy Roe");
    assert_eq!((foes.positive, foes.negative, foes.denials), (1, 2, 2));
    let undecided = of("Tom Pell", "Ann Lee");
    assert_eq!((undecided.positive, undecided.negative), (1, 1));
    assert!(undecided.first < undecided.last, "{undecided:?}");
    let file = exported(&server, ClaimFilter::default()).await;
    assert_eq!(read(&file), all);

    let id = |name: &str| {
        let found = names.iter().find(|(_, display_name)| *display_name == name);
        found.expect(name).0.clone()
    };
    let of_pell = ClaimFilter {
        actor: id("Tom Pell"),
        ..ClaimFilter::default()
    };
    let network = |of_whom: &str| Network {
        actors: [(of_whom.to_owned(), 0), ("Tom Pell".to_owned(), 2)].into(),
        edges: [(("Tom Pell".to_owned(), of_whom.to_owned()), undecided)].into(),
    };
    let expected = network("Ann Lee");
    assert_eq!(read(&exported(&server, of_pell.clone()).await), expected);

    // Two who turn out to be one: who spoke of the one speaks of the other.
    let merge = MergeActorsRequest {
        name: id("Cy Roe"),
        sources: vec![id("Ann Lee")],
        requested_by: "a test".into(),
        ..MergeActorsRequest::default()
    };
    server.client.merge_actors(merge).await.expect("merge");
    let expected = network("Cy Roe");
    assert_eq!(read(&exported(&server, of_pell).await), expected);
}

/// A claim about two who turn out to be one counts once.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_about_two_who_are_one_counts_once() {
    let (server, times) = server().await;
    let id = async |name: &str| {
        let listed = server.client.all_actors(ListActorsRequest::default());
        let listed: Vec<Actor> = listed.try_collect().await.expect("list the actors");
        let found = listed.into_iter().find(|actor| actor.display_name == name);
        found.expect(name).name
    };
    let merge = MergeActorsRequest {
        name: id("Cy Roe").await,
        sources: vec![id("Tom Pell").await],
        requested_by: "a test".into(),
        ..MergeActorsRequest::default()
    };
    let of_lee = ClaimFilter {
        actor: id("Ann Lee").await,
        ..ClaimFilter::default()
    };
    server.client.merge_actors(merge).await.expect("merge");
    let claims = server.claims(of_lee.clone()).await;
    // All whom she speaks about are one by now.
    let edges = claims
        .iter()
        .filter(|claim| !claim.about_actors.is_empty())
        .map(|claim| Edge::of(claim, times[&claim.article]));
    let expected = edges.reduce(Edge::with).expect("claims");
    let edges = read(&exported(&server, of_lee).await).edges;
    let to_roe = edges[&("Ann Lee".to_owned(), "Cy Roe".to_owned())];
    assert_eq!(to_roe.claims, expected.claims);
    assert_eq!(to_roe, expected);
}
