// Package trial runs drivers the way the command line does: once, with answers that were written beforehand, against a stand-in, or for real;
// over the cases that are stored beside a driver; or not at all, to see what is wrong with the script.
//
// A trial uses the same workers, the same host and the same checks of addresses as a login does, so what it refuses is
// refused there too. This package owns the outcome as JSON, which is a stable surface, and the format of cases.
package trial
