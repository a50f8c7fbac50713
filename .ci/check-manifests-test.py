"""Breaks real manifests in one place at a time; the check must name every break.

Usage: check-manifests-test.py REPOSITORY EXTERNAL.yaml CLUSTER.yaml

The first rendering has every component with a database elsewhere and migrates by a hook, the second every component
with a database of its own.
"""

import importlib.util
import sys
import unittest
from copy import deepcopy
from pathlib import Path

import yaml
from manifests import named, of_kind

SPEC = importlib.util.spec_from_file_location(
    "check_manifests", Path(__file__).with_name("check-manifests.py")
)
check = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check)

REPOSITORY, *FILES = sys.argv[1:]
sys.argv[1:] = []
RENDERED = [list(yaml.safe_load_all(Path(path).read_text(encoding="utf-8"))) for path in FILES]
SERVICES = {"onrecord.v1.ArticleService", "onrecord.v1.ExtractionService"}

POD = ("spec", "template", "spec")
CONTAINER = (*POD, "containers", 0)
ENV = (*CONTAINER, "env")
MIGRATION = (*POD, "initContainers", 0)
LABELS = {"app.kubernetes.io/name": "other"}
ANNOTATIONS = ("metadata", "annotations")
PROBE = ["onrecord", "health", "--server", "https://localhost:8080", "--service", "onrecord.v1.Gone"]
LITERAL = [{"name": "ONRECORD_DATABASE_URL", "value": "postgres://ann:secret@db/x?sslmode=require"}]
BOTH = [{"name": f"ONRECORD_DATABASE_URL{end}", "value": ""} for end in ("", "_FILE")]
LATE = [{"name": "ONRECORD_LISTEN", "value": "$(HOST):1"}, {"name": "HOST", "value": "x"}]

