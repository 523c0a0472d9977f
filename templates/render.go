package templates

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"golang.org/x/text/language"
)

// Options of a Renderer.
type Options struct {
	// Languages in use, the first of them the default; empty means en, ru.
	Languages []string
	// IgnoreBrowser leaves Accept-Language unread: only ui_locales counts.
	IgnoreBrowser bool
	// Asset gives the address of a file of package static.
	Asset func(name string) string
	// Now defaults to time.Now.
	Now func() time.Time
}

// Renderer writes pages. It is safe for concurrent use.
type Renderer struct {
	pages         map[string]pages // by language
	catalogs      map[string]*catalog
	languages     []string
	matcher       language.Matcher
	ignoreBrowser bool
	now           func() time.Time
}

// New reads the embedded pages and messages. It fails for a language that has
// no messages.
func New(o Options) (*Renderer, error) {
	if len(o.Languages) == 0 {
		o.Languages = []string{"en", "ru"}
	}
	if o.Asset == nil {
		return nil, fmt.Errorf("templates: Options.Asset is missing")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	r := &Renderer{
		pages: map[string]pages{}, catalogs: map[string]*catalog{}, ignoreBrowser: o.IgnoreBrowser, languages: o.Languages, now: o.Now,
	}
	var tags []language.Tag
	for _, lang := range o.Languages {
		c, err := readCatalog(lang)
		if err != nil {
			return nil, err
		}
		if r.pages[lang], err = parsePages(o.Asset, c); err != nil {
			return nil, err
		}
		r.catalogs[lang] = c
		tags = append(tags, c.tag)
	}
	r.matcher = language.NewMatcher(tags)
	return r, nil
}

// Has says whether there is a page of that name.
func (r *Renderer) Has(page string) bool { return r.pages[r.languages[0]][page] != nil }

// Languages in use, the default first, as BCP 47 tags.
func (r *Renderer) Languages() []string { return slices.Clone(r.languages) }

// Language picks the language for an answer: ui_locales of the authorization
// request first, then the browser's Accept-Language, then the default. The
// result is one of Options.Languages.
func (r *Renderer) Language(req *http.Request, uiLocales []string) string {
	var wanted []language.Tag
	for _, locale := range uiLocales {
		if tag, err := language.Parse(locale); err == nil {
			wanted = append(wanted, tag)
		}
	}
	if _, i, sure := r.matcher.Match(wanted...); len(wanted) > 0 && sure > language.No {
		return r.languages[i]
	}
	if r.ignoreBrowser || req == nil {
		return r.languages[0]
	}
	accepted, _, err := language.ParseAcceptLanguage(req.Header.Get("Accept-Language"))
	if err != nil || len(accepted) == 0 {
		return r.languages[0]
	}
	_, i, _ := r.matcher.Match(accepted...)
	return r.languages[i]
}

// Text is the key's sentence in the language, with ${name} filled in from args.
// A time among the args stands as what is left until then: "5 minutes". A key
// without a sentence comes back as it is, so that nothing is lost.
func (r *Renderer) Text(lang, key string, args map[string]any) string {
	if text, ok := r.text(lang, key, args); ok {
		return text
	}
	return key
}

func (r *Renderer) text(lang, key string, args map[string]any) (string, bool) {
	c := r.catalog(lang)
	return c.text(key, c.sayTimes(args, r.now()))
}

// ProblemText gives a problem's sentence and what the person may do about it.
// A problem that has no texts is told as an unexpected one.
func (r *Renderer) ProblemText(lang string, p *Problem) (text, hint string) {
	key := "problem." + r.told(lang, p)
	return r.Text(lang, key+".text", p.Args), r.Text(lang, key+".hint", p.Args)
}

// told is the ID under which the problem is told.
func (r *Renderer) told(lang string, p *Problem) string {
	if _, ok := r.text(lang, "problem."+p.ID+".hint", p.Args); ok {
		return p.ID
	}
	return "internal"
}

func (r *Renderer) catalog(lang string) *catalog { return r.catalogs[r.known(lang)] }

// known is the language, or the default where it isn't in use.
func (r *Renderer) known(lang string) string {
	if _, ok := r.catalogs[lang]; ok {
		return lang
	}
	return r.languages[0]
}

// Render sends the page. The page is made before the first byte goes out: an
// error leaves w untouched.
func (r *Renderer) Render(w http.ResponseWriter, page Page) error {
	tmpl := r.pages[r.known(page.Lang)][page.Name]
	if tmpl == nil {
		return fmt.Errorf("there is no page %q", page.Name)
	}
	body, err := r.make(tmpl, &page)
	if err != nil {
		return fmt.Errorf("making the page %s: %w", page.Name, err)
	}
	SetHeaders(w.Header(), page)
	if page.Status == 0 {
		page.Status = http.StatusOK
	}
	w.WriteHeader(page.Status)
	_, err = w.Write(body)
	return err
}

// make is the page's text. What each of its forms holds is made once.
func (r *Renderer) make(tmpl *template.Template, page *Page) ([]byte, error) {
	v := r.view(page)
	var text bytes.Buffer
	if _, ok := page.Data.(Step); ok {
		if err := tmpl.ExecuteTemplate(&text, "hidden", v); err != nil {
			return nil, err
		}
		v.Hidden = template.HTML(text.String())
		text.Reset()
	}
	err := tmpl.ExecuteTemplate(&text, "page", v)
	return text.Bytes(), err
}
