// Package floor owns a provider that does nothing but the flow: one client, one
// password for everybody, no records, no limits, no call, no rotation of keys.
// What it costs is the least that HTTP, JSON, an ES256 signature and the rows
// that must be kept cost on a machine, and so a measure for others. It is not
// safe to be used for anything else.
package floor
