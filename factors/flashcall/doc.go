// Package flashcall is the method "flashCall": the person's phone rings, and
// the last digits of the number that calls are the code. Where that doesn't work
// the same code may come by the other channels of its chain, a text message or a
// voice.
//
// It owns the number (where it comes from, which kinds and countries are refused,
// how it is masked), the method as second and as first factor and how the step
// stands in the words of its page, and the chain: which route serves which number
// at which hour, what a driver is given and what is taken from its answer, and the
// breaker of a route that fails. It does not own challenges, budgets and the move
// from route to route (otp), the running of drivers (loops), or texts.
//
// Log keys: route, driver, pause (of a breaker that opened).
package flashcall
