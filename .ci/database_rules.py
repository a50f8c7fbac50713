"""What has to hold of variables, mounted files, the migration and the database."""

import re

from manifests import annotations, containers, each_container, environment, named, of_kind, pod_of, title

# What Pod Security admits at the level `restricted`, without those that write.
VOLUMES = {"configMap", "secret"}
REFERENCE = re.compile(r"\$\((\w+)\)")
PASSWORD = re.compile(r"://[^@/]*:[^@/]*@")
HOOK = "argocd.argoproj.io/hook"
HOOK_DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
# How many connections a server opens: deploy/README.md counts them.
CONNECTIONS = 34
# The program's default, in seconds.
DRAIN_TIMEOUT = 25
# Those of the operator, of backups and of people.
SPARE_CONNECTIONS = 20


def check_variables(docs, known):
    """Every variable of ours is one that the program knows, and none uses another that comes after it."""
    for where, _, container in each_container(docs):
        names = list(environment(container))
        for source in container.get("envFrom", []):
            name = source.get("configMapRef", {}).get("name", "")
            found = named(docs, "ConfigMap", name)
            if not found:
                yield f"{where}: takes settings of ConfigMap {name}, which is not there"
            names += [key for doc in found for key in doc["data"]]
        for name in names:
            if name.startswith("ONRECORD_") and name not in known:
                yield f"{where}: the program knows no {name}"
        before = set()
        for variable in container.get("env", []):
            for used in REFERENCE.findall(variable.get("value", "")):
                if used not in before:
                    yield f"{where}: {variable['name']} uses {used}, which does not stand before it"
            before.add(variable["name"])


def check_mounts(docs):
    """Every file that a variable names lies in a volume that is there, and changes of its source reach it."""
    for where, workload, container in each_container(docs):
        volumes = {volume["name"]: volume for volume in pod_of(workload).get("volumes") or []}
        mounts = container.get("volumeMounts", [])
        for mount in mounts:
            if mount["name"] not in volumes:
                yield f"{where}: mounts {mount['name']}, which is no volume"
            if "subPath" in mount or not mount.get("readOnly"):
                yield f"{where}: {mount['name']} has to be mounted whole and only for reading"
        chosen = {}
        for mount in mounts:
            volume = volumes.get(mount["name"], {})
            items = (volume.get("secret") or volume.get("configMap") or {}).get("items")
            if items:
                folder = f"{mount['mountPath']}/"
                chosen[folder] = {folder + item["path"] for item in items}
        folders = tuple(f"{mount['mountPath']}/" for mount in mounts)
        for variable in container.get("env", []):
            for path in re.findall(r"/etc/[\w./-]+", variable.get("value", "")):
                if not path.startswith(folders):
                    yield f"{where}: {variable['name']} names {path}, which is not mounted"
                elif any(path.startswith(folder) and path not in held for folder, held in chosen.items()):
                    yield f"{where}: {variable['name']} names {path}, which is not among the items of its volume"
    for workload in of_kind(docs, "Deployment", "Job"):
        used = {mount["name"] for c in containers(workload) for mount in c.get("volumeMounts", [])}
        for volume in pod_of(workload).get("volumes") or []:
            if volume.keys() - {"name"} not in ({source} for source in VOLUMES):
                yield f"{title(workload)}: volume {volume['name']} is of a kind that is not expected"
            if volume["name"] not in used:
                yield f"{title(workload)}: volume {volume['name']} is not used"


def check_database(docs):
    """Each container is told its database in one way, and no password stands in a manifest."""
    for doc in of_kind(docs, "Secret"):
        yield f"{title(doc)}: a Secret is part of the manifests"
    for where, _, container in each_container(docs):
        variables = environment(container)
        for name in ("ONRECORD_DATABASE_URL", "ONRECORD_DATABASE_REPLICA_URL"):
            if name in variables and f"{name}_FILE" in variables:
                yield f"{where}: {name} and {name}_FILE exclude each other"
        if not {"ONRECORD_DATABASE_URL", "ONRECORD_DATABASE_URL_FILE"} & variables.keys():
            yield f"{where}: no database is named"
        for name, variable in variables.items():
            value = variable.get("value", "")
            if PASSWORD.search(value):
                yield f"{where}: {name} holds a password"
            if value.startswith("postgres://") and "sslmode=verify-full" not in value:
                yield f"{where}: {name} does not check whom it connects to"


