// Package providers plays the telephone providers whose drivers ship, one file a provider.
//
// A stand-in checks what the real provider would check (credentials, signatures over the bytes as they came, clocks,
// formats, idempotency keys), answers in the provider's own words, and plays the faults that the provider is known for. It
// was written from what the provider publishes, or from public clients (the driver's manifest says which), and nobody at the
// provider has seen it. It knows nothing of
// Ringtail: a driver reaches it as it would reach the provider.
//
// Under /_standin/ it can be asked what it did and told what to play:
//
//	GET  /_standin                  what it plays, as text
//	GET  /_standin/calls?to=7999..  the calls to a number, newest first, as JSON
//	POST /_standin/faults           {"fault","times"} -> 204; times 0 ends it
//
// This package owns the providers' side alone; the book of calls, the callbacks and the faults that all have in common are
// loops/standin's.
package providers
