// Package faults breaks what Ringtail stands on while people sign in through it, and then reads what is left: nodes are
// killed, disks are full, databases and telephone providers go away and come back.
//
// It owns the faults, the people who sign in meanwhile, and what must hold after any fault: no code works twice, no call
// is placed twice for one request, nothing that was acknowledged is gone, no login hangs. It owns no rule of the provider.
// Nodes are the built binary in processes of their own; the telephone provider is the virtual phone in this one, which
// notes each order that reaches it. `make test-faults` runs it and prints how often each fault happened.
package faults
