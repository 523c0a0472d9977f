package templates

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// html is the key's sentence as markup: a time among the args stands as a time
// element that the script makes a time of day of, anything else as text.
//
// It escapes by itself: html/template would also turn "+" and "'" into numbers,
// which makes sentences and phone numbers in the source hard to find. What goes
// into an attribute loses its tags and is escaped by html/template once more.
func (v *view) html(key string, args map[string]any) (template.HTML, bool) {
	text, ok := v.r.catalog(v.Lang).find(key, args["n"])
	safe := make(map[string]any, len(args))
	for name, arg := range args {
		switch arg := arg.(type) {
		case nil, template.HTML:
			safe[name] = arg
		case time.Time:
			safe[name] = v.until(arg)
		default:
			safe[name] = escape(fmt.Sprint(arg))
		}
	}
	return template.HTML(fill(escape(text), safe)), ok
}

func escape(text string) string { return markup.Replace(text) }

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

// Plain is the text as it is, with its "+" and "'".
func (v *view) Plain(text string) template.HTML { return template.HTML(escape(text)) }

// worthClock is the wait from which the time of day says more than the wait.
const worthClock = 90 * time.Second

// until is what is left until the time: "5 minutes", with what a script needs
// to add the time of day. Pages can't know the time zone of who reads them.
func (v *view) until(at time.Time) template.HTML {
	c := v.r.catalog(v.Lang)
	wait := at.Sub(v.r.now())
	left := c.left(wait)
	if wait <= worthClock {
		return clock(at, left, "", "")
	}
	today, _ := c.text("clock.left", map[string]any{"left": left})
	tomorrow, _ := c.text("clock.tomorrow", map[string]any{"left": left})
	return clock(at, left, today, tomorrow)
}

// Ago is how long the time is past: "3 minutes ago"; a script makes it a time of day.
func (v *view) Ago(at any) template.HTML {
	t, ok := at.(time.Time)
	if !ok {
		return ""
	}
	c := v.r.catalog(v.Lang)
	ago := v.r.now().Sub(t)
	words, _ := c.text("clock.now", nil)
	if ago > worthClock {
		words, _ = c.text("clock.ago", map[string]any{"ago": c.left(ago)})
	}
	today, _ := c.text("clock.at", nil)
	return clock(t, words, today, "")
}

// Date is the day of the time, as ISO 8601 writes it.
func (v *view) Date(at time.Time) template.HTML {
	return template.HTML(`<time datetime="` + at.UTC().Format(time.RFC3339) + `">` + at.UTC().Format(time.DateOnly) + `</time>`)
}

// clock is a time element that shows the words; today and tomorrow are what a
// script may show instead, with the time of day for "#".
func clock(at time.Time, words, today, tomorrow string) template.HTML {
	var data string
	if today != "" {
		data += ` data-today="` + escape(today) + `"`
	}
	if tomorrow != "" {
		data += ` data-tomorrow="` + escape(tomorrow) + `"`
	}
	return template.HTML(`<time datetime="` + at.UTC().Format(time.RFC3339) + `"` + data + `>` + escape(words) + `</time>`)
}
