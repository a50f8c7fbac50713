"""What has to hold of scaling, network policies, monitoring, routes and certificates."""

from manifests import (
    containers,
    each_container,
    environment,
    is_within,
    named,
    of_kind,
    pod_labels,
    pod_of,
    title,
)

RESTRICTED = "pod-security.kubernetes.io/enforce"


def check_namespace(docs):
    """A namespace that is made here admits only pods at the level `restricted`."""
    for namespace in of_kind(docs, "Namespace"):
        if namespace["metadata"].get("labels", {}).get(RESTRICTED) != "restricted":
            yield f"{title(namespace)}: does not enforce `restricted`"
    for workload in of_kind(docs, "Deployment", "Job"):
        pod = pod_of(workload)
        for key in ("hostNetwork", "hostPID", "hostIPC", "hostUsers"):
            if key in pod:
                yield f"{title(workload)}: sets {key}"
        for container in containers(workload):
            if any("hostPort" in port for port in container.get("ports", [])):
                yield f"{title(workload)}: sets hostPort"


def check_scaling(docs, source):
    """An autoscaler owns the number of pods, and pods may leave one at a time."""
    fewest = {}
    for deployment in of_kind(docs, "Deployment"):
        fewest[deployment["metadata"]["name"]] = deployment["spec"].get("replicas")
    for scaler in of_kind(docs, "HorizontalPodAutoscaler"):
        spec = scaler["spec"]
        target = spec["scaleTargetRef"]["name"]
        for deployment in named(docs, "Deployment", target):
            if "replicas" in deployment["spec"]:
                yield f"{title(scaler)}: {title(deployment)} names a number of pods as well"
        if target not in fewest:
            yield f"{title(scaler)}: scales {target}, which is not there"
        if not 2 <= spec["minReplicas"] < spec["maxReplicas"]:
            yield f"{title(scaler)}: from {spec['minReplicas']} to {spec['maxReplicas']} pods is no range"
        fewest[target] = spec["minReplicas"]
        for metric in spec["metrics"]:
            name = metric.get("pods", {}).get("metric", {}).get("name")
            if name and f'"{name}"' not in source:
                yield f"{title(scaler)}: the program has no metric {name}"
    for deployment in of_kind(docs, "Deployment"):
        if fewest[deployment["metadata"]["name"]] is None:
            yield f"{title(deployment)}: nobody says how many pods there are"
    for budget in of_kind(docs, "PodDisruptionBudget"):
        most = budget["spec"].get("maxUnavailable")
        pods = max((count or 1 for count in fewest.values()), default=1)
        if not isinstance(most, int) or not 1 <= most < max(pods, 2):
            yield f"{title(budget)}: {most} of {pods} pods is no budget"


def check_policies(docs):
    """Each NetworkPolicy selects pods that are here, and names ports that they have."""
    for policy in of_kind(docs, "NetworkPolicy"):
        selector = policy["spec"]["podSelector"].get("matchLabels", {})
        workloads = [w for w in of_kind(docs, "Deployment", "Job") if is_within(selector, pod_labels(w))]
        clusters = [{"cnpg.io/cluster": doc["metadata"]["name"]} for doc in of_kind(docs, "Cluster")]
        if selector and not workloads and selector not in clusters:
            yield f"{title(policy)}: selects no pod"
        if "matchExpressions" in policy["spec"]["podSelector"]:
            yield f"{title(policy)}: selects by expressions, which this check does not read"
        ports = {p["name"] for w in workloads for c in containers(w) for p in c.get("ports", [])}
        for rule in policy["spec"].get("ingress", []):
            for port in rule.get("ports", []):
                if isinstance(port["port"], str) and port["port"] not in ports:
                    yield f"{title(policy)}: admits to {port['port']}, which is no port"
    if of_kind(docs, "NetworkPolicy"):
        yield from check_admission(docs)


def check_admission(docs):
    """Where policies are, they deny what none of them names, and let each pod reach its database."""
    policies = [doc["spec"] for doc in of_kind(docs, "NetworkPolicy")]
    default = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    # A database that comes with its own policy may stand in an open namespace.
    if not of_kind(docs, "Cluster") and default not in policies:
        yield "NetworkPolicy: nothing denies by default"
    if default not in policies:
        return
    for workload in of_kind(docs, "Deployment", "Job"):
        labels = pod_labels(workload)
        reached = rules_of(policies, labels, "egress")
        names = any(has_port(rule, 53) for rule in reached)
        database = any(has_port(rule, 5432) and leads_to_database(docs, rule) for rule in reached)
        if not (names and database):
            yield f"{title(workload)}: may not reach names and the database"
        if workload["kind"] != "Deployment":
            continue
        wanted = ["grpc", "management"] if of_kind(docs, "ServiceMonitor") else ["grpc"]
        for port in wanted:
            if not any(has_port(rule, port) for rule in rules_of(policies, labels, "ingress")):
                yield f"{title(workload)}: nobody may reach its port {port}"
    for cluster in of_kind(docs, "Cluster"):
        labels = {"cnpg.io/cluster": cluster["metadata"]["name"]}
        for direction, port in (("ingress", 5432), ("ingress", 8000), ("egress", 53), ("egress", 443)):
            if not any(has_port(rule, port) for rule in rules_of(policies, labels, direction)):
                yield f"{title(cluster)}: its pods are cut off, no {direction} on port {port}"