# What the check says, and the break: kind and name of an object, the path of a value, and another one.
EXTERNAL = [
    ("batch/v1beta1 is not", "Job", "onrecord-migrate", ("apiVersion",), "batch/v1beta1"),
    ("Ingress/onrecord: v1 is not", "Service", "onrecord", ("kind",), "Ingress"),
    ("selects pods of nothing", "Service", "onrecord", ("spec", "selector"), LABELS),
    (
        "selects pods of ['Deployment', 'Job']",
        "Service",
        "onrecord",
        ("spec", "selector"),
        {"app.kubernetes.io/name": "onrecord"},
    ),
    (
        "selects pods of nothing",
        "PodDisruptionBudget",
        "onrecord",
        ("spec", "selector", "matchLabels"),
        LABELS,
    ),
    (
        "does not match its own pods",
        "Deployment",
        "onrecord",
        ("spec", "template", "metadata", "labels"),
        LABELS,
    ),
    ("images differ", "Job", "onrecord-migrate", (*CONTAINER, "image"), "onrecord:0.0.9"),
    ("no fixed tag", "Job", "onrecord-migrate", (*CONTAINER, "image"), "host:5000/onrecord"),
    ("targetPort grpc", "Deployment", "onrecord", (*CONTAINER, "ports", 0, "name"), "http"),
    ("not headless", "Service", "onrecord", ("spec", "clusterIP"), ""),
    ("h2c of its port", "Service", "onrecord", ("spec", "ports", 0, "appProtocol"), "kubernetes.io/h2c"),
    ("asks port 8080", "Deployment", "onrecord", (*CONTAINER, "livenessProbe", "exec", "command"), PROBE),
    ("asks for onrecord.v1.Gone", "Deployment", "onrecord", (*CONTAINER, "livenessProbe", "exec", "command"), PROBE),
    (
        "do not agree on TLS",
        "Deployment",
        "onrecord",
        (*CONTAINER, "livenessProbe"),
        {"grpc": {"port": 50051, "service": "onrecord.v1.ExtractionService"}},
    ),
    (
        "not readinessProbe",
        "Deployment",
        "onrecord",
        (*CONTAINER, "readinessProbe"),
        {"grpc": {"port": 50051, "service": "onrecord.v1.ArticleService"}},
    ),
    ("no startupProbe", "Deployment", "onrecord", (*CONTAINER, "startupProbe"), {}),
    ("holds a password", "Job", "onrecord-migrate", ENV, LITERAL),
    ("does not check whom", "Job", "onrecord-migrate", ENV, LITERAL),
    ("no database is named", "Job", "onrecord-migrate", ENV, []),
    ("exclude each other", "Job", "onrecord-migrate", ENV, BOTH),
    ("knows no ONRECORD_GONE", "Deployment", "onrecord", (*ENV, 0, "name"), "ONRECORD_GONE"),
    ("does not stand before it", "Deployment", "onrecord", ENV, LATE),
    (
        "which is not there",
        "Deployment",
        "onrecord",
        (*CONTAINER, "envFrom", 0, "configMapRef", "name"),
        "onrecord-settings",
    ),
    ("which is not mounted", "Deployment", "onrecord", (*CONTAINER, "volumeMounts"), []),
    ("is not used", "Deployment", "onrecord", (*CONTAINER, "volumeMounts"), []),
    ("is no volume", "Deployment", "onrecord", (*POD, "volumes"), []),
    ("mounted whole", "Deployment", "onrecord", (*CONTAINER, "volumeMounts", 0, "subPath"), "url"),
    ("kind that is not expected", "Deployment", "onrecord", (*POD, "volumes", 0), {"name": "tls", "hostPath": {}}),
    (
        "kind that is not expected",
        "Deployment",
        "onrecord",
        (*POD, "volumes", 0, "hostPath"),
        {"path": "/etc"},
    ),
    ("before it has drained", "Deployment", "onrecord", (*POD, "terminationGracePeriodSeconds"), 30),
    ("a Secret is part", "ServiceAccount", "onrecord", ("kind",), "Secret"),
    ("0 containers migrate", "Job", "onrecord-migrate", (*CONTAINER, "args"), ["serve"]),
    (
        "by which the schema is changed",
        "Job",
        "onrecord-migrate",
        (*POD, "volumes", 0),
        {"name": "database-owner", "secret": {"secretName": "onrecord-database"}},
    ),
    ("cannot be applied a second time", "Job", "onrecord-migrate", ANNOTATIONS, {}),
    (
        "is not deleted",
        "Job",
        "onrecord-migrate",
        (*ANNOTATIONS, "argocd.argoproj.io/hook-delete-policy"),
        "HookSucceeded",
    ),
    ("vanishes by itself", "Job", "onrecord-migrate", ("spec", "ttlSecondsAfterFinished"), 60),
    ("not there at the first sync", "ServiceAccount", "onrecord-migrate", ANNOTATIONS, {}),
    ("settings that are not there", "Job", "onrecord-migrate", (*CONTAINER, "envFrom"), [{"configMapRef": {}}]),
    ("runAsNonRoot", "Job", "onrecord-migrate", (*POD, "securityContext"), {}),
    ("known ServiceAccount", "Job", "onrecord-migrate", (*POD, "serviceAccountName"), "x"),
    ("capabilities", "Deployment", "onrecord", (*CONTAINER, "securityContext"), {}),
    ("sets hostNetwork", "Deployment", "onrecord", (*POD, "hostNetwork"), True),
    ("sets hostPort", "Deployment", "onrecord", (*CONTAINER, "ports", 0, "hostPort"), 50051),
    ("enforce `restricted`", "Namespace", "onrecord", ("metadata", "labels"), {}),
    (
        "'1GB' is no resource quantity",
        "Deployment",
        "onrecord",
        (*CONTAINER, "resources", "limits", "memory"),
        "1GB",
    ),
    ("requests are wanted", "Job", "onrecord-migrate", (*CONTAINER, "resources"), {}),
    ("limits are wanted", "Job", "onrecord-migrate", (*CONTAINER, "resources", "limits"), {}),
    ("no whole number", "Deployment", "onrecord", (*CONTAINER, "resources", "limits", "cpu"), "1500m"),
    ("names a number of pods as well", "Deployment", "onrecord", ("spec", "replicas"), 2),
    (
        "scales gone",
        "HorizontalPodAutoscaler",
        "onrecord",
        ("spec", "scaleTargetRef", "name"),
        "gone",
    ),
    ("nobody says how many", "HorizontalPodAutoscaler", "onrecord", ("spec", "scaleTargetRef", "name"), "gone"),
    ("is no range", "HorizontalPodAutoscaler", "onrecord", ("spec", "minReplicas"), 1),
    (
        "no metric onrecord_gone",
        "HorizontalPodAutoscaler",
        "onrecord",
        ("spec", "metrics", 1, "pods", "metric", "name"),
        "onrecord_gone",
    ),
    ("is no budget", "PodDisruptionBudget", "onrecord", ("spec", "maxUnavailable"), 3),
    ("is no budget", "PodDisruptionBudget", "onrecord", ("spec", "maxUnavailable"), 0),
    ("selects no pod", "NetworkPolicy", "onrecord-egress", ("spec", "podSelector", "matchLabels"), LABELS),
    ("may not reach", "NetworkPolicy", "onrecord-egress", ("spec", "egress"), []),
    ("names and the database", "NetworkPolicy", "onrecord-egress", ("spec", "policyTypes"), ["Ingress"]),
    (
        "names and the database",
        "NetworkPolicy",
        "onrecord-egress",
        ("spec", "egress", 1, "to"),
        [{"podSelector": {"matchLabels": LABELS}}],
    ),
    ("its port grpc", "NetworkPolicy", "onrecord-ingress", ("spec", "ingress"), []),
    ("its port management", "NetworkPolicy", "onrecord-ingress", ("spec", "ingress", 1), {"ports": [{"port": "grpc"}]}),
    ("admits to http", "NetworkPolicy", "onrecord-ingress", ("spec", "ingress", 0, "ports", 0, "port"), "http"),
    ("nothing denies", "NetworkPolicy", "default-deny", ("spec", "policyTypes"), ["Ingress"]),
    ("selects by expressions", "NetworkPolicy", "onrecord-egress", ("spec", "podSelector", "matchExpressions"), []),
    ("scrapes gone", "ServiceMonitor", "onrecord", ("spec", "endpoints", 0, "port"), "gone"),
    ("is not what", "PrometheusRule", "onrecord", ("spec", "groups", 0, "rules", 0, "expr"), "vector(1)"),
    ("leads to gone:50051", "GRPCRoute", "onrecord", ("spec", "rules", 0, "backendRefs", 0, "name"), "gone"),
    ("do not agree on TLS", "BackendTLSPolicy", "onrecord", ("spec", "targetRefs"), []),
    ("its Issuer is not there", "Issuer", "onrecord-ca", ("metadata", "name"), "other"),
    ("nobody mounts other", "Certificate", "onrecord", ("spec", "secretName"), "other"),
    ("does not name onrecord.other.svc", "Certificate", "onrecord", ("metadata", "namespace"), "other"),
    ("does not name elsewhere", "BackendTLSPolicy", "onrecord", ("spec", "validation", "hostname"), "elsewhere"),
]
CLUSTER = [
    ("no role to log in with", "Cluster", "onrecord-db", ("spec", "managed"), {}),
    ("no ingress on port 5432", "NetworkPolicy", "onrecord-db", ("spec", "ingress"), []),
    ("no egress on port 443", "NetworkPolicy", "onrecord-db", ("spec", "egress"), []),
    (
        "names and the database",
        "NetworkPolicy",
        "onrecord-egress",
        ("spec", "egress", 1, "to"),
        [{"podSelector": {"matchLabels": LABELS}}],
    ),
    ("has no replica", "Cluster", "onrecord-db", ("spec", "instances"), 1),
    ("allows 100 connections", "Cluster", "onrecord-db", ("spec", "postgresql", "parameters"), {}),
    ("which is not there", "ConfigMap", "onrecord-roles", ("data",), {}),
    ("archived nowhere", "ObjectStore", "onrecord-db", ("metadata", "name"), "other"),
    ("no backup is scheduled", "ScheduledBackup", "onrecord-db", ("spec", "cluster", "name"), "other"),
    ("selects no pod", "Cluster", "onrecord-db", ("metadata", "name"), "other"),
    ("may not reach", "NetworkPolicy", "onrecord-egress", ("spec", "egress"), []),
    ("2 containers migrate", "Deployment", "onrecord", (*CONTAINER, "args"), ["migrate"]),
    ("0 containers migrate", "Deployment", "onrecord", (*POD, "initContainers"), []),
    ("requests are wanted", "Deployment", "onrecord", (*MIGRATION, "resources"), {}),
]


