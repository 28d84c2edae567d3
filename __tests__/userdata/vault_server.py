"""A Vault for tests: AppRole and a key-value engine of version 2 on loopback, over TLS. vault_server.py CERT KEY PORT_FILE LOG

Answers as Vault does: https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
"""

import http.server
import json
import ssl
import sys

CERT, KEY, PORT_FILE, LOG = sys.argv[1:]
VERSIONS = {"drover/lab/management/join": [{"value": "hush"}], "drover/lab/management/denied": [{"value": "x"}]}
CREATE_ONLY = {"drover/lab/management/create-only"}
TOKENS = []


class Vault(http.server.BaseHTTPRequestHandler):
    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self, what):
        with open(LOG, "a", encoding="utf-8") as log:
            log.write("%s %s %s\n" % (what, self.path, self.headers.get("X-Vault-Namespace", "-")))

    def refuse(self, status, *errors):
        self.answer(status, {"errors": list(errors)})

    def name(self):
        """The secret that the request is about, if its token may touch it."""
        mount, _, rest = self.path.removeprefix("/v1/").partition("/data/")
        name = "%s/%s" % (mount, rest)
        if self.headers.get("X-Vault-Token") not in TOKENS or name.endswith("/denied"):
            self.refuse(403, "permission denied")
            return None
        return name

    def do_GET(self):
        self.note("GET")
        name = self.name()
        if name is None:
            return
        if not VERSIONS.get(name):
            self.refuse(404)
            return
        self.answer(200, {"data": {"data": VERSIONS[name][-1], "metadata": {"version": len(VERSIONS[name])}}})

    def do_POST(self):
        self.note("POST")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/auth/approle/login":
            self.log_in(body)
        elif self.path == "/v1/forget-tokens":
            TOKENS.clear()
            self.answer(200, {})
        else:
            self.write(body)

    def log_in(self, body):
        if body != {"role_id": "role-1", "secret_id": 'se"cret\\id'}:
            self.refuse(400, "invalid role or secret ID")
            return
        TOKENS.append("hvs.%d" % len(TOKENS))
        self.answer(200, {"auth": {"client_token": TOKENS[-1], "lease_duration": 600}})

    def write(self, body):
        name = self.name()
        if name is None:
            return
        versions = VERSIONS.setdefault(name, [])
        if versions and name in CREATE_ONLY:
            self.refuse(403, "1 error occurred:\n\t* permission denied\n\n")
        elif "cas" in body.get("options", {}) and body["options"]["cas"] != len(versions):
            self.refuse(400, "check-and-set parameter did not match the current version")
        else:
            versions.append(body["data"])
            self.answer(200, {"data": {"version": len(versions)}})

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vault)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERT, KEY)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(PORT_FILE, "w", encoding="utf-8") as port_file:
    port_file.write(str(server.server_address[1]))
server.serve_forever()
