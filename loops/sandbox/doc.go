// Package sandbox runs the steps of drivers in worker processes that may be killed at any moment.
//
// A worker is the program's own binary, started again with a hidden subcommand that calls WorkerMain. It has an empty
// environment, no open files but its three pipes, no network where the kernel lets us take it away, and limits on
// memory, processor time, files and core dumps. Before its first task it gives up files, sockets, other processes and
// all system calls but those that Go's runtime lives on, some of them for a few arguments only, through Landlock and
// seccomp filters. It reads tasks and writes replies, framed JSON with a limit on the size in both directions, and holds
// nothing between two steps but compiled scripts.
//
// Inside a worker the engine stops a script at its limit where it can. From outside the Pool kills the worker a little
// later, since goja's native functions can't be interrupted and some expressions take all memory at once. A worker runs
// one step at a time and a step has no effects, so a worker's death costs at most the step that was in it, and
// a step whose worker died through no fault of its own is simply asked again, for as long as one step may take.
//
// This package owns processes: start, limits, kill, pool, queue, breaker. What a script may say is loops/engine's
// business.
package sandbox
