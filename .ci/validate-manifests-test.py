"""Breaks real manifests as only a schema can tell; the validation must name every break.

Usage: validate-manifests-test.py DEFINITIONS_DIR RENDERED.yaml...
"""

import importlib.util
import sys
import unittest
from copy import deepcopy
from pathlib import Path

import yaml

SPEC = importlib.util.spec_from_file_location(
    "validate_manifests", Path(__file__).with_name("validate-manifests.py")
)
validate = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(validate)

DEFINITIONS, *FILES = sys.argv[1:]
sys.argv[1:] = []
SCHEMAS = validate.definitions(DEFINITIONS)
DOCS = {
    doc["kind"]: doc
    for path in FILES
    for doc in yaml.safe_load_all(Path(path).read_text(encoding="utf-8"))
}


class ValidateManifests(unittest.TestCase):
    def test_an_unknown_field_is_named_in_every_kind(self):
        for kind, doc in DOCS.items():
            with self.subTest(kind=kind):
                doc = deepcopy(doc)
                part = doc.get("spec", doc)
                self.assertEqual(list(validate.mistakes(doc, SCHEMAS)), [])
                part["unknown"] = 1
                self.assertIn("unknown", "\n".join(validate.mistakes(doc, SCHEMAS)))

    def test_a_wrong_type_is_named_in_every_version(self):
        doc = deepcopy(DOCS["Deployment"])
        doc["spec"]["minReadySeconds"] = "soon"
        found = list(validate.mistakes(doc, SCHEMAS))
        self.assertEqual(len(found), len(validate.KUBERNETES_VERSIONS))

    def test_a_kind_without_a_schema_is_a_mistake(self):
        doc = {"apiVersion": "policy/v1beta1", "kind": "PodSecurityPolicy", "metadata": {"name": "x"}}
        self.assertIn("find schema", next(validate.mistakes(doc, SCHEMAS)))


if __name__ == "__main__":
    unittest.main()
