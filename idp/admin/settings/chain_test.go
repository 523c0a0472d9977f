package settings_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheChainIsEditedWithoutAScript(t *testing.T) {
	w := worldOf(t, fileOf(withDriver))
	page := w.get(calls)
	if page.Find(".route").Length() != 1 || page.Find(`[name="route.0.driver"] option[selected]`).AttrOr("value", "") != "example" {
		t.Fatalf("the short form isn't shown as a route: %s", page.Find(".chain").Text())
	}
	// The first button of the form is what the Enter key presses.
	if first := page.Find(`form[data-odds] button`).First(); first.Text() != "Save" || first.AttrOr("name", "") != "" {
		t.Errorf("Enter presses %q", first.Text())
	}
	page = w.send(http.MethodPost, base+calls, with(page.form(), "action", "add", v("codeLength"), "6"))
	if page.status != http.StatusOK || page.Find(".route").Length() != 2 || page.Find(`[name="`+v("codeLength")+`"]`).AttrOr("value", "") != "6" {
		t.Fatalf("%d: %d routes", page.status, page.Find(".route").Length())
	}
	form := with(page.form(), "route.1.channel", "sms", "route.1.driver", "text", "route.1.wait", "30", "route.1.price", "2.50", "route.1.countries", "RU, KZ",
		"route.1.prefixes", "+7999", "route.1.operators", "MTS", "route.1.hours", "08:00-22:00")
	page = w.send(http.MethodPost, base+calls, with(form, "action", "up:1"))
	if page.Find(`[name="route.0.driver"] option[selected]`).AttrOr("value", "") != "text" {
		t.Fatal("the route didn't move up")
	}
	page = w.send(http.MethodPost, base+calls, with(page.form(), "action", "down:0"))
	if _, number := w.service.Served(); number != 0 {
		t.Fatal("a button of a row saved something")
	}
	w.post(calls, page.form())
	f := w.served().Login.Methods.FlashCall
	if len(f.Channels) != 2 || f.CodeLength != 6 {
		t.Fatalf("served: %+v", f)
	}
	if r := f.Channels[1]; r.Driver != "text" || r.Price != 2_500_000 || r.Wait.Seconds() != 30 || len(r.Countries) != 2 || r.Prefixes[0] != "+7999" ||
		r.Operators[0] != "MTS" || r.From != 480 || r.To != 1320 {
		t.Errorf("the second route: %+v", r)
	}
	page = w.get(calls)
	if again := w.post(calls, page.form()); again.notice != "There was nothing to save." {
		t.Errorf("what was saved comes back as a change: %q", again.notice)
	}
	form = page.form()
	form.Add("back", "login.methods.flashCall.channels")
	w.post(calls, form)
	if f := w.served().Login.Methods.FlashCall; len(f.Channels) != 1 || f.Channels[0].Driver != "example" {
		t.Errorf("back at the file's chain: %+v", f.Channels)
	}
}

func TestFaultsOfARouteStandInItsRow(t *testing.T) {
	for name, tt := range map[string]struct{ input, value, want string }{
		"no driver":        {"driver", "", "write a name"},
		"a price":          {"price", "much", "write an amount"},
		"a wait":           {"wait", "1000", "0 to 600"},
		"a country":        {"countries", "RU, XX", "no country"},
		"hours":            {"hours", "8-22", "HH:MM"},
		"something hidden": {"operators", `a"}] channels = ["x`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOf(t, fileOf(withDriver))
			page := w.send(http.MethodPost, base+calls, with(w.get(calls).form(), "action", "add"))
			form := with(page.form(), "route.1.driver", "example", "route.1."+tt.input, tt.value)
			got := w.send(http.MethodPost, base+calls, form)
			if tt.want == "" {
				if routes := w.served().Login.Methods.FlashCall.Channels; got.status != http.StatusSeeOther || routes[1].Operators[0] != tt.value {
					t.Errorf("%d: %+v", got.status, routes)
				}
				return
			}
			in := got.Find(".route").Eq(1).Find(".error").Text()
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(in, tt.want) || got.Find(".route").Eq(0).Find(".error").Length() != 0 {
				t.Errorf("%d: in the row %q, all %q; want %q", got.status, in, got.errors(), tt.want)
			}
		})
	}
}

func TestOddsAreThoseOfWhatWasTyped(t *testing.T) {
	w := worldOf(t, fileOf(withDriver))
	page := w.get(calls)
	chance := func(a *answer) string { return a.Find("#odds tbody tr").First().Find("td").Last().Text() }
	if chance(page) != "0.03 %, 1 in 3333" || page.Find(`#odds [data-warning="short_code"]`).Length() != 1 {
		t.Errorf("at first: %s", page.Find("#odds").Text())
	}
	path := strings.TrimPrefix(page.Find("form[data-odds]").AttrOr("data-odds", ""), base)
	typed := w.send(http.MethodPost, base+path, with(page.form(), v("codeLength"), "6", v("attemptsPerLogin"), "1"))
	if typed.status != http.StatusOK || chance(typed) != "0.0001 %, 1 in 1000000" || typed.Find(`[data-warning="short_code"]`).Length() != 0 {
		t.Errorf("%d: %s", typed.status, typed.Find("#odds").Text())
	}
	if typed.Find(`[name="`+v("codeLength")+`"]`).AttrOr("value", "") != "6" {
		t.Error("what was typed is lost")
	}
	wrong := w.send(http.MethodPost, base+path, with(page.form(), v("codeLength"), "60"))
	if !strings.Contains(wrong.Find("#odds").Text(), "when the settings above are right") {
		t.Errorf("%s", wrong.Find("#odds").Text())
	}
	if _, number := w.service.Served(); number != 0 {
		t.Error("a preview saved something")
	}
	// Codes without a leading zero are fewer.
	w.drivers.known[0].Manifest.LeadingZero = false
	if !strings.Contains(w.get(calls).Find("#odds").Text(), "one of 9000 codes") {
		t.Errorf("%s", w.get(calls).Find("#odds").Text())
	}
}
