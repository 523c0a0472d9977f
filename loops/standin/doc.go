// Package standin plays telephone providers over real HTTP, for tests, for the quick start and for anybody who writes
// a driver.
//
// Phone is the virtual phone: a provider with an API of its own, and the phone that it rings, which shows the number that
// calls, and what is written or spoken to it. The providers whose drivers ship are in loops/standin/providers; both rest on the Book of calls, the Player of
// faults and the Sender of callbacks that are here.
//
// A stand-in keeps what happened in memory, up to a bound, and knows nothing of Ringtail: a driver reaches it as it would
// reach any provider. Nothing here belongs into a production system; the virtual phone shows codes to whoever asks.
package standin
