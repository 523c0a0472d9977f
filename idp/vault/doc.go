// Package vault keeps what drivers must not lose and nobody may read: the secrets that an administrator gave them, and
// the login tokens that they got with these.
//
// Both rest encrypted under the installation's master key. A secret is bound to its driver and name: moved to another row it
// can't be opened. Secrets are write-only: they are given to runs of their driver and shown to nobody. Secrets in the settings
// file are no business of this package; where both have one of the same name, this one wins.
package vault
