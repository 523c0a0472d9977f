package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops"
)

// Client speaks the admin API.
type Client struct {
	// Base is the API's address, without a slash at its end.
	Base string
	// For gives the way to the API for requests that need these rights.
	For func(ctx context.Context, rights ...admin.Right) *http.Client
}

// largestAnswer bounds an answer, in bytes.
const largestAnswer = 16 << 20

// Refusal is the API's problem.
type Refusal struct {
	Status   int
	ID       string `json:"id"`
	Detail   string `json:"detail"`
	Hint     string `json:"hint"`
	Findings []struct {
		Path, Message string
	} `json:"findings"`
}

// Error is what the API said, with a line for each finding.
func (r *Refusal) Error() string {
	text := strings.TrimSpace(r.Detail + " " + r.Hint)
	if text == "" {
		text = fmt.Sprintf("the provider answered %d", r.Status)
	}
	if r.ID != "" {
		text += " (" + r.ID + ")"
	}
	for _, f := range r.Findings {
		text += "\n" + f.Path + ": " + f.Message
	}
	return text
}

// request is one request of the API.
type request struct {
	method, path string
	ifMatch      string
	body         any
	rights       []admin.Right
}

// do makes the request and reads the answer into v; it gives the ETag.
func (c *Client) do(ctx context.Context, q request, v any) (etag string, err error) {
	var body io.Reader
	if q.body != nil {
		text, err := json.Marshal(q.body)
		if err != nil {
			return "", fmt.Errorf("writing the request: %w", err)
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, q.method, c.Base+q.path, body)
	if err != nil {
		return "", fmt.Errorf("making the request: %w", err)
	}
	if q.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if q.ifMatch != "" {
		r.Header.Set("If-Match", q.ifMatch)
	}
	res, err := c.For(ctx, q.rights...).Do(r)
	if err != nil {
		return "", fmt.Errorf("asking with %s: %w", scopesOf(q.rights), err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, largestAnswer))
	if err != nil {
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		refusal := &Refusal{Status: res.StatusCode}
		_ = json.Unmarshal(text, refusal) // another server's page is no problem of ours, and its status says enough
		return "", refusal
	}
	if v != nil && len(text) > 0 {
		if err := json.Unmarshal(text, v); err != nil {
			return "", fmt.Errorf("reading the answer to %s %s: %w", q.method, q.path, err)
		}
	}
	return res.Header.Get("ETag"), nil
}

// scopesOf are the scopes that a token for the rights needs.
func scopesOf(rights []admin.Right) string {
	var scopes []string
	for _, r := range rights {
		scopes = append(scopes, r.Scope())
	}
	return strings.Join(scopes, " ")
}

// State is what a provider has.
type State struct {
	Bundle
	Revision int
	etag     string
	versions map[string]int // published, by driver
}

// Whole says whether the provider saved an object at the path.
func (s *State) Whole(path string) bool { return strings.HasPrefix(s.Values[path], "{") }

// State reads what the provider has. withDrivers also reads the published drivers.
func (c *Client) State(ctx context.Context, withDrivers bool) (*State, error) {
	var saved struct {
		Revision int                        `json:"revision"`
		Values   map[string]json.RawMessage `json:"values"`
		Drivers  map[string]int             `json:"drivers"`
	}
	etag, err := c.do(ctx, request{method: http.MethodGet, path: "/settings/saved", rights: []admin.Right{admin.SettingsView}}, &saved)
	if err != nil {
		return nil, err
	}
	s := &State{Bundle: Bundle{Values: map[string]string{}}, Revision: saved.Revision, etag: etag, versions: saved.Drivers}
	for path, raw := range saved.Values {
		if s.Values[path], err = compact(raw); err != nil {
			return nil, fmt.Errorf("reading the setting %s: %w", path, err)
		}
	}
	if !withDrivers {
		return s, nil
	}
	s.Drivers = map[string]Driver{}
	for name, number := range saved.Drivers {
		var script scriptJSON
		q := request{method: http.MethodGet, path: fmt.Sprintf("/drivers/%s/versions/%d", url.PathEscape(name), number), rights: []admin.Right{admin.DriversView}}
		if _, err := c.do(ctx, q, &script); err != nil {
			return nil, fmt.Errorf("reading the driver %s: %w", name, err)
		}
		if s.Drivers[name], err = script.named(name); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// scriptJSON is a driver as the API has it.
type scriptJSON struct {
	Language string     `json:"language"`
	Source   string     `json:"source"`
	Manifest string     `json:"manifest"`
	Cases    []caseJSON `json:"cases"`
}

type caseJSON struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// named is the driver, where its names can be those of files.
func (s scriptJSON) named(name string) (Driver, error) {
	plain := loops.ValidName(name) && slices.Contains(languages(), s.Language)
	for _, c := range s.Cases {
		plain = plain && filepath.IsLocal(c.Name) && !strings.ContainsAny(c.Name, `/\`)
	}
	if !plain {
		return Driver{}, fmt.Errorf("the driver %q or one of its cases has a name that no file can have", name)
	}
	return s.driver(), nil
}

func (s scriptJSON) driver() Driver {
	d := Driver{Language: s.Language, Source: s.Source, Manifest: s.Manifest, Cases: map[string]string{}}
	for _, c := range s.Cases {
		d.Cases[c.Name] = c.Text
	}
	return d
}

func (d Driver) script() scriptJSON {
	s := scriptJSON{Language: d.Language, Source: d.Source, Manifest: d.Manifest, Cases: []caseJSON{}}
	for _, name := range sortedKeys(d.Cases, nil) {
		s.Cases = append(s.Cases, caseJSON{Name: name, Text: d.Cases[name]})
	}
	return s
}

// unknown says whether the API has no such thing.
func unknown(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Status == http.StatusNotFound
}

// rightsFor are those that saving the paths needs.
func rightsFor(paths []string) []admin.Right {
	rights := []admin.Right{admin.SettingsEdit}
	if slices.ContainsFunc(paths, func(p string) bool { return p == "lang" || strings.HasPrefix(p, "lang.") }) {
		rights = append(rights, admin.PagesEdit)
	}
	return rights
}
