#!/usr/bin/env python3
"""Writes the PrometheusRule of the component metrics from the alerts, which Prometheus without its operator loads as
they are.

Usage: write-prometheus-rule.py
"""

from pathlib import Path

DEPLOY = Path(__file__).parent.parent / "deploy"
HEAD = """\
# Written by .ci/write-prometheus-rule.py from ../../alerts/onrecord.rules.yaml: change it there.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: onrecord
  labels:
    app.kubernetes.io/name: onrecord
spec:
"""

alerts = (DEPLOY / "alerts/onrecord.rules.yaml").read_text(encoding="utf-8").splitlines()
body = "".join(f"  {line}\n" for line in alerts if not line.startswith("#"))
(DEPLOY / "components/metrics/prometheus-rule.yaml").write_text(HEAD + body, encoding="utf-8")
