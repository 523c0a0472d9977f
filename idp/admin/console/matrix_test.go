package console_test

import (
	"cmp"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/server"
)

var update = flag.Bool("update", false, "write docs/reference/console-rights.md")

// rights is the golden table: what it says is what the routes are held to.
const rights = "../../../docs/reference/console-rights.md"

func allPages(s *server.Server) (routes []admin.Route) {
	for _, section := range s.Sections() {
		routes = append(routes, section.Pages()...)
	}
	return routes
}

func allEndpoints(s *server.Server) (routes []admin.Route) {
	for _, section := range s.Sections() {
		routes = append(routes, section.Endpoints()...)
	}
	return routes
}

func inOrder(routes []admin.Route) []admin.Route {
	slices.SortStableFunc(routes, func(a, b admin.Route) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return routes
}

// table is the page that is generated from what the sections declare.
func table(s *server.Server) string {
	var b strings.Builder
	b.WriteString(`# Rights in the console and in the admin API

Generated from what the sections declare; a test walks every route as every role,
and with every scope, and holds the answers to this page.

A page that isn't marked for any of a person's roles answers 403. "new proof" means
that the person must have proved who they are within ` + "`console.freshFor`" + `; "changes" that
` + "`console.readonly`" + ` stops it. Roles are described in [how to become an administrator](../how-to/become-an-administrator.md).

## Pages, below {issuer}/console

| page | right |`)
	for _, role := range admin.Roles() {
		fmt.Fprintf(&b, " %s |", role)
	}
	b.WriteString(" notes |\n|---|---|" + strings.Repeat(":-:|", len(admin.Roles())) + "---|\n")
	for _, r := range inOrder(allPages(s)) {
		fmt.Fprintf(&b, "| `%s %s` | %s |", r.Method, r.Path, r.Right)
		for _, role := range admin.Roles() {
			mark := " "
			if role.Grants(r.Right) {
				mark = " yes "
			}
			b.WriteString(mark + "|")
		}
		b.WriteString(" " + notes(r) + " |\n")
	}
	b.WriteString("\n## Endpoints, below {issuer}/admin/api/v3\n\n| endpoint | scope | notes |\n|---|---|---|\n")
	for _, r := range inOrder(allEndpoints(s)) {
		r.Fresh = false
		fmt.Fprintf(&b, "| `%s %s` | `%s` | %s |\n", r.Method, r.Path, r.Right.Scope(), notes(r))
	}
	return b.String()
}

func notes(r admin.Route) string {
	var all []string
	if r.Changes() {
		all = append(all, "changes")
	}
	if r.Fresh {
		all = append(all, "new proof")
	}
	return strings.Join(all, ", ")
}

func TestRightsReference(t *testing.T) {
	want := table(newWorld(t).server)
	if *update {
		if err := os.WriteFile(rights, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(rights); err != nil || string(got) != want {
		t.Errorf("%s is not what the sections declare; run go test ./idp/admin/console -update and read the diff (%v)", rights, err)
	}
}

// expected is a row of the golden table.
type expected struct {
	method, path string
	cells        []string
}

var row = regexp.MustCompile("^\\| `([A-Z]+) (/[^`]*)` \\|(.*)\\|$")

// golden are the rows of the table below the heading.
func golden(t *testing.T, heading string) (rows []expected) {
	t.Helper()
	text, err := os.ReadFile(rights)
	if err != nil {
		t.Fatal(err)
	}
	_, below, _ := strings.Cut(string(text), "## "+heading)
	below, _, _ = strings.Cut(below, "\n## ")
	for line := range strings.Lines(below) {
		m := row.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		r := expected{method: m[1], path: m[2]}
		for cell := range strings.SplitSeq(m[3], "|") {
			r.cells = append(r.cells, strings.TrimSpace(cell))
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		t.Fatalf("no rows below %s", heading)
	}
	return rows
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// somewhere is an address that the pattern takes, of things that aren't there.
func somewhere(pattern string) string { return placeholder.ReplaceAllString(pattern, "x") }

func TestEveryPageTimesEveryRole(t *testing.T) {
	w := newWorld(t)
	rows := golden(t, "Pages")
	if n := len(allPages(w.server)); n != len(rows) {
		t.Fatalf("%d pages, the table has %d", n, len(rows))
	}
	a := w.signedIn("ann", 2)
	a.get(pagesBase + "/")
	nobody := w.agent()
	for _, r := range rows {
		target := pagesBase + somewhere(r.path)
		if v := nobody.once(r.method, target, "", nil); !v.asksToSignIn() && v.problem() != "console_signed_out" {
			t.Errorf("%s %s, nobody: %d %s", r.method, r.path, v.Code, v.problem())
		}
		a.once(r.method, target, "", nil).wants(t, http.StatusForbidden, "console_no_role")
	}
	for i, role := range admin.Roles() {
		w.appoint("ann", role)
		for _, r := range rows {
			v := a.once(r.method, pagesBase+somewhere(r.path), "", nil)
			if got, want := opened(r.method, v), r.cells[1+i] == "yes"; got != want || v.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s as %s: open is %v, want %v (%d %s)", r.method, r.path, role, got, want, v.Code, v.problem())
			}
		}
	}
}

// opened says whether the right sufficed. A form without a token is refused after
// that, so that nothing is done.
func opened(method string, v *view) bool {
	if method == http.MethodGet {
		return v.Code != http.StatusForbidden
	}
	return v.Code == http.StatusForbidden && v.problem() == "console_form_foreign"
}

func TestEveryEndpointTimesEveryScope(t *testing.T) {
	w := newWorld(t, func(o *server.ConsoleOptions) { o.ReadOnly = true })
	rows := golden(t, "Endpoints")
	if n := len(allEndpoints(w.server)); n != len(rows) {
		t.Fatalf("%d endpoints, the table has %d", n, len(rows))
	}
	a := w.agent()
	for _, r := range rows {
		a.once(r.method, apiBase+somewhere(r.path), "", nil).wants(t, http.StatusUnauthorized, "token_invalid")
	}
	for _, right := range admin.Rights() {
		scope := right.Scope()
		header := http.Header{"Authorization": {"Bearer " + w.apiClient("for-"+scope, scope)}}
		for _, r := range rows {
			v := a.once(r.method, apiBase+somewhere(r.path), "", header)
			got := v.Code != http.StatusUnauthorized && v.problem() != "scope_missing"
			if want := r.cells[0] == "`"+scope+"`"; got != want || v.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s with %s: open is %v, want %v (%d %s)", r.method, r.path, scope, got, want, v.Code, v.problem())
			}
			if got && strings.Contains(r.cells[1], "changes") {
				v.wants(t, http.StatusForbidden, admin.ProblemReadOnly)
			}
		}
	}
}

// What changes something is stopped where the console is read only, for root too.
func TestEveryChangeIsStoppedReadOnly(t *testing.T) {
	w := newWorld(t, func(o *server.ConsoleOptions) { o.ReadOnly = true })
	a := w.signedIn("root", 2)
	token := a.get(pagesBase + "/").token()
	for _, r := range allPages(w.server) {
		if r.Changes() {
			a.post(pagesBase+somewhere(r.Path), url.Values{"form_token": {token}}).wants(t, http.StatusForbidden, admin.ProblemReadOnly)
		}
	}
}

// What is dangerous takes a new proof. A page is asked for again, a form says so.
func TestEveryFreshRouteTakesAProof(t *testing.T) {
	w := newWorld(t)
	a := w.signedIn("root", 2)
	token := a.get(pagesBase + "/").token()
	w.wait(6 * 60 * 1e9)
	for _, r := range allPages(w.server) {
		if !r.Fresh {
			continue
		}
		v := a.once(r.Method, pagesBase+somewhere(r.Path), url.Values{"form_token": {token}}.Encode(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
		asked := v.asksToSignIn() && strings.Contains(v.Header().Get("Location"), "max_age=")
		if told := v.Code == http.StatusForbidden && v.page.Find(`main a[href$="/prove"]`).Length() == 1; !asked && !told {
			t.Errorf("%s %s: %d %s", r.Method, r.Path, v.Code, v.problem())
		}
	}
}

// Nobody declares a right that isn't there, nor a route that changes by GET.
func TestDeclarations(t *testing.T) {
	s := newWorld(t).server
	for _, r := range slices.Concat(allPages(s), allEndpoints(s)) {
		if !slices.Contains(admin.Rights(), r.Right) {
			t.Errorf("%s %s asks for %q", r.Method, r.Path, r.Right)
		}
		if r.Changes() && strings.HasSuffix(string(r.Right), ".view") {
			t.Errorf("%s %s changes something by the right %s", r.Method, r.Path, r.Right)
		}
	}
}
