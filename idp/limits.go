package idp

// MaxBody is the most that any endpoint ever reads of a request's body, in bytes
// (1 MiB). It is for endpoints that are mounted alone: package server has a limit
// among its Options (the setting server.limits.body), which comes first.
const MaxBody = 1 << 20
