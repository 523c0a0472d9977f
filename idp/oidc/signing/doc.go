// Package signing owns the keys that sign ID tokens: how they are made, sealed
// at rest, published ahead of use, replaced by schedule and let go.
//
// It does not own tokens (idp/oidc), where the rows are kept (idp/store), or
// the master key that seals them (idp/keyring).
package signing
