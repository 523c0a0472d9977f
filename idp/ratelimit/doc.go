// Package ratelimit owns how often one address, or one client, may come to an
// endpoint: the rules of a table, and the memory of who came when.
//
// It does not own the table of the endpoints (idp/server), nor what a refusal looks
// like, nor limits that are counted in the database and hold over all nodes: those of
// passwords (factors/password), codes (factors/otp, idp/device) and registrations
// (idp/register). What is counted here is counted by each node for itself.
//
// The rule is the generic cell rate algorithm (ITU-T I.371): a key has a store of
// Burst requests that fills again at an even rate. A refused request costs nothing,
// so that who comes too often still gets the rate. An IPv6 customer has at least a
// /64 (RFC 6177), so a /64 counts as one address; a /48, which one customer may have
// too, is allowed what 16 of those are.
package ratelimit
