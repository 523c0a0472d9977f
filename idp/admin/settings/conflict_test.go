package settings_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/idp/admin"
)

// as lets somebody else act.
func (w *world) as(login string) { w.actor = person(login, admin.RoleSysadmin) }

func TestEditsOfDifferentFieldsBothSucceed(t *testing.T) {
	w := worldOnDisk(t, fileOf(withDriver))
	annas, olgas := w.get(calls).form(), w.get(calls).form()
	w.as("anna")
	w.post(calls, with(annas, v("codeLength"), "6"))
	w.as("olga")
	w.post(calls, with(olgas, v("validity"), "60"))
	f := w.served().Login.Methods.FlashCall
	if f.CodeLength != 6 || f.Validity.Seconds() != 60 {
		t.Errorf("one edit undid the other: %+v", f)
	}
}

func TestTheSecondIsToldAndDecides(t *testing.T) {
	const field = "login.methods.flashCall.codeLength"
	for name, tt := range map[string]struct {
		take string
		want int
		by   string
	}{
		"mine":   {"mine", 5, "olga"},
		"theirs": {"theirs", 6, "anna"},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOnDisk(t, fileOf(withDriver))
			annas, olgas := w.get(calls).form(), w.get(calls).form()
			w.as("anna")
			w.post(calls, with(annas, v("codeLength"), "6", v("resendAfter"), "30"))
			w.as("olga")
			told := w.send(http.MethodPost, base+calls, with(olgas, v("codeLength"), "5", v("validity"), "60", "comment", "why"))
			if told.status != http.StatusConflict || !strings.Contains(told.Find("[data-conflict]").Text(), "anna saved the same settings") {
				t.Fatalf("%d: %s", told.status, told.errors())
			}
			at := told.Find(`[data-path="` + field + `"]`)
			if at.Find(`input[type="text"]`).AttrOr("value", "") != "5" || !strings.Contains(at.Find(".decide").Text(), "theirs: 6") || !strings.Contains(at.Find(".error").Text(), "revision 1") {
				t.Errorf("the field says %q", at.Text())
			}
			if told.Find(".decide").Length() != 1 || told.Find(`[name="`+v("validity")+`"]`).AttrOr("value", "") != "60" ||
				told.Find(`[name="`+v("resendAfter")+`"]`).AttrOr("value", "") != "30" {
				t.Error("what isn't in conflict was asked for, or lost")
			}
			form := told.form()
			again := w.send(http.MethodPost, base+calls, form)
			if again.status != http.StatusConflict || !strings.Contains(again.errors(), "which value it shall have") {
				t.Fatalf("without a decision: %d %s", again.status, again.errors())
			}
			w.post(calls, with(again.form(), "take."+field, tt.take))
			f := w.served().Login.Methods.FlashCall
			if f.CodeLength != tt.want || f.Validity.Seconds() != 60 || f.ResendAfter.Seconds() != 30 {
				t.Errorf("served: %+v", f)
			}
			rev, err := w.service.Current(t.Context())
			if value, _ := rev.Layer.Value(field); err != nil || value.By != tt.by || rev.Comment != "why" {
				t.Errorf("the value is of %s, %v", value.By, err)
			}
		})
	}
}

func TestTheChainIsOneSettingInAConflict(t *testing.T) {
	w := worldOnDisk(t, fileOf(withDriver))
	annas, olgas := w.get(calls).form(), w.get(calls).form()
	w.post(calls, with(annas, "route.0.driver", "text", "route.0.channel", "sms"))
	told := w.send(http.MethodPost, base+calls, with(olgas, "route.0.price", "0.5"))
	const chain = "login.methods.flashCall.channels"
	at := told.Find(`[data-path="` + chain + `"]`)
	if told.status != http.StatusConflict || !strings.Contains(at.Find(".decide").Text(), `"driver":"text"`) {
		t.Fatalf("%d %s", told.status, at.Text())
	}
	if told.Find(`[name="route.0.price"]`).AttrOr("value", "") != "0.5" {
		t.Error("what was typed is lost")
	}
	w.post(calls, with(told.form(), "take."+chain, "mine"))
	if r := w.served().Login.Methods.FlashCall.Channels; len(r) != 1 || r[0].Driver != "example" || r[0].Price != 500_000 {
		t.Errorf("served: %+v", r)
	}
}
