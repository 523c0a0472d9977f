package shop

import "testing"

// Asking for a class is not getting it, and a number is not confirmed because
// there is one.
func TestConfirmed(t *testing.T) {
	type claims = map[string]any
	phone := claims{"phone_number": "+79990000001", "phone_number_verified": true, "phone_number_verified_at": 1.8e9}
	tests := map[string]struct {
		id, info claims
		want     registration
	}{
		"confirmed":           {claims{"acr": acrPhone}, phone, registration{Number: "+79990000001", At: "15 January 2027, 08:00:00 UTC"}},
		"nobody knows when":   {claims{"acr": acrPhone}, claims{"phone_number": "+79990000001", "phone_number_verified": true}, registration{Number: "+79990000001"}},
		"another class":       {claims{"acr": "urn:ringtail:acr:2"}, phone, registration{Failed: true}},
		"no class":            {claims{}, phone, registration{Failed: true}},
		"a class of no text":  {claims{"acr": []any{acrPhone}}, phone, registration{Failed: true}},
		"not confirmed":       {claims{"acr": acrPhone}, claims{"phone_number": "+79990000001", "phone_number_verified": false}, registration{Failed: true}},
		"a text for true":     {claims{"acr": acrPhone}, claims{"phone_number": "+79990000001", "phone_number_verified": "true"}, registration{Failed: true}},
		"no number":           {claims{"acr": acrPhone}, claims{"phone_number_verified": true}, registration{Failed: true}},
		"nothing of a number": {claims{"acr": acrPhone}, claims{}, registration{Failed: true}},
	}
	for name, test := range tests {
		if got := confirmed(session{Claims: test.id, UserInfo: test.info}); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}
