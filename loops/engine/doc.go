// Package engine gives the loop contract to JavaScript, on goja, and to Java procedures, which loops/java translates.
//
// It turns one Question into one Action: it compiles a driver once, and for each step makes a fresh runtime, hands it the
// words of the contract (JsObj, JsArr, HttpLoop, secrets, crypto, clock, tokens), calls the driver's function and reads what it
// returned. A fresh runtime costs some tens of microseconds; a pooled one would carry one run's changes to the
// built-in prototypes into the next run.
//
// The engine stops a script that runs too long or takes too much memory where it can. It can't always: goja's
// interrupt doesn't reach native code, so new Array(2**26).fill(0) or a backtracking regular expression go on, and some
// expressions exhaust the memory in one go. So outside of this package's own tests an Engine lives only in a worker
// process of loops/sandbox, which is killed a little later.
//
// The engine opens no sockets and no files, and a script can't reach any: nothing in its runtime does.
package engine
