package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// maxForms is how many forms a login may show.
const maxForms = 8

// walk follows a login through its pages until it goes back to the relying
// party, and returns where to.
func (p *person) walk(ctx context.Context, start string, forms bool) (*url.URL, error) {
	var calls seen
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, start, nil)
	for range maxForms {
		if err != nil {
			return nil, err
		}
		r.Header.Set("Accept", "text/html")
		res, err := p.browser.Do(r)
		if err != nil {
			return nil, err
		}
		if back, err := p.arrived(res); back != nil || err != nil {
			return back, errors.Join(err, drain(res))
		}
		page, err := readPage(res)
		if err != nil {
			return nil, err
		}
		if !forms {
			return nil, fmt.Errorf("a browser with a session was asked for %q", page.title)
		}
		if r, err = p.answer(ctx, page, &calls); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("the login does not end")
}

// drain closes an answer so that its connection can be used again.
func drain(res *http.Response) error {
	_, err := io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer))
	return errors.Join(err, res.Body.Close())
}

// arrived is where the relying party was called back, nil where it wasn't yet.
func (p *person) arrived(res *http.Response) (*url.URL, error) {
	if res.StatusCode < 300 || res.StatusCode > 399 {
		return nil, nil
	}
	back, err := res.Location()
	if err == nil && !strings.HasPrefix(back.String(), p.client.target.RedirectURI) {
		err = fmt.Errorf("the login went to %s", back)
	}
	return back, err
}

// page is a page with a form.
type page struct {
	title   string
	address *url.URL
	forms   []form
}

type form struct {
	action *url.URL
	fields url.Values
	button url.Values // of the first button that has a name
}

// readPage reads the forms of a page and closes the answer.
func readPage(res *http.Response) (*page, error) {
	defer res.Body.Close()
	if err := refused(res); err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 300))
		return nil, fmt.Errorf("%s answered %s: %s", res.Request.URL.Path, res.Status, text)
	}
	doc, err := goquery.NewDocumentFromReader(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	p := &page{title: doc.Find("title").Text(), address: res.Request.URL}
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		f := form{fields: url.Values{}, button: url.Values{}}
		if f.action, err = p.address.Parse(s.AttrOr("action", "")); err != nil {
			return
		}
		s.Find("input[name]").Each(func(_ int, in *goquery.Selection) { f.fields.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
		if b := s.Find("button[name], input[type=submit][name]").First(); b.Length() > 0 {
			f.button.Set(b.AttrOr("name", ""), b.AttrOr("value", ""))
		}
		p.forms = append(p.forms, f)
	})
	return p, err
}

// find is the first form with the field.
func (p *page) find(field string) (form, bool) {
	for _, f := range p.forms {
		if f.fields.Has(field) {
			return f, true
		}
	}
	return form{}, false
}

// answer fills in the form of a page: login and password, the code of the call,
// or else the only form with a button, which is a question to be agreed to.
func (p *person) answer(ctx context.Context, shown *page, calls *seen) (*http.Request, error) {
	t := p.client.target
	if f, ok := shown.find(t.PasswordField); ok {
		if err := calls.remember(ctx, p); err != nil {
			return nil, err
		}
		f.fields.Set(t.LoginField, p.account.Login)
		f.fields.Set(t.PasswordField, p.account.Password)
		return f.post(ctx)
	}
	if f, ok := shown.find("code"); ok && t.Phone != "" {
		code, err := calls.await(ctx, p)
		if err != nil {
			return nil, err
		}
		f.fields.Set("code", code)
		return f.post(ctx)
	}
	if len(shown.forms) == 0 {
		return nil, fmt.Errorf("the page %q has no form", shown.title)
	}
	f := shown.forms[0]
	for name, value := range f.button {
		f.fields[name] = value
	}
	return f.post(ctx)
}

func (f form) post(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.action.String(), strings.NewReader(f.fields.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", f.action.Scheme+"://"+f.action.Host)
	return r, nil
}
