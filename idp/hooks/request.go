package hooks

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringtail-id/ringtail/loops"
)

// target is a request's target as it stood in the request line.
type target struct {
	driver string // one segment, maybe no driver's name at all
	path   string // escapes kept
	query  string // without "?"
}

// aim reads the request line, for everything that Go makes of it (URL.Path,
// URL.EscapedPath) may be another spelling than the one that was signed. ours is
// false where it doesn't begin with our prefix, to the letter.
func (h *Handler) aim(r *http.Request) (t target, ours bool) {
	line := r.RequestURI
	if !strings.HasPrefix(line, "/") { // a proxy's form, http://host/path; or none that has a path
		_, rest, _ := strings.Cut(line, "://")
		slash := strings.IndexByte(rest, '/')
		if slash < 0 {
			return target{}, false
		}
		line = rest[slash:]
	}
	t.path, t.query, _ = strings.Cut(line, "?")
	rest, ours := strings.CutPrefix(t.path, h.prefix)
	t.driver, _, _ = strings.Cut(rest, "/")
	return t, ours
}

// methods are those by which a callback may come. The others must do nothing
// (RFC 9110, 9.2.1: HEAD and OPTIONS are safe), or aren't for us.
func methods() []string {
	return []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
}

func takes(method string) bool { return slices.Contains(methods(), method) }

// input is what a script is given of a request.
type input struct {
	method, path, query string
	headers             map[string]string // names in small letters, several values joined by ", "
	body                string
}

func (in input) values() map[string]any {
	return map[string]any{
		loops.InputMethod: in.method, loops.InputPath: in.path, loops.InputQuery: in.query,
		loops.InputHeaders: in.headers, loops.InputBody: in.body,
	}
}

// digest knows the same callback again. What is in it is what the script sees,
// without headers that a proxy may write anew for each request.
func (h *Handler) digest(d *loops.Driver, in input) string {
	return h.o.Hash("callback", d.Name, in.method, in.path, in.query, in.headers["authorization"], in.body)
}

// read reads the request within its limits; a status other than 0 refuses it.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, t target) (input, int) {
	in := input{method: r.Method, path: t.path, query: t.query, headers: headers(r)}
	if size(in.headers) > h.o.Limits.Message/2 {
		return in, http.StatusRequestHeaderFieldsTooLarge
	}
	body, status := h.body(w, r)
	if status != 0 {
		return in, status
	}
	in.body = string(body)
	if !in.text() {
		return in, http.StatusBadRequest
	}
	whole, err := json.Marshal(in.values())
	if err != nil || len(whole) > h.o.Limits.Message {
		return in, http.StatusRequestEntityTooLarge
	}
	return in, 0
}

// text says whether all of it is UTF-8. JSON has no other bytes, so a script
// would see one text for several requests, and a replay could hide there.
func (in input) text() bool {
	for name, value := range in.headers {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return false
		}
	}
	return utf8.ValidString(in.path) && utf8.ValidString(in.query) && utf8.ValidString(in.body)
}

func (h *Handler) body(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	limit := int64(h.o.Limits.Message)
	if r.ContentLength > limit {
		return nil, http.StatusRequestEntityTooLarge
	}
	connection := http.NewResponseController(w)
	// Where a deadline can't be set, the server's own must do.
	_ = connection.SetReadDeadline(time.Now().Add(h.o.BodyWithin))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, http.StatusRequestTimeout
	case err != nil:
		return nil, http.StatusBadRequest
	}
	// Where there was no body, it would else end the request while its script runs.
	_ = connection.SetReadDeadline(time.Time{})
	return body, 0
}

// headers are the request's, Host included. Cookies are left out: a browser that
// was sent here has those of somebody's session, which no driver may see.
func headers(r *http.Request) map[string]string {
	out := map[string]string{"host": r.Host}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if textproto.CanonicalMIMEHeaderKey(name) != "Cookie" {
			out[strings.ToLower(name)] = strings.Join(r.Header[name], ", ")
		}
	}
	return out
}

func size(headers map[string]string) int {
	n := 0
	for name, value := range headers {
		n += len(name) + len(value) + 4
	}
	return n
}
