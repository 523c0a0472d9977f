// Package server is the one place that mounts everything on an http.Handler:
// pages of the login, OpenID endpoints, static files, and on a handler of its
// own what operators need.
//
// It owns the composition of the provider and its background work. It does not
// own listeners, the settings file or any rule. Another Go program can mount
// Ringtail with it: open a store, call New, serve Handler, and keep Run going. The OpenID library logs to slog's default logger,
// which the program should set.
package server
