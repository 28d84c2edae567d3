package registry

import "strings"

const (
	// dockerHub is how images of the Docker Hub are written, dockerHubAPI where they are asked for.
	dockerHub    = "docker.io"
	dockerHubAPI = "registry-1.docker.io"
)

// image is a repository at a registry's host.
type image struct {
	host, repository string
}

// parse reads an image's name as container runtimes do: the first part is a host if it looks like one, else the image is
// the Docker Hub's.
func parse(name string) image {
	name, _, _ = strings.Cut(name, "@")
	if at := strings.LastIndex(name, ":"); at > strings.LastIndex(name, "/") {
		name = name[:at]
	}
	host, repository, hasHost := strings.Cut(name, "/")
	if !hasHost || !strings.ContainsAny(host, ".:") && host != "localhost" {
		host, repository = dockerHub, name
	}
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	if host == dockerHub {
		host = dockerHubAPI
		if !strings.Contains(repository, "/") {
			repository = "library/" + repository
		}
	}
	return image{host: host, repository: repository}
}
