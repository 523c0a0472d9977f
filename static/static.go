// Package static owns the files that pages load: the style sheet, the script
// and the icons. They are embedded and served under a path that holds a hash
// of their content, so browsers may keep them for a year and never see an old
// one.
//
// It does not own pages (templates) or where they are mounted (idp/server).
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed files
var files embed.FS

// Files serves the embedded files below one path.
type Files struct {
	prefix string // ends with "/"
	hash   string
	tree   fs.FS
}

// New prepares the files for being served below prefix, for example
// "/blitz/static".
func New(prefix string) (*Files, error) {
	tree, err := fs.Sub(files, "files")
	if err != nil {
		return nil, fmt.Errorf("opening the static files: %w", err)
	}
	hash, err := contentHash(tree)
	if err != nil {
		return nil, err
	}
	return &Files{prefix: strings.TrimSuffix(prefix, "/") + "/", hash: hash, tree: tree}, nil
}

// contentHash is one hash over all names and contents: the files refer to each
// other by relative paths, so they change address together.
func contentHash(tree fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s\x00%d\x00%s", name, len(content), content)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("hashing the static files: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

// Prefix is the path that all files are below; it ends with a slash.
func (f *Files) Prefix() string { return f.prefix }

// URL is the path of the named file, with the content hash.
func (f *Files) URL(name string) string { return f.prefix + f.hash + "/" + name }

// ServeHTTP answers GET and HEAD below the prefix. An address with another
// hash comes from a page of another release: it gets today's file, which the
// browser must not keep.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	hash, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, f.prefix), "/")
	kind, known := contentTypes()[path.Ext(name)]
	if !ok || !known || !fs.ValidPath(name) {
		http.NotFound(w, r)
		return
	}
	content, err := fs.ReadFile(f.tree, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-cache")
	if hash == f.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, name, time.Time{}, strings.NewReader(string(content)))
}

// contentTypes are named here and not asked of the system, whose table differs
// from machine to machine.
func contentTypes() map[string]string {
	return map[string]string{
		".css": "text/css; charset=utf-8",
		".js":  "text/javascript; charset=utf-8",
		".svg": "image/svg+xml",
		".txt": "text/plain; charset=utf-8",
	}
}
