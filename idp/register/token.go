package register

import (
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
)

// The keyring's purposes.
const (
	initialPurpose    = "initial-access-token"
	managementPurpose = "registration-access-token"
)

// previousLife is how long a registration access token serves after it was
// replaced: enough to ask again where the answer was lost.
const previousLife = time.Minute

// HashInitialToken is the keyed hash under which an initial access token is
// stored.
func HashInitialToken(k *keyring.Keyring, token string) string { return k.Hash(initialPurpose, token) }

// hashManagementToken is that of a client's registration access token.
func hashManagementToken(k *keyring.Keyring, clientID, token string) string {
	return k.Hash(managementPurpose, clientID, token)
}

// proves says whether the token is the client's own, and whether it is the one
// that was in force before and still serves. A client that isn't there costs the same.
func (h *Handler) proves(r *Registered, id, token string) (ok, previous bool) {
	current, before := "", ""
	if r != nil {
		current = r.Client.RegistrationHash
		if h.Now().Before(r.RotatedAt.Add(previousLife)) {
			before = r.Previous
		}
	}
	isCurrent := h.Keyring.Equal(current, managementPurpose, id, token)
	isBefore := h.Keyring.Equal(before, managementPurpose, id, token)
	return r != nil && (isCurrent || isBefore), !isCurrent && isBefore
}

// newManagementToken gives the client a registration access token and returns it.
func (h *Handler) newManagementToken(c *idp.Client) (string, error) {
	token, err := idp.NewSecret(h.Rand)
	if err != nil {
		return "", err
	}
	c.RegistrationHash = hashManagementToken(h.Keyring, c.ID, token)
	return token, nil
}
