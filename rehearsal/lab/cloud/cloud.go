// Package cloud answers what the lab's machines ask of their cloud: metadata, names, AWS's endpoints and the archives of
// RKE2. Whatever they ask for is granted by the policies of the world or refused as AWS would.
package cloud

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"drover/rehearsal/lab/balance"
	"drover/rehearsal/lab/cloud/artifacts"
	"drover/rehearsal/lab/cloud/authority"
	"drover/rehearsal/lab/cloud/awsapi"
	"drover/rehearsal/lab/cloud/dns"
	"drover/rehearsal/lab/cloud/estate"
	"drover/rehearsal/lab/cloud/metadata"
	"drover/rehearsal/lab/cloud/mirror"
	"drover/rehearsal/lab/cloud/objects"
	"drover/rehearsal/lab/cloud/registry"
	"drover/rehearsal/lab/cloud/seal"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/image"
	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/release"
	"drover/rehearsal/lab/world"
)

const (
	httpPort  = 80
	httpsPort = 443
	dnsPort   = 53

	headerDeadline = 10 * time.Second
	// an archive of RKE2 and an etcd snapshot may take a while on a busy machine.
	transferDeadline = 10 * time.Minute
	shutdownDeadline = 3 * time.Second
)

// Config says what the cloud knows and where it answers.
type Config struct {
	// Workspace is the folder of the rehearsal.
	Workspace string
	World     *world.World
	Fleet     host.Fleet
	// Lifecycle takes the answers of machines to the hooks of their groups.
	Lifecycle awsapi.Lifecycle
	// ArtifactDir holds a folder for each release of RKE2.
	ArtifactDir string
	// ArtifactURL is the address that the environment gives for them. @default artifacts.DefaultURL
	ArtifactURL string
	// Application is the path of the program that every image of a registry holds.
	Application string
	// MetadataAddr is where the metadata service listens. @default 169.254.169.254:80
	MetadataAddr netip.AddrPort
	// EndpointAddr is where the HTTPS endpoints listen; names resolve to its address. @default 169.254.169.253:443
	EndpointAddr netip.AddrPort
	// DNSAddr is where names are resolved. @default 169.254.169.253:53
	DNSAddr netip.AddrPort
	// MirrorDir holds the distribution's packages that machines may install. @default - there is no mirror
	MirrorDir string
	// MirrorAddr is where the mirror listens. @default 169.254.169.253:80
	MirrorAddr netip.AddrPort
	// HidesSecret tells parameters that are not there yet for machines. @default - none
	HidesSecret func(name string) bool
	Log         *slog.Logger
}

// Cloud is what runs.
type Cloud struct {
	// Authority signs the endpoints' certificates; the base image trusts it.
	Authority *authority.Authority
	// Names are the names of the lab, as the machines' resolver finds them.
	Names *dns.LabNames
	// Mirror serves the distribution's packages; nil if there is none.
	Mirror *mirror.Server
	// MetadataAddr, EndpointAddr and DNSAddr are where the services listen.
	MetadataAddr, EndpointAddr, DNSAddr netip.AddrPort

	config  Config
	objects *objects.Store
	// importing is one at a time: each would store the same.
	importing sync.Mutex
	files     *artifacts.Handler
	images    *registry.Registry
	api       *awsapi.API
	names     *dns.Server
	servers   []*http.Server
	running   sync.WaitGroup
}

// Start answers from now on, until ctx ends.
func Start(ctx context.Context, config Config) (*Cloud, error) {
	config = withDefaults(config)
	lab := filepath.Join(config.Workspace, "lab")
	c := &Cloud{config: config, objects: objects.Open(filepath.Join(lab, "objects"))}
	var err error
	if c.Authority, err = authority.Open(filepath.Join(lab, "ca")); err != nil {
		return nil, err
	}
	if c.files, err = artifacts.New(config.ArtifactURL, config.ArtifactDir, config.Log); err != nil {
		return nil, err
	}
	c.images = registry.New(registry.Config{
		Program: config.Application, Log: config.Log,
		Images: func() ([]registry.Image, error) { return release.Images(release.Folder(config.Workspace)) },
	})
	sealer, err := seal.New()
	if err != nil {
		return nil, err
	}
	known := &estate.Estate{World: config.World, Fleet: config.Fleet}
	c.api = &awsapi.API{
		Estate: known, Sealer: sealer, Objects: c.objects, Lifecycle: config.Lifecycle, Import: c.importObjects,
		HidesSecret: config.HidesSecret, Log: config.Log,
	}
	service := &metadata.Service{Estate: known, Sealer: sealer, Log: config.Log}
	if err := c.listen(service); err != nil {
		c.stop()
		return nil, err
	}
	c.running.Add(1)
	go c.follow(ctx)
	return c, nil
}

// Wait returns once every service has ended, after the context of Start has.
func (c *Cloud) Wait() { c.running.Wait() }

