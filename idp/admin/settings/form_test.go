package settings_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/ringtail-id/ringtail/conf"
	"github.com/ringtail-id/ringtail/idp/admin"
)

const calls = "/settings/flashCall"

// v is the input of a setting of calls.
func v(name string) string { return "v.login.methods.flashCall." + name }

func TestTheSeedsSixFieldsComeFirst(t *testing.T) {
	w := worldOf(t, fileOf(withDriver))
	page := w.get(calls)
	var labels []string
	page.Find(".field > label").EachWithBreak(func(i int, l *goquery.Selection) bool {
		labels = append(labels, strings.TrimSpace(l.Text()))
		return i < 5
	})
	want := "Code length|Validity period, in seconds|Number of attempts per login|Total number of attempts|" +
		"Blocking time when the total number of attempts is exceeded, in minutes|Name of the attribute with the user's mobile number"
	if got := strings.Join(labels, "|"); got != want {
		t.Errorf("the fields are %s\nwant %s", got, want)
	}
	options := page.Find(`select[name="` + v("phoneAttribute") + `"] option`).Text()
	if options != "phone_numberwork_phone" {
		t.Errorf("the attributes are %q", options)
	}
	if page.Find("h1").Length() != 1 || page.Find(`input[name="form_token"][value="token"]`).Length() < 1 {
		t.Error("the page has not one heading, or its form no token")
	}
}

func TestSavedValuesServeAndSayWhereTheyComeFrom(t *testing.T) {
	w := worldOf(t, fileOf(withDriver+"\nlogin.methods.flashCall.validity = 90"))
	form := w.get(calls).form()
	done := w.post(calls, with(form, v("codeLength"), "6", v("numbers.countries"), "RU\r\nKZ\r\n", "comment", "longer codes"))
	if !strings.Contains(done.notice, "revision 1") || done.location != base+calls {
		t.Errorf("%q leads to %s", done.notice, done.location)
	}
	f := w.served().Login.Methods.FlashCall
	if f.CodeLength != 6 || strings.Join(f.Numbers.Countries, " ") != "RU KZ" || f.Validity != 90*time.Second {
		t.Errorf("served: %+v", f)
	}
	rev, err := w.service.Current(t.Context())
	if err != nil || len(rev.Changes) != 2 || rev.Comment != "longer codes" || rev.By != "anna" {
		t.Errorf("saved: %+v, %v", rev, err)
	}
	page := w.get(calls)
	for name, want := range map[string]string{
		"codeLength": "console, by anna", "validity": "blitz.conf:3", "attemptsPerLogin": "comes from the default", "numbers.voip": "Default: true",
	} {
		if got := page.Find(`[data-path="login.methods.flashCall.` + name + `"] .origin`).Text(); !strings.Contains(got, want) {
			t.Errorf("%s: %q doesn't say %q", name, got, want)
		}
	}
	back := page.Find(`[data-path="login.methods.flashCall.codeLength"] .back`).Text()
	if !strings.Contains(back, "Back to the file's value, 4") || page.Find(".back").Length() != 2 {
		t.Errorf("the way back: %q", back)
	}
	form = page.form()
	form.Add("back", "login.methods.flashCall.codeLength")
	w.post(calls, form)
	if got := w.served().Login.Methods.FlashCall.CodeLength; got != 4 {
		t.Errorf("back at the file's value it is %d", got)
	}
}

func TestWhatIsWrongIsToldAtItsField(t *testing.T) {
	tests := map[string]struct{ path, input, value, want string }{
		"out of bounds":    {calls, v("codeLength"), "9", "write a whole number, 3 to 8"},
		"no number":        {calls, v("validity"), "soon", `is "soon"; write a whole number of seconds`},
		"a contradiction":  {calls, v("attemptsPerLogin"), "10", "is not below totalAttempts"},
		"empty":            {calls, v("codeLength"), "", `is ""; write`},
		"a list's member":  {calls, v("numbers.countries"), "RU\nXX", "no country"},
		"a duration":       {"/settings/tokens", "v.tokens.access", "60", "a number without unit"},
		"a substitution":   {"/settings/login", "v.login.session.idle", "${HOME}", `is "${HOME}"`},
		"another setting":  {"/settings/login", "v.login.session.idle", "1h\nlog.level=debug", `write a duration`},
		"beyond its limit": {"/settings/login", "v.login.session.idle", "30d", "is longer than session.absolute"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := worldOf(t, fileOf(withDriver))
			got := w.send(http.MethodPost, base+tt.path, with(w.get(tt.path).form(), tt.input, tt.value, "comment", "why"))
			field := got.Find(`[id="field-` + tt.input + `"]`)
			at := got.Find(`[id="field-` + tt.input + `-hint"] .error`).Text()
			if got.status != http.StatusUnprocessableEntity || field.AttrOr("aria-invalid", "") != "true" || !strings.Contains(at, tt.want) {
				t.Errorf("%d: at the field %q, elsewhere %q; want %q", got.status, at, got.errors(), tt.want)
			}
			if got.Find(`.alert a[href="#field-`+tt.input+`"]`).Length() != 1 || got.Find("#field-comment").AttrOr("value", "") != "why" {
				t.Error("the page doesn't lead to the field, or forgot what was typed")
			}
			if _, number := w.service.Served(); number != 0 {
				t.Error("something was saved")
			}
		})
	}
}

