// Package flashcall is the method "flashCall": the person's phone rings, and
// the last digits of the number that calls are the code.
//
// It owns the number (where it comes from, which kinds are refused, how it is
// masked), how the step stands in the words of its page, and what a driver is
// given and what is taken from its answer. It does not own challenges and
// budgets (otp), the running of drivers (loops), or texts.
package flashcall
