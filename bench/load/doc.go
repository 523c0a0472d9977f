// Package load owns the load: it speaks the flows of OpenID Connect as a relying
// party and a browser would, with many people at once, checks every answer, and
// counts. It knows nothing of Ringtail but how its virtual phone is asked for a
// code, so that it can be pointed at any provider whose login is a form.
//
// It does not own the server under test (bench/proc), its settings (bench/run)
// or how results are shown (bench/page).
package load
