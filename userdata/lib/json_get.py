"""Prints one value of the JSON document on stdin: json_get.py KEY... (a number indexes a list)."""

import json
import sys


def main() -> int:
    try:
        value = json.load(sys.stdin)
        for key in sys.argv[1:]:
            value = value[int(key)] if isinstance(value, list) else value[key]
    except (ValueError, KeyError, IndexError, TypeError):
        # the document may hold a secret: the message names only the path
        print("no '%s' in the JSON answer" % ".".join(sys.argv[1:]), file=sys.stderr)
        return 1
    print(value if isinstance(value, str) else json.dumps(value))
    return 0


sys.exit(main())
