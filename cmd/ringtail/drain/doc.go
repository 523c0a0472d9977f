// Package drain owns how a node leaves without a failed request: it tells load
// balancers that it goes, takes requests until they know, has clients let go of
// their connections, and turns new ones away before the listener closes.
//
// It does not own the servers and their time-outs, nor what background work does
// at the end; the command serve does.
package drain
