package oidc_test

import (
	"context"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oidc"
)

// reference is what docs/reference/openid.md says in its tables.
type reference struct {
	endpoints map[string][]string // methods by path
	scopes    map[string][]string // claims by scope
	claims    []string            // of the ID token
}

var quoted = regexp.MustCompile("`([^`]+)`")

func quotedIn(cell string) (words []string) {
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		words = append(words, m[1])
	}
	return words
}

func readReference(t *testing.T) reference {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "openid.md"))
	if err != nil {
		t.Fatal(err)
	}
	ref := reference{endpoints: map[string][]string{}, scopes: map[string][]string{}}
	for _, row := range tables(string(page)) {
		switch row.table {
		case "endpoint":
			ref.endpoints[quotedIn(row.cells[1])[0]] = strings.Split(row.cells[2], ", ")
		case "scope":
			ref.scopes[quotedIn(row.cells[0])[0]] = quotedIn(row.cells[1])
		case "claim":
			ref.claims = append(ref.claims, quotedIn(row.cells[0])...)
		}
	}
	if len(ref.endpoints) == 0 || len(ref.scopes) == 0 || len(ref.claims) == 0 {
		t.Fatalf("the reference lacks a table: %+v", ref)
	}
	return ref
}

// row is a line of a table, which is known by the head of its first column.
type row struct {
	table string
	cells []string
}

func tables(page string) (rows []row) {
	table := ""
	for _, line := range strings.Split(page, "\n") {
		if !strings.HasPrefix(line, "|") {
			table = ""
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case table == "":
			table = cells[0]
		case !strings.HasPrefix(cells[0], "---"):
			rows = append(rows, row{table, cells})
		}
	}
	return rows
}

func TestReferenceNamesTheEndpointsOfDiscovery(t *testing.T) {
	w := newWorld(t)
	served := []string{oidc.PathDiscovery}
	for name, value := range w.agent().get(oidc.PathDiscovery, nil).json(t) {
		if strings.HasSuffix(name, "_endpoint") || name == "jwks_uri" {
			served = append(served, strings.TrimPrefix(value.(string), w.issuer))
		}
	}
	endpoints := readReference(t).endpoints
	if got := slices.Sorted(maps.Keys(endpoints)); !slices.Equal(got, slices.Sorted(slices.Values(served))) {
		t.Errorf("the reference has %v, discovery %v", got, served)
	}
	for path, methods := range endpoints {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			r, err := http.NewRequest(method, w.issuer+path, nil)
			w.must(err)
			got := w.agent().send(r).status
			if taken := got != http.StatusMethodNotAllowed; taken != slices.Contains(methods, method) {
				t.Errorf("%s %s: %d, the reference says %v", method, path, got, methods)
			}
		}
	}
}

func TestReferenceNamesTheScopesAndClaimsOfDiscovery(t *testing.T) {
	w := newWorld(t)
	doc, ref := w.agent().get(oidc.PathDiscovery, nil).json(t), readReference(t)
	if got := slices.Sorted(maps.Keys(ref.scopes)); !slices.Equal(got, slices.Sorted(slices.Values(values(doc, "scopes_supported")))) {
		t.Errorf("scopes %v, discovery has %v", got, values(doc, "scopes_supported"))
	}
	documented := append(slices.Clone(ref.claims), "c_hash") // of hybrid answers alone
	for _, claims := range ref.scopes {
		documented = append(documented, claims...)
	}
	slices.Sort(documented)
	documented = slices.Compact(documented)
	if known := slices.Sorted(slices.Values(values(doc, "claims_supported"))); !slices.Equal(documented, known) {
		t.Errorf("claims %v, discovery has %v", documented, known)
	}
	w.giveEverything(documented)
	delete(ref.scopes, idp.ScopePhoneVerification) // of clients' own tokens: own_test
	for scope, claims := range ref.scopes {
		want := slices.Clone(claims)
		if scope != "openid" {
			want = append(want, "sub")
		}
		access := w.agent().signIn("app", "scope", "openid "+scope).Access
		got := slices.Sorted(maps.Keys(w.agent().get(oidc.PathUserinfo, nil, bearer(access)).json(t)))
		if slices.Sort(want); !slices.Equal(got, want) {
			t.Errorf("scope %s gives %v, the reference says %v", scope, got, want)
		}
	}
}

// giveEverything gives the user an attribute for every claim.
func (w *world) giveEverything(claims []string) {
	_, err := w.store.UpdateUser(context.Background(), "user-1", func(u *idp.User) error {
		for _, name := range claims {
			if u.Attributes[name] == "" {
				u.Attributes[name] = "x"
			}
		}
		u.Attributes["phone_number_verified"], u.Attributes["phone_number_verified_at"] = "true", "1700000000"
		return nil
	})
	w.must(err)
}
