package store_test

import (
	"context"
	"net/netip"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp/audit"
)

func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAuditRecord is what one record of a login costs in a batch.
func BenchmarkAuditRecord(b *testing.B) {
	j := journal(b, open(b, filepath.Join(b.TempDir(), "ringtail.db")), nil)
	e := audit.Event{
		Type: audit.TypeFactorProved, Subject: "01J9Z2M3N4P5Q6R7S8T9V0W1X2", IP: netip.MustParseAddr("192.0.2.7"), ClientID: "shop",
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", Procedure: "xYz0123456789abcdefghijk",
		SessionID: "AbC0123456789abcdefghijk", Params: map[string]any{"method": "password", "factor": 1},
	}
	began := processorTime(b)
	b.ResetTimer()
	for b.Loop() {
		j.Record(context.Background(), e)
	}
	if err := j.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(processorTime(b)-began)/float64(b.N)/1000, "cpu-µs/record")
}
