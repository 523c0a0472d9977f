// Package loops is the contract between Ringtail and the small scripts that drive telephone providers.
//
// A loop is a script that is asked again and again until it says Ok or error. It never does input or output
// itself: each time it is asked it returns the one HTTP request that it wants made, and the host makes that
// request, or refuses to, and asks again with the answer. So the host alone owns time-outs, TLS, limits,
// traces and redaction, and a dry run needs no network.
//
//	Job --> engine (in a worker process) --> Request --> egress --> Answer --> engine --> ... --> Ok | error
//
// This package owns the words of that contract: drivers and their manifests, jobs, requests, answers, results,
// the one vocabulary of failures, refusals and limits. It does no input or output and runs no script:
//
// A driver is a folder that holds a script and its manifest. A script is driver.js, or a procedure, as Blitz calls its own,
// in driver.java. An entry is what a driver may be asked to do, by the function of that name (start, check, poll and so on). A
// step is one question to the script and what came of it: a request with its answer, or the end. A run is all steps of one
// entry, until Ok, error or a refusal.
//
//   - loops/engine gives the contract to JavaScript;
//   - loops/java translates procedures for it;
//   - loops/sandbox runs the engine in worker processes that may be killed;
//   - loops/egress makes the requests;
//   - loops/tokens keeps the tokens of drivers that log in;
//   - loops/host joins these into a Runner;
//   - loops/drivers holds the drivers that ship and reads those in a folder;
//   - loops/trial runs a driver once, for the command line and for the cases stored beside it: with answers written
//     beforehand, against a stand-in, or for real;
//   - loops/standin plays telephone providers and the phone that rings.
package loops
