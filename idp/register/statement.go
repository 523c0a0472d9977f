package register

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"

	"github.com/ringtail-id/ringtail/idp/oauth"
	"github.com/ringtail-id/ringtail/idp/oauth/keyset"
)

// Issuer vouches for software by statements that it signs (RFC 7591, section 2.3).
type Issuer struct {
	// Issuer is the statements' iss.
	Issuer string
	// Keys that it signs with.
	Keys keyset.Source
}

// Statements says which software statements are believed.
type Statements struct {
	// Required refuses registrations without one.
	Required bool
	Issuers  []Issuer
}

// Verifier proves who signed a JWT; *keyset.Sets does.
type Verifier interface {
	Prove(ctx context.Context, from keyset.Source, t *keyset.Token) error
}

// nameStatement is the member that holds a statement.
const nameStatement = "software_statement"

// statementLife is longer than any statement lives: software is vouched for until
// it is withdrawn.
const statementLife = 20 * 365 * 24 * time.Hour

// vouched reads the statement of a request, if there is one, and puts its claims
// over the request's members (RFC 7591, section 3.1.1).
func (h *Handler) vouched(ctx context.Context, m members) (members, *oauth.Failure) {
	text, f := m.statement()
	if f != nil {
		return nil, f
	}
	if text == "" && h.Statements.Required {
		return nil, refused(InvalidStatement, "a software_statement is needed")
	}
	if text == "" {
		return m, nil
	}
	claims, f := h.readStatement(ctx, text)
	if f != nil {
		return nil, f
	}
	return m.under(claims), nil
}

// statement is the request's, empty where it has none.
func (m members) statement() (string, *oauth.Failure) {
	raw, ok := m[nameStatement]
	if !ok || string(raw) == "null" {
		return "", nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil || text == "" {
		return "", refused(InvalidStatement, "software_statement is not a JWT")
	}
	return text, nil
}

// readStatement returns the claims of a statement that one of the issuers signed.
func (h *Handler) readStatement(ctx context.Context, text string) (members, *oauth.Failure) {
	t, err := keyset.Read(text, h.Now(), keyset.Rules{
		Audience: h.Issuer, Life: statementLife, Optional: []string{"aud", "exp"}, Types: []string{"software-statement+jwt"},
	})
	if err != nil {
		return nil, refused(InvalidStatement, statementFault(err))
	}
	i := slices.IndexFunc(h.Statements.Issuers, func(i Issuer) bool { return i.Issuer == t.Issuer })
	if i < 0 {
		return nil, refused(UnapprovedStatement, "software statements of this issuer are not believed here")
	}
	if err := h.Verifier.Prove(ctx, h.Statements.Issuers[i].Keys, t); err != nil {
		h.Log.InfoContext(ctx, "software statement refused", "issuer", t.Issuer, "error", err)
		return nil, refused(InvalidStatement, statementFault(err))
	}
	claims := members(t.Claims)
	var software string
	if json.Unmarshal(claims["software_id"], &software) != nil || software == "" {
		// Other JWTs of the issuer name no software.
		return nil, refused(InvalidStatement, "the software statement has no software_id")
	}
	return claims, nil
}

func statementFault(err error) string {
	var fault *keyset.Fault
	if errors.As(err, &fault) {
		return fault.Text
	}
	return "the software statement can't be checked now"
}

// under puts the claims of a statement over the members. What the statement
// doesn't speak of stays the request's; what is no metadata is left out of both.
func (m members) under(claims members) members {
	out := maps.Clone(m)
	for _, name := range slices.Concat(standard(), unserved(), []string{"sector_identifier_uri"}) {
		if value, ok := claims[name]; ok && name != nameStatement {
			out[name] = value
		}
	}
	return out
}

// storedClaims reads the claims of a statement that was believed when it came.
func storedClaims(statement string) (members, error) {
	parts := strings.Split(statement, ".")
	if len(parts) != 3 {
		return nil, errors.New("the stored software statement is no JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, errors.New("the stored software statement is no JWT")
	}
	var claims members
	return claims, json.Unmarshal(payload, &claims)
}

// statementIssuer is who vouches in a statement that was believed; empty where it
// can't be read.
func statementIssuer(statement string) string {
	var issuer string
	if claims, err := storedClaims(statement); err != nil || json.Unmarshal(claims["iss"], &issuer) != nil {
		return ""
	}
	return issuer
}
