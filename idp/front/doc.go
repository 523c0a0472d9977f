// Package front owns what stands before all public endpoints: the table that says
// which of them there are, how often each may be asked, and how their callers are
// told that they are refused.
//
// It does not own counting (idp/ratelimit), the endpoints themselves, nor limits
// that need to know more than where a request comes from.
package front
