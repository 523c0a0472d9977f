package register

import (
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4/json"

	"github.com/ringtail-id/ringtail/idp/oauth"
)

// MaxDocument bounds a registration, in bytes. A key set is the largest part.
const MaxDocument = 64 << 10

// members are those of a JSON object by their exact names. The library's decoder
// refuses a name that comes twice and tells cases apart, so that nothing of a
// request passes beside the software statement that overrides it.
type members map[string]json.RawMessage

func readDocument(w http.ResponseWriter, r *http.Request) (members, *oauth.Failure) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, refused(oauth.InvalidRequest, "the body must be application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxDocument))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return nil, &oauth.Failure{Code: InvalidMetadata, Description: "the body is too large", Status: http.StatusRequestEntityTooLarge}
	}
	if err != nil {
		return nil, refused(oauth.InvalidRequest, "the body can't be read")
	}
	var document members
	if err := json.Unmarshal(body, &document); err != nil || document == nil {
		return nil, refused(InvalidMetadata, "the body is not a JSON object with each name once")
	}
	return document, nil
}

// standard are the names that Metadata reads.
func standard() (names []string) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Metadata]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// metadata reads the members one by one, so that a wrong one can be named.
// Members that nothing is known of are ignored (RFC 7591, section 2).
func (m members) metadata() (Metadata, *oauth.Failure) {
	var out Metadata
	for _, name := range standard() {
		value, ok := m[name]
		if !ok {
			continue
		}
		if err := json.Unmarshal([]byte(`{"`+name+`":`+string(value)+`}`), &out); err != nil {
			code := InvalidMetadata
			if name == "redirect_uris" {
				code = InvalidRedirectURI
			}
			return out, refused(code, name+" is not of the type that RFC 7591 gives it")
		}
	}
	return out, m.unsupported()
}

// unsupported refuses what would be worse ignored: who asks for encryption, or for
// tokens bound to a key, must learn that there is none.
func (m members) unsupported() *oauth.Failure {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		wanted := !slices.Contains([]string{"null", "false", `""`, "[]"}, strings.TrimSpace(string(m[name])))
		switch {
		case !wanted:
		case name == "subject_type" && string(m[name]) != `"public"`:
			return refused(InvalidMetadata, "subject_type must be public: there are no pairwise subjects here")
		case name == "sector_identifier_uri":
			return refused(InvalidMetadata, "sector_identifier_uri is not supported: there are no pairwise subjects here")
		case strings.HasSuffix(name, "_encrypted_response_alg"), strings.HasSuffix(name, "_encrypted_response_enc"),
			strings.HasPrefix(name, "request_object_encryption_"), slices.Contains(unserved(), name):
			return refused(InvalidMetadata, name+" is not supported")
		}
	}
	return nil
}

// unserved are metadata of extensions that aren't served here.
func unserved() []string {
	return []string{
		"userinfo_signed_response_alg", "introspection_signed_response_alg", "authorization_signed_response_alg",
		"require_signed_request_object", "tls_client_certificate_bound_access_tokens", "dpop_bound_access_tokens",
	}
}