def check_draining(docs):
    """The server has time to end by itself before it is killed."""
    for where, workload, container in each_container(docs):
        if container["args"][0] != "serve":
            continue
        settings = {}
        for source in container.get("envFrom", []):
            for doc in named(docs, "ConfigMap", source.get("configMapRef", {}).get("name", "")):
                settings |= doc["data"]
        settings |= {name: variable.get("value") for name, variable in environment(container).items()}
        delay = int(settings.get("ONRECORD_DRAIN_DELAY", 0))
        timeout = int(settings.get("ONRECORD_DRAIN_TIMEOUT", DRAIN_TIMEOUT))
        if pod_of(workload).get("terminationGracePeriodSeconds", 30) <= delay + timeout:
            yield f"{where}: is killed before it has drained, which takes {delay} s and {timeout} s"


def secrets_of(workload, container):
    """The Secrets that a container can read."""
    volumes = {volume["name"]: volume for volume in pod_of(workload).get("volumes") or []}
    mounted = [volumes.get(mount["name"], {}) for mount in container.get("volumeMounts", [])]
    names = {volume["secret"]["secretName"] for volume in mounted if "secret" in volume}
    for variable in container.get("env", []):
        reference = variable.get("valueFrom", {}).get("secretKeyRef")
        if reference:
            names.add(reference["name"])
    return names


def check_migration(docs):
    """The schema is migrated in one place, by a role that the server does not have."""
    each = list(each_container(docs))
    migrating = [(w, c) for _, w, c in each if c["args"][0] == "migrate"]
    if len(migrating) != 1:
        yield f"{len(migrating)} containers migrate the schema, not one"
    for where, workload, container in each:
        if container["args"][0] != "serve":
            continue
        for other, migration in migrating:
            shared = secrets_of(workload, container) & secrets_of(other, migration)
            shared = {name for name in shared if not name.endswith("-ca")}
            if shared:
                yield f"{where}: can read {sorted(shared)}, by which the schema is changed"


def check_hooks(docs):
    """A Job is made anew for each sync, and what it needs is there before everything else."""
    for job in of_kind(docs, "Job"):
        if annotations(job).get(HOOK) != "PreSync":
            yield f"{title(job)}: is no hook, and so cannot be applied a second time"
            continue
        if annotations(job).get(HOOK_DELETE_POLICY) != "BeforeHookCreation":
            yield f"{title(job)}: the one of the last sync is not deleted"
        if "ttlSecondsAfterFinished" in job["spec"]:
            yield f"{title(job)}: vanishes by itself, and is out of sync then"
        if of_kind(docs, "Cluster"):
            yield f"{title(job)}: waits for a database that is made only after it"
        for account in named(docs, "ServiceAccount", pod_of(job)["serviceAccountName"]):
            if annotations(account).get(HOOK) != "PreSync":
                yield f"{title(job)}: its {title(account)} is not there at the first sync"
        for container in containers(job):
            if container.get("envFrom"):
                yield f"{title(job)}: takes settings that are not there at the first sync"


def most_pods(docs):
    """How many servers run at once at most: one more than wanted, during a rollout."""
    scaled = [doc["spec"]["maxReplicas"] for doc in of_kind(docs, "HorizontalPodAutoscaler")]
    fixed = [doc["spec"].get("replicas", 1) for doc in of_kind(docs, "Deployment")]
    return max(scaled + fixed) + 1


def check_cluster(docs):
    """A Cluster has a replica, roles, a backup, and connections for all pods."""
    for cluster in of_kind(docs, "Cluster"):
        spec = cluster["spec"]
        roles = spec.get("managed", {}).get("roles", [])
        if not any(role["name"] == "onrecord_server" and role.get("login") for role in roles):
            yield f"{title(cluster)}: the server has no role to log in with"
        if spec["instances"] < 2:
            yield f"{title(cluster)}: has no replica"
        allowed = int(spec["postgresql"]["parameters"].get("max_connections", 100))
        wanted = CONNECTIONS * most_pods(docs) + SPARE_CONNECTIONS
        if allowed < wanted:
            yield f"{title(cluster)}: allows {allowed} connections, and {wanted} may be opened"
        for source in spec["bootstrap"]["initdb"]["postInitApplicationSQLRefs"]["configMapRefs"]:
            found = named(docs, "ConfigMap", source["name"])
            if not any(source["key"] in doc["data"] for doc in found):
                yield f"{title(cluster)}: runs {source['name']}/{source['key']}, which is not there"
        stores = [p["parameters"]["barmanObjectName"] for p in spec["plugins"] if p.get("isWALArchiver")]
        if not stores or not named(docs, "ObjectStore", stores[0]):
            yield f"{title(cluster)}: its log is archived nowhere"
        backed_up = [doc["spec"]["cluster"]["name"] for doc in of_kind(docs, "ScheduledBackup")]
        if cluster["metadata"]["name"] not in backed_up:
            yield f"{title(cluster)}: no backup is scheduled"
