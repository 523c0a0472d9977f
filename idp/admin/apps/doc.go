// Package apps owns the section of the console and of the API where applications
// (clients, relying parties) are registered, changed, given secrets, tried and
// taken away.
//
// It owns that what the settings file manages is shown and not changed, and that
// scopes of the admin API, and clients that have one, are the business of who
// appoints administrators: otherwise whoever edits applications could give
// themselves everything. It does not own what a registration may say
// (idp.Client.Validate) nor registrations by software itself (idp/register).
package apps
