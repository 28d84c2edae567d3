"""Prints 'namespace name' of each pod on stdin (a JSON list) that has to leave: no daemons, static or finished pods."""

import json
import sys


def stays(pod: dict) -> bool:
    metadata = pod["metadata"]
    if "kubernetes.io/config.mirror" in metadata.get("annotations", {}):
        return True
    if any(owner["kind"] == "DaemonSet" for owner in metadata.get("ownerReferences", [])):
        return True
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


for item in json.load(sys.stdin)["items"]:
    if not stays(item):
        print(item["metadata"]["namespace"], item["metadata"]["name"])
