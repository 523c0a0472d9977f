// Package metrics owns what a process counts and times for Prometheus: requests,
// what the audit trail is told (logins, tokens, security facts), drivers, the
// database and password hashing. docs/reference/metrics.md is made of it.
//
// It does not own the figures of calls (idp/admin/calls), nor where metrics are
// served (idp/server). Values of labels are words of this program, names from the
// settings, or bounded otherwise: nothing that strangers choose makes a new series.
package metrics