func withDefaults(config Config) Config {
	for address, fallback := range map[*netip.AddrPort]netip.AddrPort{
		&config.MetadataAddr: netip.AddrPortFrom(network.Metadata, httpPort),
		&config.EndpointAddr: netip.AddrPortFrom(network.Services, httpsPort),
		&config.DNSAddr:      netip.AddrPortFrom(network.Services, dnsPort),
		&config.MirrorAddr:   netip.AddrPortFrom(network.Services, httpPort),
	} {
		if !address.IsValid() {
			*address = fallback
		}
	}
	return config
}

func (c *Cloud) listen(service *metadata.Service) error {
	plain, err := net.Listen("tcp4", c.config.MetadataAddr.String())
	if err != nil {
		return fmt.Errorf("metadata service: %w", err)
	}
	c.MetadataAddr = netip.MustParseAddrPort(plain.Addr().String())
	c.serve(service.Server(), plain)

	secure, err := net.Listen("tcp4", c.config.EndpointAddr.String())
	if err != nil {
		return fmt.Errorf("endpoints: %w", err)
	}
	c.EndpointAddr = netip.MustParseAddrPort(secure.Addr().String())
	settings := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.certificate, NextProtos: []string{"http/1.1"}}
	c.serve(&http.Server{
		Handler: c, ReadHeaderTimeout: headerDeadline, ReadTimeout: transferDeadline, WriteTimeout: transferDeadline,
		IdleTimeout: headerDeadline, ErrorLog: slog.NewLogLogger(c.config.Log.Handler(), slog.LevelWarn),
	}, tls.NewListener(secure, settings))

	if c.config.MirrorDir != "" {
		c.Mirror = &mirror.Server{Folder: c.config.MirrorDir, Addr: c.config.MirrorAddr, Log: c.config.Log}
		if err := c.Mirror.Refuse(false); err != nil {
			return err
		}
	}
	c.Names = &dns.LabNames{
		World: c.config.World, Fleet: c.config.Fleet, Endpoint: c.EndpointAddr.Addr(), Domains: awsapi.Domains,
		Hosts: []string{image.MirrorHost}, IsHost: c.isHost,
		Balancer: func(lb *world.Object) []netip.Addr { return balance.Addresses(c.config.World, lb) },
	}
	c.names, err = dns.Listen(c.config.DNSAddr, c.Names, c.config.Log)
	if err == nil {
		c.DNSAddr = c.names.Address()
	}
	return err
}

func (c *Cloud) serve(server *http.Server, listener net.Listener) {
	c.servers = append(c.servers, server)
	c.running.Add(1)
	go func() {
		defer c.running.Done()
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			c.config.Log.Error("service ended", "address", listener.Addr().String(), "error", err.Error())
		}
	}()
}

// ServeHTTP gives a request to the API, to the archives or to the images, by the name that was asked.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.ToLower(r.Host), ":")
	switch {
	case name == c.files.Host:
		c.files.ServeHTTP(w, r)
	case c.images.Serves(name):
		c.images.ServeHTTP(w, r)
	default:
		c.api.ServeHTTP(w, r)
	}
}

// isHost tells whether a single name, beside the domains of the API, is one of the endpoint's.
func (c *Cloud) isHost(name string) bool { return name == c.files.Host || c.images.Serves(name) }

// certificate refuses a name that is not answered, so that a wrong one shows as what it is.
func (c *Cloud) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(hello.ServerName)
	if !c.isHost(name) && !slices.ContainsFunc(awsapi.Domains, func(domain string) bool {
		return strings.HasSuffix(name, "."+domain)
	}) {
		return nil, fmt.Errorf("no endpoint of the lab has the name %q", hello.ServerName)
	}
	return c.Authority.Leaf(name)
}

func (c *Cloud) importObjects() error {
	c.importing.Lock()
	defer c.importing.Unlock()
	return c.objects.Import(c.config.World, filepath.Join(c.config.Workspace, "cdktf.out"), c.api.Estate.BucketKey)
}

// follow stores the objects of the world while their assets are there, and ends the services with the context.
func (c *Cloud) follow(ctx context.Context) {
	defer c.running.Done()
	said := ""
	for range c.config.World.Changes(ctx) {
		problem := ""
		if err := c.importObjects(); err != nil {
			problem = err.Error()
		}
		if problem != "" && problem != said {
			c.config.Log.Error("object of the world not stored", "problem", problem)
		}
		said = problem
	}
	c.stop()
}

func (c *Cloud) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownDeadline)
	defer cancel()
	for _, server := range c.servers {
		if err := server.Shutdown(ctx); err != nil {
			_ = server.Close() // who still waits for an answer gets none
		}
	}
	if c.Mirror != nil {
		_ = c.Mirror.Close() // as above
	}
	if c.names != nil {
		_ = c.names.Shutdown(ctx) // its sockets are closed in any case
	}
}
