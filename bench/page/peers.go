package page

import "github.com/ringtail-id/ringtail/bench/load"

// wanted is what an operation costs elsewhere and may cost here, in µs of the
// server's processor at 16 at once. What wasn't measured is zero.
type wanted struct {
	operation                    string
	memory, sqlite, example, dex float64
	most, goal                   float64
}

// targets were measured beside each other on a machine with two processors, each
// server on one of them, with ES256 (Dex: RS256) and SQLite with
// synchronous=FULL: a server that does nothing but the flow, the example that
// zitadel/oidc brings, which keeps everything in memory, and Dex.
func targets() []wanted {
	return []wanted{
		{operation: load.Discovery, memory: 38, sqlite: 35, example: 46, dex: 101, most: 80, goal: 50},
		{operation: load.Keys, memory: 25, sqlite: 31, example: 43, dex: 543, most: 70, goal: 45},
		{operation: load.ClientCredentials, memory: 49, sqlite: 39, example: 110, dex: 4520, most: 260, goal: 200},
		{operation: load.LoginSession, memory: 172, sqlite: 368, example: 530, dex: 18936, most: 740, goal: 530},
		{operation: load.LoginFull, memory: 297, example: 696, most: 2000, goal: 1500},
		{operation: load.Refresh, memory: 147, sqlite: 311, example: 229, dex: 8560, most: 600, goal: 420},
		{operation: load.Userinfo, memory: 52, sqlite: 36, example: 96, dex: 743, most: 120, goal: 80},
		{operation: load.Introspect, memory: 55, sqlite: 47, example: 184, dex: 837, most: 160, goal: 110},
	}
}

func target(operation string) (wanted, bool) {
	for _, w := range targets() {
		if w.operation == operation {
			return w, true
		}
	}
	return wanted{}, false
}

// Limits beside the operations'.
const (
	mostMemory = 80  // MB, after the load
	mostStart  = 300 // ms, to the first answer
	mostStep   = 1   // ms, of a warm worker
)
