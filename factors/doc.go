// Package factors is the contract between a login and the methods by which a
// person proves who they are: password, flashCall and those that follow.
//
// It owns the contract (Method), what passes through it, and the registry. It
// does not own the login (idp/login), its pages (templates) or any method (one
// package each, below this one). factors/factortest is the suite that every
// method passes.
package factors
