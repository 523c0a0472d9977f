package console

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"sync"

	"github.com/ringtail-id/ringtail/templates"
)

//go:embed all:pages
var files embed.FS

// language of the console.
const language = "en"

// Options of a Renderer. All are required.
type Options struct {
	// Asset gives the address of a file of package static.
	Asset func(name string) string
	// URL gives the address of a path of the console, which begins with "/".
	URL func(path string) string
}

// Renderer writes pages of the console. A page is parsed when somebody asks for it:
// all of them take more memory than everything else that a node holds, and most nodes
// never show one. It is safe for concurrent use.
type Renderer struct {
	pages map[string]func() (*template.Template, error)
	url   func(string) string
}

// New knows the embedded pages. Whether they can be parsed is a matter of tests.
func New(o Options) (*Renderer, error) {
	if o.Asset == nil || o.URL == nil {
		return nil, errors.New("console: Options lacks Asset or URL")
	}
	r := &Renderer{pages: map[string]func() (*template.Template, error){}, url: o.URL}
	layout := sync.OnceValues(func() (*template.Template, error) {
		return template.New("").Funcs(functions(o)).ParseFS(files, "pages/_*.html")
	})
	err := fs.WalkDir(files, "pages", func(path string, entry fs.DirEntry, err error) error {
		name := strings.TrimSuffix(strings.TrimPrefix(path, "pages/"), ".html")
		if err != nil || entry.IsDir() || name == path || !strings.Contains(name, "/") || strings.HasPrefix(entry.Name(), "_") {
			return err
		}
		r.pages[name] = sync.OnceValues(func() (*template.Template, error) { return parse(layout, path) })
		return nil
	})
	return r, err
}

// parse adds the page to a copy of the layout.
func parse(layout func() (*template.Template, error), path string) (*template.Template, error) {
	shared, err := layout()
	if err != nil {
		return nil, err
	}
	page, err := shared.Clone()
	if err != nil {
		return nil, err
	}
	return page.ParseFS(files, parts(path)...)
}

// parts are the page and what its section's pages share, in files whose names
// begin with "_".
func parts(path string) []string {
	shared, err := fs.Glob(files, path[:strings.LastIndex(path, "/")]+"/_*.html")
	if err != nil {
		return []string{path}
	}
	return append(shared, path)
}

// Has says whether there is a page of that name.
func (r *Renderer) Has(name string) bool { return r.pages[name] != nil }

// Render sends the page. The page is made before the first byte goes out: an
// error leaves w untouched.
func (r *Renderer) Render(w http.ResponseWriter, page Page) error {
	parsed := r.pages[page.Name]
	if parsed == nil {
		return fmt.Errorf("there is no page %q in the console", page.Name)
	}
	tmpl, err := parsed()
	if err != nil {
		return fmt.Errorf("parsing the page %s of the console: %w", page.Name, err)
	}
	var body bytes.Buffer
	if err := tmpl.ExecuteTemplate(&body, "page", View{Page: page, r: r}); err != nil {
		return fmt.Errorf("making the page %s of the console: %w", page.Name, err)
	}
	templates.SetHeaders(w.Header(), templates.Page{Lang: language, FormTargets: page.FormTargets})
	if page.Status == 0 {
		page.Status = http.StatusOK
	}
	w.WriteHeader(page.Status)
	_, err = w.Write(body.Bytes())
	return err
}
