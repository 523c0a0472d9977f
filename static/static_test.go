package static

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func newFiles(t *testing.T) *Files {
	t.Helper()
	f, err := New("/blitz/static/")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func get(f *Files, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestEveryFileIsServedForAYear(t *testing.T) {
	f := newFiles(t)
	count := 0
	err := fs.WalkDir(f.tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		count++
		w := get(f, http.MethodGet, f.URL(name))
		if w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: status %d, %d bytes", name, w.Code, w.Body.Len())
		}
		h := w.Header()
		if !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") == "" {
			t.Errorf("%s: headers %v", name, h)
		}
		return nil
	})
	if err != nil || count < 4 {
		t.Fatalf("%d files: %v", count, err)
	}
}

func TestAddresses(t *testing.T) {
	f := newFiles(t)
	for path, want := range map[string]int{
		f.URL("nosuch.css"):               http.StatusNotFound,
		f.URL("../static.go"):             http.StatusNotFound,
		f.URL(""):                         http.StatusNotFound,
		"/blitz/static/login.css":         http.StatusNotFound,
		"/blitz/static/" + f.hash:         http.StatusNotFound,
		"/blitz/static/oldhash/login.css": http.StatusOK,
	} {
		if got := get(f, http.MethodGet, path); got.Code != want {
			t.Errorf("%s: %d, want %d", path, got.Code, want)
		}
	}
	if got := get(f, http.MethodGet, "/blitz/static/oldhash/login.css").Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("another release's address: Cache-Control %q", got)
	}
	if got := get(f, http.MethodPost, f.URL("login.css")); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got.Code)
	}
}

// The style sheet refers to files by names beside it, and they are there.
func TestStyleSheetReferences(t *testing.T) {
	f := newFiles(t)
	css, err := fs.ReadFile(f.tree, "login.css")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(string(css), -1)
	if len(found) == 0 {
		t.Fatal("no references found")
	}
	for _, m := range found {
		if _, err := fs.Stat(f.tree, m[1]); err != nil {
			t.Errorf("%s: %v", m[1], err)
		}
	}
}

func TestHashFollowsContent(t *testing.T) {
	f := newFiles(t)
	if again := newFiles(t); again.hash != f.hash {
		t.Error("the same files have two hashes")
	}
	if len(f.hash) != 16 {
		t.Errorf("hash %q", f.hash)
	}
}
