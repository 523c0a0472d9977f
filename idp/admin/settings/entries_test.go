package settings_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

const issuers = "registration.statements.issuers"

func TestNamedEntriesAreAddedAndChanged(t *testing.T) {
	w := worldOf(t, fileOf(withDriver+"\n"+issuers+` { "of the file" { issuer = "https://file.example", jwksUri = "https://file.example/keys" } }`))
	const path = "/settings/registration"
	page := w.get(path)
	if got := page.Find(`[name="v.`+issuers+`.%22of%20the%20file%22.issuer"]`).AttrOr("value", ""); got != "https://file.example" {
		t.Errorf("the file's entry has %q", got)
	}
	form := with(page.form(), "new."+issuers, "a: b", "v."+issuers+".NAME.issuer", "https://new.example", "v."+issuers+".NAME.jwksUri", "https://new.example/keys")
	w.post(path, form)
	all := w.served().Registration.Statements.Issuers
	if len(all) != 2 || all[0].Name != "a: b" || all[0].Issuer != "https://new.example" || all[0].JWKSURI != "https://new.example/keys" {
		t.Fatalf("served: %+v", all)
	}
	page = w.get(path)
	if again := w.post(path, page.form()); again.notice != "There was nothing to save." {
		t.Errorf("what was saved comes back as a change: %q", again.notice)
	}
	w.post(path, with(page.form(), "v."+issuers+".%22a:%20b%22.issuer", "https://other.example"))
	if all := w.served().Registration.Statements.Issuers; all[0].Issuer != "https://other.example" {
		t.Errorf("changed: %+v", all)
	}
	form = w.get(path).form()
	page.Find(`.part [data-path]`).Each(func(_ int, f *goquery.Selection) {
		if at := f.AttrOr("data-path", ""); strings.Contains(at, "a: b") {
			form.Add("back", at)
		}
	})
	w.post(path, form)
	if all := w.served().Registration.Statements.Issuers; len(all) != 1 || all[0].Name != "of the file" {
		t.Errorf("taken back: %+v", all)
	}
}

func TestANewEntryThatIsWrongIsTold(t *testing.T) {
	w := worldOf(t, fileOf(withDriver))
	const path = "/settings/registration"
	form := with(w.get(path).form(), "new."+issuers, "partner", "v."+issuers+".NAME.issuer", "https://a.example")
	got := w.send(http.MethodPost, base+path, form)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.errors(), "needs jwks or jwksUri") {
		t.Errorf("%d %s", got.status, got.errors())
	}
	if got.Find(`[name="new.`+issuers+`"]`).AttrOr("value", "") != "partner" || got.Find(`[name="v.`+issuers+`.NAME.issuer"]`).AttrOr("value", "") != "https://a.example" {
		t.Error("what was typed is lost")
	}
	form.Set("v."+issuers+".NAME.jwks", "file(/etc/passwd)")
	if got := w.send(http.MethodPost, base+path, form); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.errors(), "file(..)") {
		t.Errorf("a file of the host: %d %s", got.status, got.errors())
	}
}
