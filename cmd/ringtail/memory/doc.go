// Package memory owns how much memory this process aims to stay under: Go's soft
// limit, set from the limit of the container or unit that it runs in, less what the
// worker processes beside it may take, how soon garbage is collected, and what is
// given back while the node rests.
//
// It does not own the workers' own limits (package sandbox does), nor how many
// processors are used: the Go runtime reads the container's share by itself.
package memory
