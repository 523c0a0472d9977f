package templates

import (
	"net/http/httptest"
	"testing"
	"time"
)

// BenchmarkRender makes the two pages that every login with a call shows.
func BenchmarkRender(b *testing.B) {
	r, err := New(Options{Asset: func(name string) string { return "/static/hash/" + name }, Now: func() time.Time { return noon }})
	if err != nil {
		b.Fatal(err)
	}
	for name, page := range map[string]Page{
		"password": {Name: PagePassword, Lang: "en", Client: "Demo shop", Data: Step{Name: "password", Form: "f1", Actions: []string{"cancel"}}},
		"call": {Name: PageFlashCall, Lang: "en", Client: "Demo shop", Data: Step{
			Name: "flashCall", Form: "f1", Person: "demo", State: "called", Actions: []string{"resend", "sms", "not_mine", "other", "cancel"},
			Values: map[string]any{
				"channel": "flashCall", "phone": "+7 999 ***-**-01", "code_length": 4, "caller_mask": "+7 495 123-__-__", "tries_left": 3,
				"called_at": noon.Add(-2 * time.Minute), "resend_at": noon.Add(time.Minute), "expires_at": noon.Add(3 * time.Minute),
			},
		}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := r.Render(httptest.NewRecorder(), page); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
