package request

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/oauth"
)

const (
	// maxClaims bounds the claims parameter, in bytes: it is kept with a login
	// that anybody may begin.
	maxClaims = 4 << 10
	// maxWishes bounds the claims that one member may name.
	maxWishes = 64
	// maxValues bounds the values that one claim may name.
	maxValues = 16
)

// Claims with a rule of their own (OpenID Connect Core, section 5.5.1).
const (
	claimSubject = "sub"
	claimClass   = "acr"
)

// checkClaims reads the claims parameter (OpenID Connect Core, section 5.5).
// Claims that nobody knows are ignored; what is malformed is refused.
func checkClaims(c *check) *oauth.Failure {
	text := c.asked.Get("claims")
	if text == "" {
		return nil
	}
	wishes, err := readClaims(text)
	if err != nil {
		return oauth.Fail(oauth.InvalidRequest, "claims can't be read: "+err.Error())
	}
	if wishes.Userinfo != nil && !hasWord(c.request.ResponseType, wordCode) && !hasWord(c.request.ResponseType, wordToken) {
		return oauth.Fail(oauth.InvalidRequest, "claims asks for userinfo, but the response_type gives no access token")
	}
	if f := c.takeSubject(wishes); f != nil {
		return f
	}
	if f := c.takeClass(wishes.IDToken[claimClass]); f != nil {
		return f
	}
	c.request.Claims = &idp.ClaimsRequest{Userinfo: c.askable(wishes.Userinfo), IDToken: c.askable(wishes.IDToken)}
	return nil
}

// askable leaves the claims that mean something and that the client may know.
func (c *check) askable(member map[string]*idp.ClaimWish) map[string]*idp.ClaimWish {
	names := c.Askable(c.client, slices.Sorted(maps.Keys(member)))
	maps.DeleteFunc(member, func(name string, _ *idp.ClaimWish) bool { return !slices.Contains(names, name) })
	return member
}

// readClaims gives every claim that is asked for, known or not. Members other
// than userinfo and id_token are ignored.
func readClaims(text string) (*idp.ClaimsRequest, error) {
	if len(text) > maxClaims {
		return nil, fmt.Errorf("more than %d bytes", maxClaims)
	}
	members, err := object([]byte(text))
	if err != nil {
		return nil, err
	}
	var wishes idp.ClaimsRequest
	if wishes.Userinfo, err = readMember(members["userinfo"]); err != nil {
		return nil, fmt.Errorf("userinfo: %w", err)
	}
	if wishes.IDToken, err = readMember(members["id_token"]); err != nil {
		return nil, fmt.Errorf("id_token: %w", err)
	}
	return &wishes, nil
}

func readMember(text json.RawMessage) (map[string]*idp.ClaimWish, error) {
	if text == nil || string(text) == "null" {
		return nil, nil
	}
	claims, err := object(text)
	if err != nil {
		return nil, err
	}
	if len(claims) > maxWishes {
		return nil, fmt.Errorf("more than %d claims", maxWishes)
	}
	wishes := map[string]*idp.ClaimWish{}
	for name, text := range claims {
		if wishes[name], err = readWish(text); err != nil {
			return nil, err // Without the name, which is a stranger's text.
		}
	}
	return wishes, nil
}

// readWish reads what is wanted of one claim: nil for null, or an object, whose
// other members are ignored.
func readWish(text json.RawMessage) (*idp.ClaimWish, error) {
	if string(text) == "null" {
		return nil, nil
	}
	members, err := object(text)
	if err != nil {
		return nil, errors.New("a claim is neither null nor an object")
	}
	wish := &idp.ClaimWish{}
	for name, into := range map[string]any{"essential": &wish.Essential, "value": &wish.Value, "values": &wish.Values} {
		if text, ok := members[name]; ok {
			if err := json.Unmarshal(text, into); err != nil {
				return nil, fmt.Errorf("%s has the wrong type", name)
			}
		}
	}
	if len(wish.Values) > maxValues {
		return nil, fmt.Errorf("more than %d values", maxValues)
	}
	return wish, nil
}

// takeSubject holds the login to the person that sub names, in either member
// (OpenID Connect Core, section 5.5.1).
func (c *check) takeSubject(wishes *idp.ClaimsRequest) *oauth.Failure {
	for _, member := range []map[string]*idp.ClaimWish{wishes.IDToken, wishes.Userinfo} {
		subjects, ok := texts(member[claimSubject])
		switch {
		case !ok || len(subjects) > 1:
			return oauth.Fail(oauth.InvalidRequest, "claims names no one person as sub")
		case len(subjects) == 0:
			continue
		}
		if f := c.wantSubject(subjects[0]); f != nil {
			return f
		}
	}
	return nil
}

// takeClass asks for the classes that acr names. An essential one is reached or
// the login fails (OpenID Connect Core, section 5.5.1.1).
func (c *check) takeClass(wish *idp.ClaimWish) *oauth.Failure {
	classes, ok := texts(wish)
	if !ok {
		return oauth.Fail(oauth.InvalidRequest, "claims names an acr that is no text")
	}
	known := knownClasses(classes)
	if len(classes) == 0 || len(known) == 0 && !wish.Essential {
		return nil
	}
	if len(known) == 0 {
		return oauth.Fail(oauth.UnmetAuthentication, "no acr that is asked for as essential is known")
	}
	c.request.ACRValues, c.request.ACREssential = known, wish.Essential
	return nil
}

// texts are the values of a wish: value, or else values. False where one isn't
// a text.
func texts(wish *idp.ClaimWish) ([]string, bool) {
	if wish == nil {
		return nil, true
	}
	values := wish.Values
	if wish.Value != nil {
		values = []any{wish.Value}
	}
	var found []string
	for _, value := range values {
		text, ok := value.(string)
		if !ok || text == "" {
			return nil, false
		}
		found = append(found, text)
	}
	return found, true
}
