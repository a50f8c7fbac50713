#!/usr/bin/env python3
"""Asserts about rendered manifests what a schema cannot see.

Usage: check-manifests.py RENDERED.yaml PROTO_DIR [SERVICE_CONFIG.json]

Prints one line per mistake and exits 1 if there is any.
"""

import json
import re
import sys
from pathlib import Path

import yaml

VERSIONS = {
    "Deployment": "apps/v1",
    "Job": "batch/v1",
    "PodDisruptionBudget": "policy/v1",
    "Service": "v1",
    "ServiceAccount": "v1",
}
WORKLOADS = ("Deployment", "Job")
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?")
SERVICE = re.compile(r"^service (\w+)", re.MULTILINE)
PACKAGE = re.compile(r"^package ([\w.]+);", re.MULTILINE)


def of_kind(docs, *kinds):
    return [doc for doc in docs if doc["kind"] in kinds]


def title(doc):
    return f"{doc['kind']}/{doc['metadata']['name']}"


def pod_labels(workload):
    return workload["spec"]["template"]["metadata"].get("labels", {})


def containers(workload):
    pod = workload["spec"]["template"]["spec"]
    return pod.get("initContainers", []) + pod["containers"]


def each_container(docs):
    for workload in of_kind(docs, *WORKLOADS):
        for container in containers(workload):
            yield f"{title(workload)} container {container['name']}", workload, container


def is_within(selector, labels):
    return bool(selector) and selector.items() <= labels.items()


def check_versions(docs):
    """Only kinds that these checks know, in the API version that is served today."""
    for doc in docs:
        if VERSIONS.get(doc["kind"]) != doc["apiVersion"]:
            yield f"{title(doc)}: {doc['apiVersion']} is not the expected version of a known kind"


def check_selectors(docs):
    """Everything that selects pods selects those of a Deployment, and no others."""
    for deployment in of_kind(docs, "Deployment"):
        spec = deployment["spec"]["template"]["spec"]
        spreads = [c["labelSelector"] for c in spec.get("topologySpreadConstraints", [])]
        for selector in [deployment["spec"]["selector"], *spreads]:
            if not is_within(selector["matchLabels"], pod_labels(deployment)):
                yield f"{title(deployment)}: a selector does not match its own pods' labels"
    for doc in of_kind(docs, "Service", "PodDisruptionBudget"):
        selector = doc["spec"]["selector"]
        selector = selector.get("matchLabels", selector)
        hits = {w["kind"] for w in of_kind(docs, *WORKLOADS) if is_within(selector, pod_labels(w))}
        if hits != {"Deployment"}:
            yield f"{title(doc)}: selects pods of {sorted(hits) or 'nothing'}, not of a Deployment"


def check_images(docs):
    """Server and migration run one image, under a tag that means one version."""
    images = {container["image"] for _, _, container in each_container(docs)}
    if len(images) != 1:
        yield f"images differ: {sorted(images)}"
    for image in images:
        tag = image.rpartition("/")[2].partition(":")[2]
        if tag in ("", "latest") and "@" not in image:
            yield f"image {image}: no fixed tag"


def check_ports(docs):
    """Ports have names, Services use them, and nothing routes to a port nobody declares."""
    ports = [(where, port) for where, _, c in each_container(docs) for port in c.get("ports", [])]
    for where, port in ports:
        if "name" not in port:
            yield f"{where}: port {port['containerPort']} has no name"
    known = {port.get("name") for _, port in ports}
    for service in of_kind(docs, "Service"):
        if service["spec"].get("clusterIP") != "None":
            yield f"{title(service)}: not headless, which pins a gRPC client to one pod"
        for port in service["spec"]["ports"]:
            if port.get("targetPort") not in known:
                yield f"{title(service)}: targetPort {port.get('targetPort')} is no container port"


def check_probes(docs, services):
    """A Deployment has all three probes, on a declared port and a service of the schema."""
    for where, workload, container in each_container(docs):
        if workload["kind"] != "Deployment":
            continue
        declared = {port["containerPort"] for port in container.get("ports", [])}
        for name in PROBES:
            probe = container.get(name, {}).get("grpc")
            if probe is None:
                yield f"{where}: no gRPC {name}"
            elif probe["port"] not in declared:
                yield f"{where}: {name} asks port {probe['port']}, which is not declared"
            elif probe.get("service") not in services:
                yield f"{where}: {name} asks for {probe.get('service')}, which is not in the schema"


