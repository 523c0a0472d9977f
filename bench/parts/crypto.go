package parts

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"syscall"
	"time"

	"github.com/ringtail-id/ringtail/factors/password"
)

// self is the processor time that this process has used.
func self() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// each is the processor time of one of n operations of this process.
func each(n int, operation func() error) (time.Duration, error) {
	before := self()
	for range n {
		if err := operation(); err != nil {
			return 0, err
		}
	}
	return (self() - before) / time.Duration(n), nil
}

func measureSignatures() ([]figure, error) {
	digest := sha256.Sum256([]byte("header.payload"))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	var figures []figure
	for _, s := range []struct {
		name string
		sign func() error
	}{
		{"signature RS256", func() error { _, err := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, digest[:]); return err }},
		{"signature ES256", func() error { _, err := ecdsa.SignASN1(rand.Reader, ecKey, digest[:]); return err }},
		{"signature EdDSA", func() error { ed25519.Sign(edKey, digest[:]); return nil }},
	} {
		cost, err := each(500, s.sign)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		figures = append(figures, figure{name: s.name, cost: cost})
	}
	return figures, nil
}

// Signature is the processor time of an ES256 signature.
func Signature() (time.Duration, error) {
	all, err := measureSignatures()
	if err != nil {
		return 0, err
	}
	return all[1].cost, nil
}

// Hash is the processor time of one password hash of the server's: argon2id with one
// lane and memory in KiB.
func Hash(passes, memory uint32) (time.Duration, error) {
	hasher, err := password.NewHasher(password.HasherOptions{Params: password.Params{Memory: memory, Time: passes, Threads: 1}})
	if err != nil {
		return 0, err
	}
	return each(20, func() error {
		_, err := hasher.Hash(context.Background(), "ring-the-phone")
		return err
	})
}
