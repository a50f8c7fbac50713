"""What the checks of rendered manifests share: how to find objects and the parts of pods."""

WORKLOADS = ("Deployment", "Job")


def of_kind(docs, *kinds):
    return [doc for doc in docs if doc["kind"] in kinds]


def named(docs, kind, name):
    return [doc for doc in of_kind(docs, kind) if doc["metadata"]["name"] == name]


def title(doc):
    return f"{doc['kind']}/{doc['metadata']['name']}"


def pod_labels(workload):
    return workload["spec"]["template"]["metadata"].get("labels", {})


def pod_of(workload):
    return workload["spec"]["template"]["spec"]


def containers(workload):
    pod = pod_of(workload)
    return (pod.get("initContainers") or []) + pod["containers"]


def each_container(docs):
    for workload in of_kind(docs, *WORKLOADS):
        for container in containers(workload):
            yield f"{title(workload)} container {container['name']}", workload, container


def environment(container):
    """The variables of a container by name, each with the value or the reference it has."""
    return {variable["name"]: variable for variable in container.get("env", [])}


def is_within(selector, labels):
    return bool(selector) and selector.items() <= labels.items()


def annotations(doc):
    return doc["metadata"].get("annotations", {})
