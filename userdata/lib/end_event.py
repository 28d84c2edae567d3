"""Prints 'id others' of the scheduled event on stdin that ends a machine: end_event.py MACHINE. Nothing when there is none."""

import json
import sys

ENDS = ("Preempt", "Terminate")


def main() -> int:
    own = sys.argv[1].lower()
    try:
        for event in json.load(sys.stdin)["Events"]:
            # events of the whole scale set come to each of its machines
            names = [name.lower() for name in event["Resources"]]
            if event["EventType"] in ENDS and own in names:
                print(event["EventId"], len(names) - 1)
                break
    except (ValueError, KeyError, TypeError, AttributeError):
        print("the scheduled events can't be read", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
