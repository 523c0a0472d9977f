// Package egress makes the HTTP requests that drivers ask for, or refuses them.
//
// A driver's script is not trusted: it may be wrong, or have been written by somebody who wants to look around inside our
// network. So a request leaves only when all of this holds:
//
//   - https, unless the settings allow plain http to that very host;
//   - a host and port that the driver's manifest names;
//   - an address, resolved by us and dialled as resolved, that isn't private, loopback, link-local, metadata, multicast
//     or otherwise special, unless the settings allow the host by name. What is checked is what is dialled, so a name
//     that resolves differently a moment later (DNS rebinding) gains nothing;
//   - no redirect is followed: a 3xx answer goes to the script like any other;
//   - TLS 1.2 or later with a certificate that holds for the name; there is no switch to turn that off;
//   - a proxy only from the settings, never from the environment. The proxy then resolves the name, so the check of
//     addresses is the proxy's;
//   - sizes and times within the limits, in both directions.
//
// What a script sees: every answer with a status, whatever the status. result.body() of an answer that isn't JSON fails with
// bad_answer unless the script catches it, and result.text() gives it as it is. Where there is no answer the run ends
// without asking the script again: unavailable when the provider can't be reached, closes the connection or is too
// slow, bad_answer when what it sends is too long or isn't HTTP. Nothing is ever sent a second time here: whether
// a call was already placed is more than this package can know. A connection serves one request, so that no driver
// rides on what another one was allowed.
//
// This package also owns redaction: a trace is made of what was sent, and shows none of the secrets in it.
package egress
