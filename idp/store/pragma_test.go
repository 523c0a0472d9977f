package store

import "testing"

// No test can cut the power, so this one reads what a power cut depends on.
func TestConnectionsAreSetUp(t *testing.T) {
	s := openInside(t)
	tests := []struct{ pragma, writer, reader string }{
		{"synchronous", "2", ""}, // FULL: a commit returns when the log is on disk
		{"journal_mode", "wal", "wal"},
		{"foreign_keys", "1", "1"},
		{"query_only", "0", "1"},
		{"busy_timeout", writerBusy, readerBusy},
	}
	for _, test := range tests {
		var written, reader string
		if err := s.writer.(*writer).db.Get(&written, "PRAGMA "+test.pragma); err != nil || written != test.writer {
			t.Errorf("the writer's %s is %q, %v; want %q", test.pragma, written, err, test.writer)
		}
		if test.reader == "" {
			continue
		}
		if err := s.read.Get(t.Context(), &reader, "PRAGMA "+test.pragma); err != nil || reader != test.reader {
			t.Errorf("a reader's %s is %q, %v; want %q", test.pragma, reader, err, test.reader)
		}
	}
	for _, query := range []string{`DELETE FROM users`, `PRAGMA query_only = 0; DELETE FROM users`} {
		if _, err := s.read.db.Exec(query); err == nil {
			t.Errorf("a reader may run %s", query)
		}
	}
}