func TestWhatSetDecidesCantBeChanged(t *testing.T) {
	o := fileOf(withDriver)
	o.Set = []string{"login.methods.flashCall.codeLength=5"}
	w := worldOf(t, o)
	page := w.get(calls)
	input := page.Find(`input[name="` + v("codeLength") + `"]`)
	if _, off := input.Attr("disabled"); !off || !strings.Contains(page.Find(`[data-path="login.methods.flashCall.codeLength"] .origin`).Text(), "--set") {
		t.Error("the field isn't locked")
	}
	if got := w.post(calls, with(page.form(), v("codeLength"), "6")); got.notice != "There was nothing to save." {
		t.Errorf("%q", got.notice)
	}
}

func TestReadOnlyShowsEverythingAndChangesNothing(t *testing.T) {
	for name, look := range map[string]func(*world){
		"console.readonly": func(*world) {},
		"no right":         func(w *world) { w.actor = person("olga", admin.RoleSupport) },
	} {
		t.Run(name, func(t *testing.T) {
			text := withDriver
			if name == "console.readonly" {
				text += "\nconsole.readonly = true"
			}
			w := worldOf(t, fileOf(text))
			look(w)
			for _, path := range []string{calls, "/settings/password", "/settings/factors/second"} {
				page := w.get(path)
				if page.Find("main button").FilterFunction(func(_ int, b *goquery.Selection) bool { return b.AttrOr("formaction", "") == "" }).Length() != 0 {
					t.Errorf("%s has a button that changes something", path)
				}
				if path != "/settings/factors/second" && page.Find(`[data-path] input[type="text"]:not([disabled])`).Length() != 0 {
					t.Errorf("%s has an input that isn't disabled", path)
				}
			}
		})
	}
}

func TestEveryEditableSettingIsInOneForm(t *testing.T) {
	w := worldOf(t, fileOf(withDriver))
	seen := map[string]int{}
	for _, route := range w.section.Pages() {
		if route.Method != http.MethodGet || strings.Contains(route.Path, "{") {
			continue
		}
		page := w.get(route.Path)
		page.Find("main [data-path]").Each(func(_ int, f *goquery.Selection) { seen[f.AttrOr("data-path", "")]++ })
		page.Find("main input:not([type=hidden]):not([type=radio]), main select, main textarea").Each(func(_ int, in *goquery.Selection) {
			id := in.AttrOr("id", "")
			if id != "" && page.Find(`label[for="`+id+`"]`).Length() != 1 {
				t.Errorf("%s: %s has no label", route.Path, id)
			}
		})
	}
	keys, err := conf.AllKeys()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := map[string]bool{"login.factors": true, "login.methods.flashCall.driver": true}
	for _, k := range keys {
		want := 1
		if k.Section || strings.Contains(k.Path, ".N.") || elsewhere[k.Path] || !conf.Editable(k.Path) || strings.HasPrefix(k.Path, "apps") {
			want = 0
		}
		if seen[k.Path] != want {
			t.Errorf("%s is in %d forms, want %d", k.Path, seen[k.Path], want)
		}
	}
	if seen["issuer"]+seen["keys.master"]+seen["console.readonly"] != 0 {
		t.Error("a form has what is for the file alone")
	}
}

func TestLanguagesAreForWhoLooksAfterPages(t *testing.T) {
	w := newWorld(t, "login.methods.flashCall.driver=example")
	for _, route := range w.section.Pages() {
		pages := route.Right == admin.PagesView || route.Right == admin.PagesEdit
		if pages != (route.Path == "/settings/lang") {
			t.Errorf("%s %s needs %s", route.Method, route.Path, route.Right)
		}
	}
}

func TestTheTabOfTheDriverComesWithTheFirstSave(t *testing.T) {
	w := newWorld(t, "login.level=1", "login.factors=[[{method=password,enabled=true}],[{method=flashCall,enabled=false}]]")
	tab := `nav.tabs a:contains("Phone call provider driver")`
	page := w.get(calls)
	if page.Find(tab).Length() != 0 {
		t.Error("the tab is there before anything was saved")
	}
	w.post(calls, with(page.form(), v("codeLength"), "5"))
	if href := w.get(calls).Find(tab).AttrOr("href", ""); href != base+"/drivers" {
		t.Errorf("the tab leads to %q", href)
	}
}
