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
//   - loops/engine gives the contract to JavaScript;
//   - loops/sandbox runs the engine in worker processes that may be killed;
//   - loops/egress makes the requests;
//   - loops/host joins the three into a Runner;
//   - loops/drivers holds the drivers that ship and reads those in a folder;
//   - loops/trial runs a driver without a network, for the command line and for the cases stored beside it;
//   - loops/standin plays telephone providers and the phone that rings.
package loops
