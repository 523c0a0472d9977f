package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// second is another administrator of the demo, in a browser that shares nothing with the first one's.
func (d *demo) second(t *testing.T) *administrator {
	t.Helper()
	const phone, password = "79990000009", "one more long sentence"
	if code, _, errOut := ringtail(t, password, "admin", "add", "second", "--phone", "+"+phone, "--password", "-", "--conf", filepath.Join(d.dir, "blitz.conf")); code != exitOK {
		t.Fatal(errOut)
	}
	ctx := window(t)
	do(t, ctx, "widening", before(watched), chromedp.EmulateViewport(1200, 900))
	a := &administrator{t: t, ctx: ctx, base: d.provider + "/blitz/console", login: "second", password: password, second: d.rings(phone)}
	a.open("/")
	return a
}

// TestConsoleTellsTheSecond: of two administrators who edit the same, the one who is later is told, and loses nothing.
func TestConsoleTellsTheSecond(t *testing.T) {
	d := startDemo(t)
	ctx := window(t)
	do(t, ctx, "widening", before(watched), chromedp.EmulateViewport(1200, 900))
	first := theDemosAdministrator(t, ctx, d)
	second := d.second(t)
	t.Run("a setting", func(t *testing.T) {
		for _, a := range []*administrator{first, second} {
			a.press("Confirmation by a phone call")
		}
		first.field("Number of attempts per login", "4")
		second.field("Number of attempts per login", "5")
		first.press("Save")
		first.shows("Saved as revision")
		second.press("Save")
		second.shows("admin saved the same settings")
		screenshot(t, second.ctx, "console-conflict.png")
		checkConsolePage(t, second.ctx)
		if value := read(t, second.ctx, chromedp.Value("[name='v.login.methods.flashCall.attemptsPerLogin']")); value != "5" {
			t.Errorf("what the second typed is %q now", value)
		}
		second.submit("mine, as it stands in the field")
		second.press("Save")
		second.shows("Saved as revision")
	})
	t.Run("a driver", func(t *testing.T) {
		first.open("/drivers/virtual-phone")
		first.press("Work on it")
		second.open("/drivers/virtual-phone")
		for i, a := range []*administrator{first, second} {
			until(t, a.ctx, "the editor is there", `document.querySelector("form[data-driver]").dataset.ready === "words"`)
			a.replace(0, "// Rings", []string{"// First", "// Second"}[i])
		}
		first.press("Save the draft")
		first.shows("The draft was saved.")
		second.press("Save the draft")
		second.shows("admin saved this draft meanwhile")
		if text := script(t, second.ctx); !strings.HasPrefix(text, "// Second") {
			t.Errorf("what the second typed is %.40q now", text)
		}
		second.press("Save the draft")
		second.shows("The draft was saved.")
	})
}
