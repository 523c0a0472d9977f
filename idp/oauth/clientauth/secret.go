package clientauth

import (
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/keyring"
)

// SecretIs compares a client's secret in constant time. A client that has none
// has no other either.
func SecretIs(k *keyring.Keyring, c *idp.Client, secret string) bool {
	return k.Equal(c.SecretHash, secretPurpose, c.ID, secret)
}
