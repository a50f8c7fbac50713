"""Breaks the real manifests in one place at a time; the check must name every break.

Usage: check-manifests-test.py RENDERED.yaml
"""

import importlib.util
import sys
import unittest
from copy import deepcopy
from pathlib import Path

import yaml

SPEC = importlib.util.spec_from_file_location(
    "check_manifests", Path(__file__).with_name("check-manifests.py")
)
manifests = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(manifests)

RENDERED = list(yaml.safe_load_all(Path(sys.argv.pop(1)).read_text(encoding="utf-8")))
SERVICES = {"onrecord.v1.ArticleService", "onrecord.v1.ExtractionService"}


def broken(kind, path, value):
    """The manifests with the value at `path` of the first object of `kind` replaced."""
    docs = deepcopy(RENDERED)
    target = manifests.of_kind(docs, kind)[0]
    *parents, last = path
    for key in parents:
        target = target[key]
    target[last] = value
    return docs


POD = ("spec", "template", "spec")
CONTAINER = (*POD, "containers", 0)
LABELS = {"app.kubernetes.io/name": "other"}

CASES = [
    (manifests.check_versions, "Job", ("apiVersion",), "batch/v1beta1", "batch/v1beta1 is not"),
    (manifests.check_versions, "Service", ("kind",), "Ingress", "Ingress/onrecord: v1 is not"),
    (manifests.check_selectors, "Service", ("spec", "selector"), LABELS, "selects pods of nothing"),
    (
        manifests.check_selectors,
        "Service",
        ("spec", "selector"),
        {"app.kubernetes.io/name": "onrecord"},
        "selects pods of ['Deployment', 'Job']",
    ),
    (
        manifests.check_selectors,
        "PodDisruptionBudget",
        ("spec", "selector", "matchLabels"),
        LABELS,
        "selects pods of nothing",
    ),
    (
        manifests.check_selectors,
        "Deployment",
        ("spec", "template", "metadata", "labels"),
        LABELS,
        "does not match its own pods",
    ),
    (manifests.check_images, "Job", (*CONTAINER, "image"), "onrecord:0.0.9", "images differ"),
    (manifests.check_images, "Job", (*CONTAINER, "image"), "host:5000/onrecord", "no fixed tag"),
    (manifests.check_ports, "Deployment", (*CONTAINER, "ports", 0, "name"), "http", "targetPort grpc"),
    (manifests.check_ports, "Service", ("spec", "clusterIP"), "", "not headless"),
    (
        manifests.check_probes,
        "Deployment",
        (*CONTAINER, "readinessProbe", "grpc", "port"),
        8080,
        "asks port 8080",
    ),
    (
        manifests.check_probes,
        "Deployment",
        (*CONTAINER, "livenessProbe", "grpc", "service"),
        "onrecord.v1.Gone",
        "asks for onrecord.v1.Gone",
    ),
    (manifests.check_probes, "Deployment", (*CONTAINER, "startupProbe"), {}, "no gRPC startupProbe"),
    (
        manifests.check_secrets,
        "Job",
        (*CONTAINER, "env"),
        [{"name": "ONRECORD_DATABASE_URL", "value": "postgres://x"}],
        "not taken from a Secret",
    ),
    (manifests.check_secrets, "Job", (*CONTAINER, "env"), [], "is not set"),
    (manifests.check_secrets, "ServiceAccount", ("kind",), "Secret", "a Secret is part"),
    (manifests.check_security, "Job", (*POD, "securityContext"), {}, "runAsNonRoot"),
    (manifests.check_security, "Job", (*POD, "serviceAccountName"), "x", "known ServiceAccount"),
    (manifests.check_security, "Deployment", (*CONTAINER, "securityContext"), {}, "capabilities"),
    (
        manifests.check_resources,
        "Deployment",
        (*CONTAINER, "resources", "limits", "memory"),
        "1GB",
        "'1GB' is no resource quantity",
    ),
    (manifests.check_resources, "Job", (*CONTAINER, "resources"), {}, "are wanted"),
]


def mistakes(check, docs):
    return list(check(docs, SERVICES) if check is manifests.check_probes else check(docs))


class CheckManifests(unittest.TestCase):
    def test_every_break_is_named(self):
        for check, kind, path, value, expected in CASES:
            with self.subTest(check=check.__name__, kind=kind, path=path):
                self.assertEqual(mistakes(check, RENDERED), [])
                self.assertIn(expected, "\n".join(mistakes(check, broken(kind, path, value))))

    def test_service_config_must_name_the_schemas_services(self):
        method = {
            "name": [{"service": "onrecord.v1.ArticleService"}],
            "retryPolicy": {"retryableStatusCodes": ["UNAVAILABLE", "INTERNAL"]},
        }
        found = list(manifests.check_service_config({"methodConfig": [method]}, SERVICES))
        self.assertIn("ExtractionService", found[0])
        self.assertIn("other than UNAVAILABLE", found[1])


if __name__ == "__main__":
    unittest.main()
