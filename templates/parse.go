package templates

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages are the templates of one language, by the page's name.
type pages map[string]*template.Template

// parsePages reads the pages for one language. What all pages share (files that begin with "_") is parsed once.
func parsePages(asset func(string) string, c *catalog) (pages, error) {
	files, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("listing the pages: %w", err)
	}
	shared, out := template.New("").Funcs(template.FuncMap{"asset": asset}), pages{}
	for _, file := range files { // "_" comes before the letters
		name, page := strings.TrimSuffix(path.Base(file), ".html"), shared
		if !strings.HasPrefix(name, "_") {
			if page, err = shared.Clone(); err != nil {
				return nil, fmt.Errorf("copying what the page %s shares: %w", name, err)
			}
			out[name] = page
		}
		text, err := pageFiles.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading the page %s: %w", name, err)
		}
		if _, err := page.New(name).Parse(filled(string(text), asset, c)); err != nil {
			return nil, fmt.Errorf("parsing the page %s: %w", name, err)
		}
	}
	return out, nil
}

var (
	wordCall  = regexp.MustCompile(`\{\{\$?\.T "([^"]+)"\}\}`)
	assetCall = regexp.MustCompile(`\{\{asset "([^"]+)"\}\}`)
)

// filled puts into a template's text what is the same each time the page is shown: sentences without arguments and the
// addresses of our own files. A call costs more than all else about such a sentence. They stand in the text of the page, in its
// title and in quoted attributes; pages hold no script and no style that they could stand in.
func filled(text string, asset func(string) string, c *catalog) string {
	text = wordCall.ReplaceAllStringFunc(text, func(call string) string {
		sentence, ok := c.plain[wordCall.FindStringSubmatch(call)[1]]
		if !ok || strings.ContainsAny(sentence, "{'+") { // html/template writes "'" and "+" in a way of its own where they stand in attributes
			return call
		}
		return sentence
	})
	return assetCall.ReplaceAllStringFunc(text, func(call string) string {
		return escape(asset(assetCall.FindStringSubmatch(call)[1]))
	})
}
