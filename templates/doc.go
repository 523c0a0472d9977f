// Package templates owns every page and every sentence that a person sees: the
// HTML, the message files (one for each language) and the renderer that joins
// them and sends the headers that keep a page safe.
//
// It does not own which page comes when (idp/login, idp/oidc), nor css, js and
// icons (static). It imports nothing of ours.
//
// # Messages
//
// messages/messages.LANG is UTF-8, one key=value a line, "#" begins a comment
// line. ${name} stands for an argument. A sentence that counts something has
// one key for each plural form of the language after CLDR (key.one, key.few,
// key.many, key.other), and its number is the argument n. A problem has the keys
// problem.ID.text and problem.ID.hint.
package templates
