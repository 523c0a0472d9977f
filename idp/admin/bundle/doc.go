// Package bundle owns what administrators saved as files, so that it can live in
// version control: how a folder holds it, what a provider has that differs, and how
// the provider is brought to what the folder says. It speaks the admin API alone.
//
// It does not own what is saved (idp/settings, idp/admin/drivers), nor any secret:
// none is ever in a folder.
package bundle
