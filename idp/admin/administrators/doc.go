// Package administrators owns who may use the console and as what: the roles of
// users, and the section of the console and of the API where they are given and
// taken.
//
// It owns that the last root stays, that root alone gives and takes root, and
// that nobody changes their own roles. It does not own what a role may do
// (idp/admin) or how administrators sign in (idp/admin/console).
package administrators
