// Package claims owns the scopes and what each of them shows of a person: the
// standard ones (OpenID Connect Core, sections 5.1 and 5.4) and those of the
// settings, whose claims are made of attributes by templates.
//
// It does not own who may ask for a scope (idp.Client), what a person agreed to
// (idp/consent), or where claims are told (idp/oidc). It does no I/O: a Set is
// made once from the settings and never changes.
//
// # Templates
//
// A template is text with expressions in ${ and }:
//
//	${email}                             the attribute; without it there is no claim at all
//	${a-}                                empty where there is no a
//	${email-$phone_number}               the first of the attributes that there is
//	${nickname-$login-nobody}            and at last a text
//	${phone_number&maskInMiddle(3,3)}    799*****001
//	${age&number} ${staff&boolean} ${roles&list}
//
// ${login} is the person's login, every other name an attribute. An expression
// stands for what it found: a value that looks like an expression stays a text. Blanks
// around the whole are taken off, and a claim that comes out empty is left out, as
// OpenID Connect Core, section 5.3.2, wants it.
package claims
