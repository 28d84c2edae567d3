package cloud

import (
	"os"
	"path/filepath"
	"testing"

	"drover/rehearsal/lab/release"

	"github.com/miekg/dns"
)

func TestImagesAreGivenByTheRegistriesThatReleasesName(t *testing.T) {
	l := start(t)
	const text = `{"name":"front","images":[{"name":"images.example.com/team/front","port":9898}]}`
	must(t, os.MkdirAll(release.Folder(l.dir), 0o700))
	must(t, os.WriteFile(filepath.Join(release.Folder(l.dir), "front~1.json"), []byte(text), 0o600))
	for _, host := range []string{"ghcr.io", "images.example.com"} {
		equal(t, host, addresses(l.resolve(t, "udp", host, dns.TypeA)), []string{"127.0.0.1"})
		out, problems, code := l.run(t, workerAddress, "curl", []string{"-sS", "--fail", "https://" + host + "/v2/"})
		equal(t, host+": "+problems, code, 0)
		equal(t, host, out, "{}")
	}
	_, _, code := l.run(t, workerAddress, "curl", []string{"-sS", "--fail", "https://ghcr.io/v2/team/front/manifests/1"})
	equal(t, "without the stand-in application", code, 22)
}
