// Package consent owns what people allowed applications: which items a request
// asks for, which of them were allowed before, and the register of it all.
//
// It does not own when somebody is asked (login.Next), how the question looks
// (idp/login, templates), what a scope shows (idp/claims), or the SQL (idp/store).
//
// # What is remembered
//
// A person allows items: a scope, or a claim that the client gets by its name
// though none of the request's scopes shows it. Each is remembered for the person and the client,
// with its time, until they take it back on the account page, the client is
// deleted or their account is reset. So a client that asks for more is asked about
// alone for what is new.
//
// It is all or nothing. A registration has no way to say which scopes a client can
// live without, and a "no" to one of them would have to be remembered beside every
// "yes"; who doesn't want to share one thing doesn't allow the application.
package consent
