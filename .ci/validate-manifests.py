#!/usr/bin/env python3
"""Validates rendered manifests against the schemas of several Kubernetes versions, and custom resources against their
definitions. Fields that no schema knows are mistakes.

Usage: validate-manifests.py DEFINITIONS_DIR RENDERED.yaml...

Prints one line per mistake and exits 1 if there is any. A manifest that is in several files is looked at once.
"""

import functools
import json
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml
from kubernetes_validate import utils

KUBERNETES_VERSIONS = ("1.29", "1.31", "1.33", "1.35")

# The library reads a file of some megabytes anew for each object.
utils.schema_contents = functools.cache(utils.schema_contents)


def closed(schema):
    """The schema, with unknown fields refused as the API server does when it is asked to be strict."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(part) for key, part in schema.items()}
    open_fields = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not open_fields:
        schema["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        schema.pop("type", None)
    return schema


def definitions(folder):
    """The schemas of custom resources, by kind and API version, with the fields that every object has."""
    schemas = {}
    for path in sorted(Path(folder).glob("*.yaml")):
        definition = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["spec"]
        for version in definition["versions"]:
            if not version["served"]:
                continue
            schema = closed(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            key = (definition["names"]["kind"], f"{definition['group']}/{version['name']}")
            schemas[key] = jsonschema.Draft202012Validator(schema)
    return schemas


def mistakes(doc, schemas):
    """What the definition of a custom resource refuses, or any version of Kubernetes."""
    custom = schemas.get((doc["kind"], doc["apiVersion"]))
    if custom:
        for error in custom.iter_errors(doc):
            yield f"{'.'.join(map(str, error.path))}: {error.message}"
        return
    for version in KUBERNETES_VERSIONS:
        try:
            kubernetes_validate.validate(doc, version, strict=True)
        except (utils.ValidationError, utils.SchemaNotFoundError) as error:
            yield f"Kubernetes {version}: {error.message}"


def main():
    folder, *files = sys.argv[1:]
    schemas = definitions(folder)
    seen, found = set(), 0
    for path in files:
        for doc in yaml.load_all(Path(path).read_text(encoding="utf-8"), yaml.CSafeLoader):
            text = json.dumps(doc, sort_keys=True)
            if text in seen:
                continue
            seen.add(text)
            for mistake in mistakes(doc, schemas):
                found += 1
                print(f"{Path(path).stem}: {doc['kind']}/{doc['metadata']['name']}: {mistake}")
    print(f"{len(seen)} objects against Kubernetes {', '.join(KUBERNETES_VERSIONS)} and {len(schemas)} definitions")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
