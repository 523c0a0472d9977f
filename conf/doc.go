// Package conf owns Ringtail's settings: the annotated default (blitz.conf),
// the layers over it (the settings file, what administrators saved, then --set),
// their check and their typed form, Settings. Every fault of a file is told at once, each with its
// place and with what to write instead.
//
// It does not own the HOCON language (conf/hocon), what a setting means to the
// part that it steers, or which drivers and languages exist: cmd checks those.
//
// To add a setting: give it a field in settings.go, a line in the function of
// its section (section_*.go), and a value with a comment in blitz.conf. The
// tests name whichever of the three was forgotten.
package conf
