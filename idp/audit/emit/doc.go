// Package emit carries the audit trail out of the database: as lines of the log,
// and in batches to receivers (a webhook; others behind Sender).
//
// It owns which records go where (Filter), how far each receiver has come, the
// waiting after a failure, and the shape of a webhook. It does not own the trail
// itself (idp/audit), nor SQL (Records).
//
// A receiver is sent what is in the database, in order, from where it was left off:
// a restart or a receiver that is down loses nothing, and may bring a record twice;
// seq tells. The log is written by the node that wrote the record, once, and not
// again after a crash.
//
// Log keys: emitter, seq, hash, status, tries, error.
package emit
