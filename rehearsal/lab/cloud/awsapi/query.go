package awsapi

import (
	"net/http"
	"net/url"
	"strconv"
)

// form reads the parameters of a query service's call.
func (c *call) form(version string) (url.Values, *fault) {
	values, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, refusal(http.StatusBadRequest, "MalformedQueryString", "%s", err)
	}
	c.operation = values.Get("Action")
	if given := values.Get("Version"); given != version {
		return nil, refusal(http.StatusBadRequest, "NoSuchVersion", "The requested version (%s) of service %s does not exist", given, c.service)
	}
	return values, nil
}

// numbered is the list NAME.1, NAME.2 ... of a form, each with an optional end.
func numbered(values url.Values, name, end string) []string {
	var out []string
	for index := 1; ; index++ {
		key := name + "." + strconv.Itoa(index) + end
		if !values.Has(key) {
			return out
		}
		out = append(out, values.Get(key))
	}
}

func require(values url.Values, names ...string) *fault {
	for _, wanted := range names {
		if values.Get(wanted) == "" {
			return refusal(http.StatusBadRequest, "ValidationError", "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", wanted)
		}
	}
	return nil
}
