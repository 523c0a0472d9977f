package engine

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/dop251/goja"

	"github.com/ringtail-id/ringtail/loops"
)

// builder is a request that a script is making. The script returns it as it is, or what build gives, which is the same.
type builder struct {
	request loops.Request
	kind    string // Content-Type of the body, where the script gives none itself
	query   []string
	state   *object
}

// ending is what HttpLoop.Ok and HttpLoop.error give.
type ending struct {
	ok      *object
	failure *loops.Failure
}

const (
	maxParams    = 16  // of HttpLoop.error
	maxParamText = 500 // characters kept of one
)

var errorKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// builderWords are those of what callBuilder returns. Its with.. functions change the builder and return it, so
// that both a chain and separate statements work.
func builderWords(p vocabulary) {
	with := func(name string, change func(m *machine, b *builder, a arguments)) {
		p.method(name, func(m *machine, this goja.Value, a arguments) goja.Value {
			b, ok := unwrap[*builder](this)
			if !ok {
				m.typeError("this is not a request builder")
			}
			change(m, b, a)
			return this
		})
	}
	with("withHeader", func(m *machine, b *builder, a arguments) { b.request.Header.Add(a.text(0), a.text(1)) })
	with("withQuery", func(m *machine, b *builder, a arguments) {
		b.query = append(b.query, url.QueryEscape(a.text(0))+"="+url.QueryEscape(a.text(1)))
	})
	with("withBasicAuth", func(m *machine, b *builder, a arguments) {
		credentials := base64.StdEncoding.EncodeToString([]byte(a.text(0) + ":" + a.text(1)))
		b.request.Header.Set("Authorization", "Basic "+credentials)
	})
	with("withBody", func(m *machine, b *builder, a arguments) {
		v := m.read(a.raw(0), 0)
		if !isObject(v) && !isArray(v) {
			a.wrong(0, "a JsObj or a JsArr")
		}
		b.body("application/json", encode(v))
	})
	with("withForm", func(m *machine, b *builder, a arguments) {
		b.body("application/x-www-form-urlencoded", m.form(a.object(0)))
	})
	with("withMultipart", func(m *machine, b *builder, a arguments) { b.body(m.multipart(a.object(0))) })
	with("withText", func(m *machine, b *builder, a arguments) {
		kind := "text/plain; charset=utf-8"
		if a.has(1) {
			kind = a.text(1)
		}
		b.body(kind, a.text(0))
	})
	with("build", func(m *machine, b *builder, a arguments) {
		if a.has(0) {
			b.state = a.object(0)
		}
	})
	p.method("bodyText", func(m *machine, this goja.Value, _ arguments) goja.Value {
		b, ok := unwrap[*builder](this)
		if !ok {
			m.typeError("this is not a request builder")
		}
		return m.rt.ToValue(b.request.Body)
	})
}

// body sets the bytes to send, in the place of those that were set before.
func (b *builder) body(kind, bytes string) { b.request.Body, b.kind = bytes, kind }

// loopWords are those of HttpLoop, in Blitz's spelling.
func loopWords(w vocabulary) {
	w.method("callBuilder", func(m *machine, _ goja.Value, a arguments) goja.Value {
		b := &builder{request: loops.Request{Method: strings.ToUpper(a.text(0)), URL: a.text(1), Header: http.Header{}, At: m.here()}}
		return m.wrap(b, m.builders)
	})
	w.method("Ok", func(m *machine, _ goja.Value, a arguments) goja.Value {
		value := newObject()
		if a.has(0) {
			value = a.object(0)
		}
		return m.wrap(&ending{ok: value}, m.rt.NewObject())
	})
	w.method("error", func(m *machine, _ goja.Value, a arguments) goja.Value {
		key := a.text(0)
		if !errorKey.MatchString(key) {
			a.wrong(0, "a word of lower-case letters, digits and _")
		}
		failure := &loops.Failure{Key: loops.Key(key), Params: map[string]string{}}
		if a.has(1) {
			failure.Params = m.params(a.object(1))
		}
		return m.wrap(&ending{failure: failure}, m.rt.NewObject())
	})
}

// params reads the map of HttpLoop.error. Long texts are cut: they are for people.
func (m *machine) params(o *object) map[string]string {
	if len(o.keys) > maxParams {
		m.typeError("error: at most %d parameters", maxParams)
	}
	out := map[string]string{}
	for _, k := range o.keys {
		if o.values[k] == nil { // like a header that the answer hasn't
			continue
		}
		text := encode(o.values[k])
		if s, ok := o.values[k].(string); ok {
			text = s
		}
		if r := []rune(m.hide(text)); len(r) > maxParamText {
			text = string(r[:maxParamText])
		}
		out[k] = text
	}
	return out
}

// action reads what the driver's function returned.
func (m *machine) action(v goja.Value) (*loops.Action, error) {
	if b, ok := unwrap[*builder](v); ok {
		return m.requestOf(b)
	}
	if e, ok := unwrap[*ending](v); ok {
		if e.failure != nil {
			return &loops.Action{Failure: e.failure}, nil
		}
		ok := encode(e.ok)
		return &loops.Action{Ok: []byte(ok)}, m.within("the value of Ok", len(ok), m.limits.Message)
	}
	return nil, refuse(loops.ReasonContract,
		"%s:1:1: the driver returned %s; it must return a request, HttpLoop.Ok(..) or HttpLoop.error(..)", m.program.file, m.nameOf(v))
}

func (m *machine) requestOf(b *builder) (*loops.Action, error) {
	request := b.request
	if b.kind != "" && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", b.kind)
	}
	if len(b.query) > 0 {
		separator := "?"
		if strings.Contains(request.URL, "?") {
			separator = "&"
		}
		request.URL += separator + strings.Join(b.query, "&")
	}
	action := &loops.Action{Request: &request, UsedToken: m.usedToken}
	if b.state != nil {
		action.State = []byte(encode(b.state))
	}
	for _, size := range []struct {
		what      string
		got, most int
	}{
		{"the address", len(request.URL), m.limits.URL},
		{"the headers", request.HeaderSize(), m.limits.Headers},
		{"the body", len(request.Body), m.limits.Request},
		{"the state", len(action.State), m.limits.Message},
	} {
		if err := m.within(size.what, size.got, size.most); err != nil {
			return nil, err
		}
	}
	return action, nil
}

func (m *machine) within(what string, got, most int) error {
	if got <= most {
		return nil
	}
	return refuse(loops.ReasonContract, "%s:1:1: %s has %d bytes, at most %d are allowed", m.program.file, what, got, most)
}

// nameOf says what a value is, without running the script's code.
func (m *machine) nameOf(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) {
		return "nothing"
	}
	if goja.IsNull(v) {
		return "null"
	}
	if o, ok := v.(*goja.Object); ok {
		if _, promise := handleType[*goja.Promise](o); promise {
			return "a Promise, which nothing would wait for (leave async out)"
		}
		return "an object of class " + o.ClassName()
	}
	text, _ := json.Marshal(v.Export())
	return whole(m.hide(string(text)), 60)
}