def check_secrets(docs):
    """The database URL comes by reference, and no manifest carries a Secret."""
    for doc in of_kind(docs, "Secret"):
        yield f"{title(doc)}: a Secret is part of the manifests"
    for where, _, container in each_container(docs):
        for variable in container.get("env", []):
            if variable["name"] == "ONRECORD_DATABASE_URL":
                reference = variable.get("valueFrom", {}).get("secretKeyRef", {})
                if not reference.get("name") or not reference.get("key"):
                    yield f"{where}: ONRECORD_DATABASE_URL is not taken from a Secret"
                break
        else:
            yield f"{where}: ONRECORD_DATABASE_URL is not set"


def check_security(docs):
    """Pods run as a numeric non-root user, without privileges, token or writable root."""
    accounts = {doc["metadata"]["name"] for doc in of_kind(docs, "ServiceAccount")}
    for where, workload, container in each_container(docs):
        pod = workload["spec"]["template"]["spec"]
        context = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
        wanted = {
            "runAsNonRoot": context.get("runAsNonRoot") is True,
            "runAsUser above 0": context.get("runAsUser", 0) > 0,
            "readOnlyRootFilesystem": context.get("readOnlyRootFilesystem") is True,
            "allowPrivilegeEscalation off": context.get("allowPrivilegeEscalation") is False,
            "privileged off": not context.get("privileged"),
            "capabilities dropped": context.get("capabilities", {}) == {"drop": ["ALL"]},
            "seccomp profile": context.get("seccompProfile") == {"type": "RuntimeDefault"},
            "token mount off": pod.get("automountServiceAccountToken") is False,
            "a known ServiceAccount": pod.get("serviceAccountName") in accounts,
        }
        for rule, holds in wanted.items():
            if not holds:
                yield f"{where}: {rule} is missing"


def check_resources(docs):
    """Requests for both resources and a memory limit, all of them valid quantities."""
    for where, _, container in each_container(docs):
        resources = container.get("resources", {})
        requests, limits = resources.get("requests", {}), resources.get("limits", {})
        if not {"cpu", "memory"} <= requests.keys() or "memory" not in limits:
            yield f"{where}: cpu and memory requests and a memory limit are wanted"
        for value in [*requests.values(), *limits.values()]:
            if not QUANTITY.fullmatch(str(value)):
                yield f"{where}: {value!r} is no resource quantity"


def check_service_config(config, services):
    """The client's service config names every service of the schema and retries only UNAVAILABLE."""
    methods = config["methodConfig"]
    named = {name["service"] for method in methods for name in method["name"]}
    if named != services:
        yield f"service config and schema differ in {sorted(named ^ services)}"
    for method in methods:
        if "retryPolicy" in method and method["retryPolicy"]["retryableStatusCodes"] != ["UNAVAILABLE"]:
            yield "service config retries something other than UNAVAILABLE"


def schema_services(proto_dir):
    """The full names of the services that the .proto files define."""
    services = set()
    for path in Path(proto_dir).rglob("*.proto"):
        text = path.read_text(encoding="utf-8")
        services |= {f"{PACKAGE.search(text)[1]}.{name}" for name in SERVICE.findall(text)}
    return services


def main():
    rendered, proto_dir, *config = sys.argv[1:]
    docs = [doc for doc in yaml.safe_load_all(Path(rendered).read_text(encoding="utf-8")) if doc]
    services = schema_services(proto_dir)
    checks = (
        check_versions,
        check_selectors,
        check_images,
        check_ports,
        check_secrets,
        check_security,
        check_resources,
    )
    mistakes = [mistake for check in checks for mistake in check(docs)]
    mistakes += check_probes(docs, services)
    for path in config:
        mistakes += check_service_config(json.loads(Path(path).read_text()), services)
    print("\n".join(mistakes), end="\n" if mistakes else "")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
