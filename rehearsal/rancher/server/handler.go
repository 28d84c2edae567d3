package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"

	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/script"
	"drover/rehearsal/rancher/store"
)

// binaryPath is where machines get their agent.
const binaryPath = "/assets/rancher-system-agent-" + runtime.GOARCH

// Handler is Rancher's outward face.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ping", func(w http.ResponseWriter, _ *http.Request) { text(w, "pong") })
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /cacerts", s.cacerts)
	mux.HandleFunc("GET /system-agent-install.sh", s.installer)
	mux.HandleFunc("GET "+binaryPath, func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, s.options.AgentBinary) })
	mux.HandleFunc("GET /v3/connect/agent", s.register)
	mux.HandleFunc("POST /v3/connect/plan/{secret}", s.report)
	mux.HandleFunc("GET /v3/machines", s.reader(s.listMachines))
	mux.HandleFunc("GET /v3/clusters", s.reader(s.listClusters))
	mux.HandleFunc("GET /v3/clusters/{name}", s.reader(s.showCluster))
	mux.HandleFunc("/k8s/clusters/{id}/", s.reader(s.proxy))
	return mux
}

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	if _, err := s.store(); err != nil {
		s.fail(w, r, err)
		return
	}
	text(w, "ok")
}

func (s *Server) cacerts(w http.ResponseWriter, r *http.Request) {
	path := s.config.Load().CA
	if path == "" {
		text(w, "")
		return
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	text(w, string(raw))
}

func (s *Server) installer(w http.ResponseWriter, _ *http.Request) {
	url := s.config.Load().URL
	text(w, script.Install(script.Settings{Server: url, BinaryURL: url + binaryPath, BinarySHA256: s.binarySum}))
}

// register is what the installer asks: a cluster's registration token makes a machine, or finds it by its cattle-id.
func (s *Server) register(w http.ResponseWriter, r *http.Request) {
	settings := s.config.Load()
	cluster, known := settings.ByToken(bearer(r))
	if !known {
		s.options.Log.Warn("registration refused", "from", r.RemoteAddr, "node", r.Header.Get("X-Cattle-Node-Name"))
		answer(w, http.StatusUnauthorized, problem("this is not the registration token of a cluster"))
		return
	}
	registration, err := registrationOf(r.Header, cluster.Name)
	if err != nil {
		answer(w, http.StatusBadRequest, problem(err.Error()))
		return
	}
	connection := machine.Connection{Server: settings.URL, Namespace: settings.Namespace}
	if settings.CA != "" {
		raw, err := os.ReadFile(settings.CA)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		connection.CA = string(raw)
	}
	machines, err := s.store()
	if err == nil {
		connection.SecretName, connection.Token, err = machines.Register(r.Context(), *registration)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.options.Log.Info("machine registered", "cluster", cluster.Name, "machine", machine.Name(cluster.Name, registration.ID),
		"node", registration.NodeName, "address", registration.NodeAddress(), "roles", strings.Join(registration.Roles.Names(), " "))
	answer(w, http.StatusOK, connection)
}

func registrationOf(header http.Header, cluster string) (*machine.Registration, error) {
	is := func(name string) bool { return header.Get("X-Cattle-Role-"+name) == "true" }
	out := &machine.Registration{
		ID:              header.Get("X-Cattle-Id"),
		Cluster:         cluster,
		Roles:           machine.Roles{Etcd: is("Etcd"), ControlPlane: is("Control-Plane"), Worker: is("Worker")},
		NodeName:        header.Get("X-Cattle-Node-Name"),
		Address:         header.Get("X-Cattle-Address"),
		InternalAddress: header.Get("X-Cattle-Internal-Address"),
		Labels:          list(header.Get("X-Cattle-Labels")),
		Taints:          list(header.Get("X-Cattle-Taints")),
	}
	if out.ID == "" {
		return nil, errors.New("'X-Cattle-Id' is missing")
	}
	if len(out.Roles.Names()) == 0 {
		return nil, errors.New("no role: at least one of etcd, controlplane and worker is needed")
	}
	// Rancher learns it from the agent later; here others join through it at once
	if out.NodeAddress() == "" {
		return nil, errors.New("no address: give '--address' or '--internal-address'")
	}
	return out, nil
}

// report takes an agent's status and gives it its plan.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	var report machine.Report
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&report); err != nil {
		answer(w, http.StatusBadRequest, problem("the report is not readable: "+err.Error()))
		return
	}
	machines, err := s.store()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	known, err := machines.Report(r.Context(), r.PathValue("secret"), bearer(r), report.Status)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply := machine.Reply{Plan: known.Plan}
	if known.Roles.ControlPlane && known.Status.Ready {
		credential, err := machines.Credential(r.Context(), known.Cluster)
		if err == nil && report.Credential != nil {
			err = machines.SetCredential(r.Context(), known.Cluster, *report.Credential)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		reply.WantCredential = credential == nil && report.Credential == nil
	}
	answer(w, http.StatusOK, reply)
}

// reader lets through whoever has one of Rancher's API tokens.
func (s *Server) reader(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.config.Load().MayRead(bearer(r)) {
			answer(w, http.StatusUnauthorized, problem("must authenticate"))
			return
		}
		next(w, r)
	}
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, store.ErrUnknownMachine) {
		answer(w, http.StatusUnauthorized, problem(err.Error()))
		return
	}
	s.options.Log.Error("request failed", "path", r.URL.Path, "error", err.Error())
	answer(w, http.StatusServiceUnavailable, problem(err.Error()))
}

func problem(message string) map[string]string {
	return map[string]string{"type": "error", "message": message}
}

func bearer(r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

func list(text string) []string {
	var out []string
	for _, item := range strings.Split(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

func text(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, body)
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// the client is gone if this fails
	_ = json.NewEncoder(w).Encode(body)
}
