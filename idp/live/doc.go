// Package live owns which state of the settings this process serves. Each state
// that can be served makes a generation, a whole Provider; a reload makes the next
// one beside it and puts it in its place at once, and the old one ends when its
// last request is answered. A state that can't be served changes nothing.
//
// A state is the settings file with all that it leads to, and the newest revision
// of what administrators saved. Host watches both.
//
// It does not own how a provider is made of settings (its Options.Make), the
// listeners, or what must outlive a generation: whoever makes providers keeps that.
package live
