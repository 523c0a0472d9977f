package store_test

import (
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringtail-id/ringtail/idp"
)

// BenchmarkWrites creates logins from many goroutines. With more at once more
// of them share a commit, so a write gets cheaper.
func BenchmarkWrites(b *testing.B) {
	for _, parallel := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(parallel), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "ringtail.db"))
			var n atomic.Int64
			b.ReportAllocs()
			b.ResetTimer()
			inParallel(b, parallel, func() error {
				return s.CreateLogin(b.Context(), benchLogin(n.Add(1)))
			})
			b.StopTimer()
			stats := s.Stats()
			b.ReportMetric(float64(stats.Writes)/float64(stats.Commits), "writes/commit")
		})
	}
}

// BenchmarkUpdates reads, changes and writes logins.
func BenchmarkUpdates(b *testing.B) {
	for _, parallel := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(parallel), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "ringtail.db"))
			const logins = 64
			for i := range logins {
				if err := s.CreateLogin(b.Context(), benchLogin(int64(i))); err != nil {
					b.Fatal(err)
				}
			}
			var n atomic.Int64
			b.ReportAllocs()
			b.ResetTimer()
			inParallel(b, parallel, func() error {
				_, err := s.UpdateLogin(b.Context(), benchLogin(n.Add(1)%logins).ID, func(l *idp.Login) error {
					l.Chosen = "flashCall"
					return nil
				})
				return err
			})
		})
	}
}

// BenchmarkReads reads users by their IDs.
func BenchmarkReads(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "ringtail.db"))
	u := &idp.User{ID: "u1", Login: "anna", Attributes: map[string]string{"name": "Anna", "phone_number": "+79990000001"}}
	if err := s.CreateUser(b.Context(), u); err != nil {
		b.Fatal(err)
	}
	for _, parallel := range []int{1, 16} {
		b.Run(fmt.Sprint(parallel), func(b *testing.B) {
			b.ReportAllocs()
			inParallel(b, parallel, func() error {
				_, err := s.UserByID(b.Context(), "u1")
				return err
			})
		})
	}
}

// inParallel runs do b.N times on that many goroutines.
func inParallel(b *testing.B, goroutines int, do func() error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	done := make(chan error, goroutines)
	for range goroutines {
		go func() {
			for left.Add(-1) >= 0 {
				if err := do(); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range goroutines {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}

func benchLogin(n int64) *idp.Login {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	return &idp.Login{
		ID: fmt.Sprintf("%026d", n), Browser: "abcdefghijklmnopqrstuvwxyz", State: idp.LoginOpen,
		Request: idp.AuthorizationRequest{
			ClientID: "demo-app", RedirectURI: "https://shop.example/callback", ResponseType: "code",
			Scopes: []string{"openid", "profile"}, State: "xyzxyzxyzxyz", Nonce: "nonce-nonce",
			CodeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
		},
		CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
}
