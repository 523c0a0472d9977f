// Command factor is a provider that has nothing to do with Ringtail's: it is
// zitadel/oidc with a storage in memory, and uses Ringtail's flash call as the second
// factor of its login page. Read it as a recipe for a provider of your own.
//
//	go run ./examples/factor
//
// starts the provider on http://localhost:8460 and a virtual phone on
// http://localhost:8461, which rings in place of ann's. Sign in through any relying
// party with the client "app" and the redirect URI http://localhost:8470/callback, as
// ann with the password "ring-the-phone".
//
// # Step by step
//
//  1. factors.go makes the two methods. A factors.Method proves one thing about a
//     person: password.New that they know theirs, flashcall.New that their phone rings.
//     Both keep what they count in a store; here it is memory.
//  2. A call is placed by a driver, a script that runs in a worker process. The pool of
//     workers starts this very program again with the argument "loop-worker"; main does
//     nothing else then. Whatever the script wants from the network, egress asks for, and
//     only where the driver's manifest and the allowances say so.
//  3. otp.Engine is the rest of it: codes, attempts, budgets, who is called and how often.
//     Its Run must be running somewhere, or nobody is called.
//  4. login.go shows a page for a step and hands what is posted to its method. It asks
//     three things of any method: Begin (ring), Show (how does it stand) and Answer (is
//     this the code). A proof at the end says who it was and what to write into amr.
//  5. storage.go and client.go are the library's own interfaces, and know nothing of
//     calls: a login that is done has a subject, an amr and a time.
//
// What a real provider does besides: keep all of it in a database (factors/otp and
// factors/password say what theirs must hold), show better pages, and read
// docs/decisions/0003 for what else the library leaves to you.
package main
