package registry

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// failure is an error as the registry's API tells it.
type failure struct {
	status        int
	code, message string
}

func (f *failure) Error() string { return f.message }

func errDigest(name image, digest string) *failure {
	return &failure{http.StatusNotFound, "MANIFEST_UNKNOWN", fmt.Sprintf(
		"image %q can't be given by the digest %q: the lab has no image but its stand-in application, and can't make one that has this digest; name the image by a tag",
		name.host+"/"+name.repository, digest)}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{"code": code, "message": message}}})
}
