package templates

import (
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// phonePage is a page of the step flashCall, and selectors that say what is on
// it and what must not be, "; " between them. A page without them has a golden file.
type phonePage struct {
	page    Page
	has, no string
}

// call is a page of the step as a second factor; pairs are its values.
func call(state string, p *Problem, actions string, pairs ...any) Page {
	values := map[string]any{"phone": "+7 999 ***-**-01", "code_length": 4, "resend_at": noon.Add(45 * time.Second)}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i].(string)] = pairs[i+1]
	}
	s := Step{Name: "flashCall", Form: "f1", Person: "demo", State: state, Values: values, Actions: append(strings.Fields(actions), "cancel")}
	if state == "calling" {
		s.RefreshMillis = 1000
	}
	return Page{Name: PageFlashCall, Problem: p, Data: s}
}

// first is the same as a first factor.
func first(state string, p *Problem, actions string, pairs ...any) Page {
	page := call(state, p, actions, append(pairs, "first", true)...)
	s := page.Data.(Step)
	s.Person = ""
	if state == "number" {
		delete(s.Values, "phone")
		delete(s.Values, "resend_at")
	}
	page.Data = s
	return page
}

func phonePages() map[string]phonePage {
	problem := func(id, field string) *Problem { return &Problem{ID: id, Field: field} }
	until := func(id string, wait time.Duration) *Problem {
		return &Problem{ID: id, Args: map[string]any{"until": noon.Add(wait), "resend_at": noon.Add(wait)}}
	}
	soon, over := noon.Add(90*time.Second), noon.Add(-time.Second)
	pages := map[string]phonePage{
		"flashcall-ready":      {page: call("ready", nil, "resend", "resend_at", nil)},
		"flashcall-ready-wait": {page: call("ready", nil, "resend")},
		"flashcall-calling":    {page: call("calling", nil, "")},
		"flashcall-called": {page: call("called", nil, "resend sms voice not_mine other", "channel", "flashCall", "caller_mask", "+7 495 123-__-__",
			"called_at", noon.Add(-20*time.Second), "sms_at", soon, "voice_at", over)},
		"flashcall-wrong":     {page: call("wrong", problem("code_wrong", "code"), "resend", "tries_left", 2)},
		"flashcall-wait":      {page: call("called", until("resend_wait", 45*time.Second), "resend")},
		"flashcall-exhausted": {page: call("exhausted", problem("code_exhausted", ""), "resend", "resend_at", noon)},
		"flashcall-expired":   {page: call("expired", problem("code_expired", ""), "resend")},
		"flashcall-failed":    {page: call("failed", problem("call_unavailable", ""), "resend sms", "sms_at", over)},
		"flashcall-unknown":   {page: call("unknown", problem("call_unknown", ""), "resend")},
		"flashcall-blocked":   {page: call("blocked", until("method_blocked", 30*time.Minute), "")},
		"flashcall-no-phone":  {page: call("no_phone", problem("no_phone", ""), "", "phone", nil, "resend_at", nil)},
		"sms-called":          {page: call("called", nil, "resend voice", "channel", "sms", "code_length", 6, "called_at", noon)},
		"number":              {page: first("number", nil, "other", "channel", "flashCall")},
		"first-called":        {page: first("called", nil, "resend sms not_mine", "channel", "flashCall", "called_at", noon, "caller_mask", "+7 495 123-__-__")},

		"flashcall-whole": {page: call("called", nil, "resend", "whole_number", true, "called_at", noon.Add(-3*time.Minute)),
			has: `[data-form="flashCall whole"]; input#code[maxlength="40"]:not(.slots); input[pattern="[0-9 +\\(\\)\\-]*"]; time[datetime="2026-11-21T11:57:00Z"][data-today]`},
		"flashcall-last": {page: call("wrong", problem("code_wrong", "code"), "resend", "tries_left", 1),
			has: `#code[aria-invalid=true][aria-describedby="code-error code-help"]; #code-error [data-problem=code_wrong]; #code-help .tries`},
		"flashcall-limited": {page: call("limited", until("number_limited", 26*time.Hour), "other"),
			has: `[data-problem=number_limited] time[datetime="2026-11-22T14:00:00Z"][data-today*="#"][data-tomorrow*="#"]; button[value=other]`,
			no:  `button[value=resend]; #code; h2`},
		"calls-limited": {page: call("limited", until("calls_limited", 10*time.Minute), "other"), has: `[data-problem=calls_limited] time`, no: `#code`},
		"flashcall-stopped": {page: call("stopped", problem("calls_stopped", ""), "other"),
			has: `.sign-stopped; [data-problem=calls_stopped]; button[value=other]; button[value=cancel]`, no: `#code; .primary`},
		"flashcall-not-mine": {page: call("not_mine", problem("number_not_mine", ""), "other"),
			has: `.sign-not_mine; [data-problem=number_not_mine]; button[value=other]`, no: `#code; .primary`},
		"phone-country": {page: call("no_phone", problem("phone_country", ""), "other"), has: `[data-problem=phone_country]`, no: `#code`},
		"sms-ready": {page: call("ready", nil, "resend voice", "channel", "sms", "resend_at", nil, "voice_at", soon),
			has: `.by-sms; .primary[value=resend]:not(.ask); .ask[value=voice] [data-countdown]`, no: `#code`},
		"sms-calling":       {page: call("calling", nil, "", "channel", "sms"), has: `form[data-otp] #code; [data-form=sms][data-refresh="1000"]`},
		"flashcall-ordered": {page: call("calling", nil, "", "expires_at", soon), has: `#code; [data-state=calling]`},
		"sms-wrong":         {page: call("wrong", problem("code_wrong", "code"), "resend", "channel", "sms", "tries_left", 1), has: `form[data-otp] #code`},
		"sms-failed":        {page: call("failed", problem("call_unavailable", ""), "resend", "channel", "sms"), has: `.primary[value=resend]`, no: `#code`},
		"voice-called": {page: call("called", nil, "resend sms", "channel", "voice", "called_at", noon, "sms_at", over),
			has: `.by-voice; form:not([data-otp]) #code; .ask[value=sms]`, no: `button[value=voice]; .ask[value=sms] [data-countdown]`},
		"voice-wrong": {page: call("wrong", problem("code_format", "code"), "resend", "channel", "voice"), has: `#code-error`},
		"number-sms": {page: first("number", nil, "", "channel", "sms", "code_length", 6),
			has: `input#phone[name=phone][type=tel][inputmode=tel][autocomplete=tel][required]`, no: `#code; button[value=other]; [data-live]`},
		"number-voice": {page: first("number", nil, "", "channel", "voice"), has: `form:has(#phone) button.primary:not([name])`},
		"number-malformed": {page: first("number", problem("number_malformed", "phone"), ""),
			has: `#phone[aria-invalid=true][aria-describedby="phone-help phone-error"]; #phone-error [data-problem=number_malformed]`},
		"number-missing": {page: first("number", problem("field_missing", "phone"), ""), has: `#phone-error [data-problem=field_missing]`},
		"number-limited": {page: first("number", until("number_limited", time.Hour), ""), has: `.alert[data-problem=number_limited]; #phone:not([aria-invalid])`},
		"first-sms": {page: first("called", nil, "resend", "channel", "sms", "called_at", noon),
			has: `form[data-otp] #code`, no: `.person; time`},
		"first-voice":   {page: first("called", nil, "resend", "channel", "voice", "called_at", noon), has: `#code`, no: `.caller`},
		"first-wrong":   {page: first("wrong", problem("code_wrong", "code"), "resend", "tries_left", 1), has: `#code-error; .tries`},
		"first-expired": {page: first("expired", problem("code_expired", ""), "resend"), has: `.primary[value=resend]`, no: `#code`},
		"first-blocked": {page: first("blocked", until("method_blocked", 30*time.Minute), ""), has: `[data-problem=method_blocked] time`, no: `#code; .person`},
	}
	return pages
}

