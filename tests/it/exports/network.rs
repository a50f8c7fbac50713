//! The network of who speaks about whom.

use std::collections::{BTreeMap, HashMap};
use std::process::{Command, Stdio};

use futures_util::TryStreamExt;
use onrecord::proto::{
    Actor, ClaimFilter, ExportClaimsRequest, ExportFormat, ListActorsRequest, MergeActorsRequest,
};
use petgraph::graphmap::DiGraphMap;
use roxmltree::{Document, Node};

use super::{File, export, request};
use crate::harness::TestServer;

/// What a file says: actors by display name with their claims, and how often one speaks of another.
#[derive(Debug, PartialEq, Eq)]
struct Network {
    actors: BTreeMap<String, u32>,
    edges: BTreeMap<(String, String), u32>,
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
    let mut graph: DiGraphMap<&str, u32> = DiGraphMap::new();
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
        let weight: u32 = data(edge, "weight").parse().expect("a number");
        let before = graph.add_edge(attribute(edge, "source"), attribute(edge, "target"), weight);
        assert_eq!(before, None, "an edge is there twice");
    }
    assert_eq!(graph.node_count(), nodes, "an edge to no node");
    let edges = graph
        .all_edges()
        .map(|(from, to, weight)| ((labels[from].clone(), labels[to].clone()), *weight));
    Network {
        edges: edges.collect(),
        actors,
    }
}

fn attribute<'d>(node: Node<'d, '_>, name: &str) -> &'d str {
    node.attribute(name).expect(name)
}

fn network(actors: &[(&str, u32)], edges: &[(&str, &str, u32)]) -> Network {
    let owned = |name: &str| name.to_owned();
    Network {
        actors: actors
            .iter()
            .map(|(name, claims)| (owned(name), *claims))
            .collect(),
        edges: edges
            .iter()
            .map(|(from, to, weight)| ((owned(from), owned(to)), *weight))
            .collect(),
    }
}

async fn exported(server: &TestServer, filter: ClaimFilter) -> File {
    let request = ExportClaimsRequest {
        filter: Some(filter),
        ..request(ExportFormat::Graphml)
    };
    export(server, request).await.expect("a file")
}

const TEXTS: [&str; 3] = [
    "Ann Lee said that Tom Pell & Sons had lied. Ann Lee said that Tom Pell was late.",
    "Tom Pell said that Ann Lee was right. Ann Lee said that Tom Pell and Cy Roe were late.",
    "Cy Roe said that it rained.",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_network_counts_who_speaks_about_whom() {
    let server = TestServer::start().await;
    for text in TEXTS {
        server.ingest_text(text).await;
    }
    let claims = server.claims(ClaimFilter::default()).await;
    let listed = server.client.all_actors(ListActorsRequest::default());
    let listed: Vec<Actor> = listed.try_collect().await.expect("list the actors");
    let names: HashMap<String, String> = listed
        .into_iter()
        .map(|actor| (actor.name, actor.display_name))
        .collect();
    // What the claims say of themselves, counted here.
    let (mut actors, mut edges) = (BTreeMap::new(), BTreeMap::new());
    for claim in &claims {
        *actors.entry(claim.actor_display_name.clone()).or_insert(0) += 1;
        for about in &claim.about_actors {
            let pair = (claim.actor_display_name.clone(), names[about].clone());
            *edges.entry(pair).or_insert(0) += 1;
            actors.entry(names[about].clone()).or_insert(0);
        }
    }
    let file = exported(&server, ClaimFilter::default()).await;
    assert!(edges.len() >= 3, "{edges:?}");
    assert_eq!(read(&file), Network { actors, edges });
    networkx(&file);

    let id = |name: &str| {
        let found = names.iter().find(|(_, display_name)| *display_name == name);
        found.expect(name).0.clone()
    };
    let of_pell = ClaimFilter {
        actor: id("Tom Pell"),
        ..ClaimFilter::default()
    };
    let expected = network(
        &[("Ann Lee", 0), ("Tom Pell", 1)],
        &[("Tom Pell", "Ann Lee", 1)],
    );
    assert_eq!(read(&exported(&server, of_pell.clone()).await), expected);

    // Two who turn out to be one: who spoke of the one speaks of the other.
    let merge = MergeActorsRequest {
        name: id("Cy Roe"),
        sources: vec![id("Ann Lee")],
        requested_by: "a test".into(),
        ..MergeActorsRequest::default()
    };
    server.client.merge_actors(merge).await.expect("merge");
    let expected = network(
        &[("Cy Roe", 0), ("Tom Pell", 1)],
        &[("Tom Pell", "Cy Roe", 1)],
    );
    assert_eq!(read(&exported(&server, of_pell).await), expected);
}

/// Has networkx read the file, where Python has it.
fn networkx(file: &File) {
    let program = "import sys, networkx; g = networkx.parse_graphml(sys.stdin.read()); \
                   print(g.number_of_nodes(), g.number_of_edges(), g.size('weight'))";
    let has = Command::new("python3")
        .args(["-c", "import networkx"])
        .stderr(Stdio::null())
        .status();
    if !has.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: there is no Python with networkx");
        return;
    }
    let path = tempfile::NamedTempFile::new()
        .expect("a file")
        .into_temp_path();
    std::fs::write(&path, &file.bytes).expect("write");
    let output = Command::new("python3")
        .args(["-c", program])
        .stdin(std::fs::File::open(&path).expect("open"))
        .output()
        .expect("run python3");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let ours = read(file);
    let weight: u32 = ours.edges.values().sum();
    let expected = format!("{} {} {weight}", ours.actors.len(), ours.edges.len());
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.starts_with(&expected),
        "{printed} instead of {expected}"
    );
}