def broken(docs, kind, name, path, value):
    """The manifests with one value replaced."""
    docs = deepcopy(docs)
    [target] = named(docs, kind, name)
    *parents, last = path
    for key in parents:
        target = target[key]
    target[last] = value
    return docs


class CheckManifests(unittest.TestCase):
    def test_a_volume_holds_the_file_that_a_variable_names(self):
        docs = deepcopy(RENDERED[1])
        [deployment] = of_kind(docs, "Deployment")
        [ca] = [v for v in deployment["spec"]["template"]["spec"]["volumes"] if v["name"] == "database-ca"]
        ca["secret"]["items"] = [{"key": "ca.key", "path": "ca.key"}]
        self.assertIn("not among the items", "\n".join(check.check_mounts(docs)))

    def test_every_break_is_named(self):
        for docs, cases in zip(RENDERED, (EXTERNAL, CLUSTER), strict=True):
            self.assertEqual(list(check.check_all(docs, REPOSITORY)), [])
            for expected, *change in cases:
                with self.subTest(expected=expected, change=change):
                    found = check.check_all(broken(docs, *change), REPOSITORY)
                    self.assertIn(expected, "\n".join(found))

    def test_a_hook_does_not_wait_for_a_database_that_comes_after_it(self):
        [cluster] = of_kind(RENDERED[1], "Cluster")
        found = check.check_hooks([*RENDERED[0], cluster])
        self.assertIn("made only after it", "\n".join(found))

    def test_every_alert_stands_in_the_runbook(self):
        alerts = {"groups": [{"rules": [{"alert": "OnrecordAbsent"}, {"alert": "OnrecordNew"}]}]}
        found = list(check.check_monitoring([], alerts, "## OnrecordAbsent\n\n## OnrecordOld\n"))
        self.assertEqual([line.split()[-1] for line in found], ["OnrecordNew", "OnrecordOld"])

    def test_service_config_must_name_the_schemas_services(self):
        method = {
            "name": [{"service": "onrecord.v1.ArticleService"}],
            "retryPolicy": {"retryableStatusCodes": ["UNAVAILABLE", "INTERNAL"]},
        }
        found = list(check.check_service_config({"methodConfig": [method]}, SERVICES))
        self.assertIn("ExtractionService", found[0])
        self.assertIn("other than UNAVAILABLE", found[1])


if __name__ == "__main__":
    unittest.main()
