package hooks

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/ringtail-id/ringtail/loops"
)

// reply is what goes out.
type reply struct {
	status int
	header http.Header
	body   string
}

// write sends the reply. Whatever a script has put into it, a browser that was
// lured here must run nothing of it, nor keep it.
func (r reply) write(w http.ResponseWriter) {
	h := w.Header()
	maps.Copy(h, r.header)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	body := r.body
	if r.status == http.StatusNoContent || r.status == http.StatusNotModified {
		body = ""
	}
	if body == "" {
		h.Del("Content-Type")
	}
	if r.status == http.StatusUnauthorized { // names a scheme: RFC 9110, section 11.6.1
		h.Set("WWW-Authenticate", `Callback realm="ringtail"`)
	}
	w.WriteHeader(r.status)
	_, _ = w.Write([]byte(body))
}

// contentTypes are those that a script may answer with. HTML isn't: an answer
// may repeat what was sent, and this is the origin of the login pages.
func contentTypes() []string {
	return []string{"application/json", "application/xml", "application/x-www-form-urlencoded", "text/plain", "text/xml"}
}

// answerOf reads the script's answer: 200 without a body where it gave none. The
// fault says what isn't as the contract wants it.
func answerOf(value map[string]any) (reply, string) {
	out := reply{status: http.StatusOK, header: http.Header{}}
	given, ok := value[loops.ValueAnswer].(map[string]any)
	if !ok {
		return out, ""
	}
	if out.status, ok = statusOf(given["status"]); !ok {
		return out, fmt.Sprintf("%q has a status that is no whole number from 200 to 599", loops.ValueAnswer)
	}
	if out.body, ok = textOf(given["body"]); !ok {
		return out, fmt.Sprintf("%q has a body that is no text", loops.ValueAnswer)
	}
	headers, ok := given["headers"].(map[string]any)
	if !ok && given["headers"] != nil {
		return out, fmt.Sprintf("%q has headers that are no object", loops.ValueAnswer)
	}
	out.header.Set("Content-Type", "text/plain; charset=utf-8")
	for name, v := range headers {
		if fault := out.set(name, v); fault != "" {
			return out, fmt.Sprintf("%q has a header %s", loops.ValueAnswer, fault)
		}
	}
	return out, ""
}

// set takes the few headers that say something about the answer and nothing
// about us. Another one is a fault of the driver and not dropped in silence.
func (r *reply) set(name string, v any) string {
	value, ok := v.(string)
	if !ok || !httpguts.ValidHeaderFieldValue(value) {
		return "whose value is none"
	}
	switch strings.ToLower(name) {
	case "content-type":
		kind, _, err := mime.ParseMediaType(value)
		if err != nil || !slices.Contains(contentTypes(), kind) {
			return "Content-Type that is none of " + strings.Join(contentTypes(), ", ")
		}
	case "content-language", "retry-after":
	default:
		return "that isn't allowed: it may have Content-Language, Content-Type and Retry-After"
	}
	r.header.Set(name, value)
	return ""
}

func statusOf(v any) (int, bool) {
	if v == nil {
		return http.StatusOK, true
	}
	number, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := number.Int64()
	return int(n), err == nil && n >= 200 && n <= 599
}

func textOf(v any) (string, bool) {
	if v == nil {
		return "", true
	}
	text, ok := v.(string)
	return text, ok
}
