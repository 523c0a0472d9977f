package password

import (
	"bytes"
	"runtime"
	"testing"

	"golang.org/x/crypto/argon2"
	"pgregory.net/rapid"
)

// TestKDFIsArgon2id: the keys are those of another implementation, also where memory
// is used again, for new and for older parameters.
func TestKDFIsArgon2id(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		params := func(name string) Params {
			threads := rapid.Uint8Range(1, 4).Draw(t, name+" threads")
			return Params{Threads: threads, Time: rapid.Uint32Range(1, 3).Draw(t, name+" passes"), Memory: rapid.Uint32Range(8*uint32(threads), 300).Draw(t, name+" memory")}
		}
		k := newKDF(params("new"))
		other := params("old")
		for range rapid.IntRange(1, 4).Draw(t, "hashes") {
			d := digest{params: k.params, key: make([]byte, rapid.IntRange(16, 64).Draw(t, "length")), salt: rapid.SliceOfN(rapid.Byte(), 8, 64).Draw(t, "salt")}
			if rapid.Bool().Draw(t, "an older hash") {
				d.params = other
			}
			password := rapid.String().Draw(t, "password")
			want := argon2.IDKey([]byte(password), d.salt, d.params.Time, d.params.Memory, d.params.Threads, uint32(len(d.key)))
			if got := k.derive(d, password); !bytes.Equal(got, want) {
				t.Fatalf("%+v: %x, want %x", d.params, got, want)
			}
		}
	})
}

// TestKDFKeepsItsMemory: a hash takes what the one before it gave back. The race
// detector has a pool lose every fourth thing, so half is allowed.
func TestKDFKeepsItsMemory(t *testing.T) {
	const hashes, memory = 60, 1 << 10
	k := newKDF(Params{Memory: memory, Time: 1, Threads: 1})
	d := digest{params: k.params, salt: make([]byte, saltLength), key: make([]byte, keyLength)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range hashes {
		k.derive(d, "ring-the-phone")
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > hashes*memory<<10/2 {
		t.Errorf("%d bytes of fresh memory for %d hashes of %d KiB", got, hashes, memory)
	}
}
