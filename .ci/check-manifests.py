#!/usr/bin/env python3
"""Asserts about rendered manifests what a schema cannot see.

Usage: check-manifests.py REPOSITORY RENDERED.yaml...

Prints one line per mistake and exits 1 if there is any.
"""

import functools
import json
import re
import sys
from pathlib import Path

import yaml
from database_rules import (
    check_cluster,
    check_database,
    check_draining,
    check_hooks,
    check_migration,
    check_mounts,
    check_variables,
)
from manifests import (
    WORKLOADS,
    containers,
    each_container,
    is_within,
    of_kind,
    pod_labels,
    title,
)
from network_rules import (
    check_certificates,
    check_monitoring,
    check_namespace,
    check_policies,
    check_routes,
    check_scaling,
)

VERSIONS = {
    "BackendTLSPolicy": "gateway.networking.k8s.io/v1",
    "Certificate": "cert-manager.io/v1",
    "Cluster": "postgresql.cnpg.io/v1",
    "ConfigMap": "v1",
    "Deployment": "apps/v1",
    "GRPCRoute": "gateway.networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Issuer": "cert-manager.io/v1",
    "Job": "batch/v1",
    "Namespace": "v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "ObjectStore": "barmancloud.cnpg.io/v1",
    "PodDisruptionBudget": "policy/v1",
    "PrometheusRule": "monitoring.coreos.com/v1",
    "ScheduledBackup": "postgresql.cnpg.io/v1",
    "Service": "v1",
    "ServiceAccount": "v1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
}
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?")
SERVICE = re.compile(r"^service (\w+)", re.MULTILINE)
PACKAGE = re.compile(r"^package ([\w.]+);", re.MULTILINE)
SETTING = re.compile(r'env = "(ONRECORD_\w+)"')


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
    routes = of_kind(docs, "GRPCRoute")
    routed = {ref["name"] for r in routes for rule in r["spec"]["rules"] for ref in rule["backendRefs"]}
    for service in of_kind(docs, "Service"):
        # A gateway spreads calls by itself.
        if service["spec"].get("clusterIP") != "None" and service["metadata"]["name"] not in routed:
            yield f"{title(service)}: not headless, which pins a gRPC client to one pod"
        for port in service["spec"]["ports"]:
            if port.get("targetPort") not in known:
                yield f"{title(service)}: targetPort {port.get('targetPort')} is no container port"


def asked(probe):
    """The port and the service that a probe asks for: by itself, or by running the program."""
    if "grpc" in probe:
        return probe["grpc"]["port"], probe["grpc"].get("service")
    command = probe.get("exec", {}).get("command", [])
    if command[:2] != ["onrecord", "health"]:
        return None
    server = command[command.index("--server") + 1]
    return int(server.rpartition(":")[2]), command[command.index("--service") + 1]


def check_probes(docs, services):
    """A server has all three probes, on a declared port and a service of the schema; they wait for the schema."""
    for where, workload, container in each_container(docs):
        if workload["kind"] != "Deployment" or container["args"] != ["serve"]:
            continue
        declared = {port["containerPort"] for port in container.get("ports", [])}
        speaks_tls = any(variable["name"] == "ONRECORD_TLS_CERT" for variable in container["env"])
        for name in PROBES:
            probe = container.get(name, {})
            if asked(probe) is None:
                yield f"{where}: no {name} that asks for a service"
                continue
            port, service = asked(probe)
            if port not in declared:
                yield f"{where}: {name} asks port {port}, which is not declared"
            if service not in services:
                yield f"{where}: {name} asks for {service}, which is not in the schema"
            if (name == "startupProbe") != (service == "onrecord.v1.ArticleService"):
                yield f"{where}: only the startup is to wait for the database, not {name}"
            if speaks_tls == ("grpc" in probe):
                yield f"{where}: {name} and server do not agree on TLS"


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
    """Requests and limits for both resources, all of them valid quantities. The server starts a thread for each
    processor of its limit, so that has to be a whole number."""
    for where, _, container in each_container(docs):
        resources = container.get("resources", {})
        requests, limits = resources.get("requests", {}), resources.get("limits", {})
        for given, values in (("requests", requests), ("limits", limits)):
            if not {"cpu", "memory"} <= values.keys():
                yield f"{where}: cpu and memory {given} are wanted"
        if not str(limits.get("cpu", 1)).isdecimal():
            yield f"{where}: a limit of {limits['cpu']} processors is no whole number"
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


@functools.cache
def schema_services(proto_dir):
    """The full names of the services that the .proto files define."""
    services = set()
    for path in Path(proto_dir).rglob("*.proto"):
        text = path.read_text(encoding="utf-8")
        services |= {f"{PACKAGE.search(text)[1]}.{name}" for name in SERVICE.findall(text)}
    return services


def read(*parts):
    return Path(*parts).read_text(encoding="utf-8")


@functools.cache
def known_settings(repository):
    """The environment variables that the program reads, and its source."""
    source = "".join(read(path) for path in sorted(Path(repository, "src").rglob("*.rs")))
    return set(SETTING.findall(source)), source


def check_all(docs, repository):
    """All mistakes in one rendering."""
    services = schema_services(Path(repository, "proto"))
    known, source = known_settings(repository)
    alerts = yaml.safe_load(read(repository, "deploy/alerts/onrecord.rules.yaml"))
    checks = (
        check_versions,
        check_selectors,
        check_images,
        check_ports,
        check_security,
        check_resources,
        check_mounts,
        check_database,
        check_draining,
        check_migration,
        check_hooks,
        check_cluster,
        check_namespace,
        check_policies,
        check_routes,
        check_certificates,
    )
    for check in checks:
        yield from check(docs)
    yield from check_probes(docs, services)
    yield from check_variables(docs, known)
    yield from check_scaling(docs, source)
    yield from check_monitoring(docs, alerts, read(repository, "deploy/RUNBOOK.md"))


def main():
    repository, *files = sys.argv[1:]
    config = json.loads(read(repository, "deploy/service-config.json"))
    mistakes = list(check_service_config(config, schema_services(Path(repository, "proto"))))
    for path in files:
        docs = [doc for doc in yaml.load_all(read(path), yaml.CSafeLoader) if doc]
        mistakes += [f"{Path(path).stem}: {mistake}" for mistake in check_all(docs, repository)]
    print("\n".join(mistakes), end="\n" if mistakes else "")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
