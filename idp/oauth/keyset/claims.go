package keyset

import (
	"math"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

// readClaims holds the claims to the rules (RFC 7519, section 4.1). The
// library's decoder refuses a name that comes twice, and tells cases apart.
func readClaims(payload []byte, now time.Time, r Rules) (*Token, error) {
	t := &Token{}
	if err := json.Unmarshal(payload, &t.Claims); err != nil || t.Claims == nil {
		return nil, faulty("the JWT's claims aren't a JSON object with each name once")
	}
	for name, into := range map[string]*string{"iss": &t.Issuer, "sub": &t.Subject, "jti": &t.ID} {
		if raw, ok := t.Claims[name]; ok && (json.Unmarshal(raw, into) != nil || *into == "") {
			return nil, faulty("the JWT's %s isn't a text", name)
		}
	}
	for _, name := range []string{"iss", "aud", "exp"} {
		if _, ok := t.Claims[name]; !ok && !slices.Contains(r.Optional, name) {
			return nil, faulty("the JWT has no %s", name)
		}
	}
	if r.Issuer != "" && t.Issuer != "" && t.Issuer != r.Issuer {
		return nil, faulty("the JWT's iss must be %s", r.Issuer)
	}
	if r.NeedID && t.ID == "" {
		return nil, faulty("the JWT has no jti")
	}
	if len(t.ID) > maxID {
		return nil, faulty("the JWT's jti has more than %d bytes", maxID)
	}
	if raw, ok := t.Claims["aud"]; ok && !onlyFor(raw, r.Audience) {
		return nil, faulty("the JWT's aud must be the issuer %s and nothing else", r.Audience)
	}
	return t, t.checkTimes(now, r)
}

// onlyFor says whether aud is the audience, as a text or as a list of one. A
// JWT that is for others too could be used by one of them at us.
func onlyFor(aud json.RawMessage, audience string) bool {
	var one string
	if json.Unmarshal(aud, &one) == nil {
		return one == audience && audience != ""
	}
	var list []string
	return json.Unmarshal(aud, &list) == nil && len(list) == 1 && list[0] == audience && audience != ""
}

func (t *Token) checkTimes(now time.Time, r Rules) error {
	times := map[string]time.Time{}
	for _, name := range []string{"exp", "nbf", "iat"} {
		raw, ok := t.Claims[name]
		if !ok {
			continue
		}
		at, ok := numericDate(raw)
		if !ok {
			return faulty("the JWT's %s isn't a time in seconds since 1970", name)
		}
		times[name] = at
	}
	life := r.Life
	if life == 0 {
		life = MaxLife
	}
	exp, hasExp := times["exp"]
	iat, hasIAT := times["iat"]
	switch {
	case hasExp && !now.Before(exp.Add(Skew)):
		return faulty("the JWT has expired")
	case hasExp && exp.After(now.Add(life+Skew)):
		return faulty("the JWT's exp is more than %d seconds ahead", int(life.Seconds()))
	case times["nbf"].After(now.Add(Skew)):
		return faulty("the JWT's nbf is in the future")
	case iat.After(now.Add(Skew)):
		return faulty("the JWT's iat is in the future")
	case hasIAT && iat.Before(now.Add(-life-Skew)):
		return faulty("the JWT's iat is more than %d seconds ago", int(life.Seconds()))
	}
	t.ExpiresAt = exp
	return nil
}

// maxDate is a bound of NumericDate, in the year 36812.
const maxDate = 1 << 40

// numericDate reads a NumericDate (RFC 7519, section 2), which may have a
// fraction.
func numericDate(raw json.RawMessage) (time.Time, bool) {
	var seconds float64
	if json.Unmarshal(raw, &seconds) != nil || !(seconds >= 1 && seconds < maxDate) {
		return time.Time{}, false
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)), true
}