def rules_of(policies, labels, direction):
    """What the policies that name these pods allow them. Without its type a policy's rules have no effect."""
    return [
        rule
        for policy in policies
        if is_within(policy["podSelector"].get("matchLabels", {}), labels)
        if direction.capitalize() in policy["policyTypes"]
        for rule in policy.get(direction, [])
    ]


def has_port(rule, port):
    return "ports" not in rule or any(given["port"] == port for given in rule["ports"])


def leads_to_database(docs, rule):
    """Whether a rule leads anywhere, or to the pods of a database here, or to an address outside."""
    clusters = [{"cnpg.io/cluster": doc["metadata"]["name"]} for doc in of_kind(docs, "Cluster")]
    for peer in rule.get("to") or [{}]:
        pods = peer.get("podSelector", {}).get("matchLabels", {})
        if clusters and "namespaceSelector" not in peer and any(is_within(pods, labels) for labels in clusters):
            return True
        if not peer or not clusters and peer.get("ipBlock"):
            return True
    return False


def check_monitoring(docs, alerts, runbook):
    """Prometheus finds a port, its alerts are those of the file, and each stands in the runbook."""
    for monitor in of_kind(docs, "ServiceMonitor"):
        selector = monitor["spec"]["selector"]["matchLabels"]
        found = [s for s in of_kind(docs, "Service") if is_within(selector, s["metadata"]["labels"])]
        ports = {port["name"] for service in found for port in service["spec"]["ports"]}
        for endpoint in monitor["spec"]["endpoints"]:
            if endpoint["port"] not in ports:
                yield f"{title(monitor)}: scrapes {endpoint['port']}, which no Service has that it selects"
    for rule in of_kind(docs, "PrometheusRule"):
        if rule["spec"] != alerts:
            yield f"{title(rule)}: is not what .ci/write-prometheus-rule.py writes"
    headings = {line[3:] for line in runbook.splitlines() if line.startswith("## ")}
    names = {rule["alert"] for group in alerts["groups"] for rule in group["rules"]}
    for name in sorted(names ^ headings):
        yield f"runbook and alerts differ in {name}"


def check_routes(docs):
    """A route leads to a Service that is here, by TLS if the server speaks it."""
    speaks_tls = any("ONRECORD_TLS_CERT" in environment(c) for _, _, c in each_container(docs))
    for route in of_kind(docs, "GRPCRoute"):
        for backend in (ref for rule in route["spec"]["rules"] for ref in rule["backendRefs"]):
            found = named(docs, "Service", backend["name"])
            ports = {port["port"] for service in found for port in service["spec"]["ports"]}
            if backend["port"] not in ports:
                yield f"{title(route)}: leads to {backend['name']}:{backend['port']}, which is not there"
            policies = [
                target["name"]
                for policy in of_kind(docs, "BackendTLSPolicy")
                for target in policy["spec"]["targetRefs"]
            ]
            if speaks_tls != (backend["name"] in policies):
                yield f"{title(route)}: gateway and server do not agree on TLS"
    for service in of_kind(docs, "Service"):
        for port in service["spec"]["ports"]:
            wanted = "https" if speaks_tls else "kubernetes.io/h2c"
            if port["name"] == "grpc" and port.get("appProtocol") != wanted:
                yield f"{title(service)}: says {port.get('appProtocol')} of its port, not {wanted}"


def check_certificates(docs):
    """Certificates are signed by an Issuer that is here or of the cluster, mounted, and name whom callers ask for."""
    volumes = [v for w in of_kind(docs, "Deployment") for v in pod_of(w).get("volumes") or []]
    mounted = {volume["secret"]["secretName"] for volume in volumes if "secret" in volume}
    for certificate in of_kind(docs, "Certificate"):
        spec = certificate["spec"]
        if spec["issuerRef"]["kind"] == "Issuer" and not named(docs, "Issuer", spec["issuerRef"]["name"]):
            yield f"{title(certificate)}: its Issuer is not there"
        if spec.get("isCA"):
            continue
        if spec["secretName"] not in mounted:
            yield f"{title(certificate)}: nobody mounts {spec['secretName']}"
        names = {"localhost", "onrecord"}
        namespace = certificate["metadata"].get("namespace")
        if namespace:
            names |= {f"onrecord.{namespace}.svc", f"onrecord.{namespace}.svc.cluster.local"}
        for policy in of_kind(docs, "BackendTLSPolicy"):
            names.add(policy["spec"]["validation"]["hostname"])
        for name in sorted(names - set(spec["dnsNames"])):
            yield f"{title(certificate)}: does not name {name}"