func document(t *testing.T, r *Renderer, page Page) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(render(t, r, page).Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestPhonePages(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, test := range phonePages() {
		for _, lang := range r.Languages() {
			t.Run(name+"/"+lang, func(t *testing.T) {
				test.page.Lang, test.page.Client = lang, "Demo shop"
				doc := document(t, r, test.page)
				for _, selector := range strings.Split(test.has, "; ") {
					if selector != "" && doc.Find(selector).Length() == 0 {
						t.Errorf("no %s on\n%s", selector, doc.Text())
					}
				}
				for _, selector := range strings.Split(test.no, "; ") {
					if selector != "" && doc.Find(selector).Length() != 0 {
						t.Errorf("%s on\n%s", selector, doc.Text())
					}
				}
				checkPhonePage(t, doc, test.page.Data.(Step))
			})
		}
	}
}

// checkPhonePage is what holds in every state.
func checkPhonePage(t *testing.T, doc *goquery.Document, s Step) {
	t.Helper()
	form := doc.Find("form").Has("input#code")
	takes := slices.Contains([]string{"calling", "called", "wrong"}, s.State)
	if got := form.Length() == 1; got != takes {
		t.Errorf("the code's field is there: %v, want %v", got, takes)
	}
	if form.Find("[name=action]").Length() != 0 {
		t.Error("the code's form carries an action")
	}
	for _, action := range s.Actions {
		if doc.Find(`button[name=action][value="`+action+`"]`).Length() != 1 {
			t.Errorf("no button for the action %s", action)
		}
	}
	if got := doc.Find("button[name=action]").Length(); got != len(s.Actions) {
		t.Errorf("%d buttons with actions, want %d", got, len(s.Actions))
	}
	// Without JavaScript the page looks again by itself only while the call is
	// being placed.
	again := ""
	if s.State == "calling" {
		again = "3"
		if s.Values["expires_at"] != nil { // it may ring already, so a person may be typing
			again = "30"
		}
	}
	if got := doc.Find("head noscript").Text(); again == "" && got != "" || !strings.Contains(got, again) || again == "3" && strings.Contains(got, "30") {
		t.Errorf("the page refreshes itself by %q, want after %q seconds", got, again)
	}
	if live := doc.Find("[aria-live], [role=status]"); live.Find("[data-countdown], time, input").Length() != 0 {
		t.Error("what changes by the second stands in a live region")
	}
	said := strings.ToLower(doc.Text())
	for _, word := range []string{"busy", "no answer", "answered", "занято", "не ответил"} {
		if strings.Contains(said, word) {
			t.Errorf("the page tells %q: a call that was answered or not is none of its business", word)
		}
	}
}

// As first factor the page says the same whoever has the number, whatever the
// values hold; only what comes of the person's own doing differs.
func TestFirstFactorTellsNothing(t *testing.T) {
	r := newRenderer(t, Options{})
	for _, channel := range []string{"flashCall", "sms", "voice"} {
		for _, state := range []string{"called", "wrong"} {
			for lang, want := range map[string]string{"en": "If +7 999", "ru": "Если с номером +7 999"} {
				page := first(state, nil, "resend", "channel", channel)
				page.Lang = lang
				unknown := document(t, r, page)
				page = first(state, nil, "resend", "channel", channel, "caller_mask", "+7 495 123-__-__", "called_at", noon)
				page.Lang = lang
				known := document(t, r, page)
				if known.Text() != unknown.Text() {
					t.Errorf("%s %s %s: the pages differ:\n%s\n%s", channel, state, lang, known.Text(), unknown.Text())
				}
				if lead := known.Find(".lead").Text(); !strings.HasPrefix(lead, want) {
					t.Errorf("%s %s %s: %q, want %q first", channel, state, lang, lead, want)
				}
			}
		}
	}
}

// The words are those of the channel that is used, and of no other.
func TestWordsFollowTheChannel(t *testing.T) {
	r := newRenderer(t, Options{})
	words := map[string]map[string][]string{
		"en": {"flashCall": {"Don't answer and don't call back", "Last 4 digits", "Call again"},
			"sms": {"an SMS with a code of 4 digits", "Code from the SMS", "Send another SMS"}, "voice": {"Answer: a voice", "Code that you heard", "Call again"}},
		"ru": {"flashCall": {"Не отвечайте и не перезванивайте", "Последние 4 цифры", "Позвонить ещё раз"},
			"sms": {"СМС с кодом из 4 цифр", "Код из СМС", "Отправить ещё одно СМС"}, "voice": {"Ответьте: голос", "Код, который вы услышали", "Позвонить ещё раз"}},
	}
	for lang, channels := range words {
		for channel := range channels {
			page := call("called", nil, "resend", "channel", channel)
			page.Lang = lang
			text := document(t, r, page).Find("main").Text()
			for other, sentences := range channels {
				for i, sentence := range sentences {
					if got, want := strings.Contains(text, sentence), other == channel; got != want && !(i == 2 && channel != "sms" && other != "sms") {
						t.Errorf("%s, %s: %q is there: %v", lang, channel, sentence, got)
					}
				}
			}
			if !strings.Contains(text, "+7 999 ***-**-01") {
				t.Errorf("%s, %s: no masked number", lang, channel)
			}
		}
	}
}

// WebOTP is allowed where the code comes by SMS, and nowhere else.
func TestPermissionsPolicy(t *testing.T) {
	r := newRenderer(t, Options{})
	for name, page := range pagesOfTest() {
		page.Lang = "en"
		w := httptest.NewRecorder()
		if err := r.Render(w, page); err != nil {
			t.Fatal(err)
		}
		want := "otp-credentials=()"
		if strings.Contains(w.Body.String(), "data-otp") {
			want = "otp-credentials=(self)"
		}
		if got := w.Header().Get("Permissions-Policy"); got != want {
			t.Errorf("%s: Permissions-Policy %q, want %q", name, got, want)
		}
	}
}

// Times are said in words that hold in every time zone; the script makes times
// of day of them.
func TestTimes(t *testing.T) {
	r := newRenderer(t, Options{})
	for _, test := range []struct {
		name, lang      string
		page            Page
		text            string
		today, tomorrow string
	}{
		{"soon", "en", call("called", &Problem{ID: "resend_wait", Args: map[string]any{"resend_at": noon.Add(45 * time.Second)}}, ""), "45 seconds", "", ""},
		{"later", "en", call("blocked", &Problem{ID: "method_blocked", Args: map[string]any{"until": noon.Add(12 * time.Minute)}}, ""),
			"12 minutes", "12 minutes (at #)", "12 minutes (tomorrow at #)"},
		{"later", "ru", call("blocked", &Problem{ID: "method_blocked", Args: map[string]any{"until": noon.Add(12 * time.Minute)}}, ""),
			"12 минут", "12 минут (в #)", "12 минут (завтра в #)"},
		{"just now", "en", call("called", nil, "", "called_at", noon.Add(-20*time.Second)), "just now", "at #", ""},
		{"some time ago", "en", call("called", nil, "", "called_at", noon.Add(-3*time.Minute)), "3 minutes ago", "at #", ""},
		{"some time ago", "ru", call("called", nil, "", "called_at", noon.Add(-3*time.Minute)), "3 минуты назад", "в #", ""},
	} {
		test.page.Lang = test.lang
		at := document(t, r, test.page).Find("time")
		got := map[string]string{"text": at.Text(), "today": at.AttrOr("data-today", ""), "tomorrow": at.AttrOr("data-tomorrow", "")}
		want := map[string]string{"text": test.text, "today": test.today, "tomorrow": test.tomorrow}
		if at.Length() != 1 || !maps.Equal(got, want) {
			t.Errorf("%s %s: %d times, %v, want %v", test.name, test.lang, at.Length(), got, want)
		}
	}
}
