package password

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/minio/argon2"
)

// Params are argon2id's.
type Params struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultParams are OWASP's minimum for argon2id: 19 MiB, 2 passes, 1 thread.
func DefaultParams() Params { return Params{Memory: 19 << 10, Time: 2, Threads: 1} }

// What we compute at most, for stored hashes too: 1 GiB, 20 passes.
const (
	maxMemory  = 1 << 20
	maxTime    = 20
	maxThreads = 16
)

// Lengths of new hashes, in bytes (RFC 9106, section 3.1).
const (
	saltLength = 16
	keyLength  = 32
)

// Validate says which parameter is out of range.
func (p Params) Validate() error {
	switch {
	case p.Threads < 1 || p.Threads > maxThreads:
		return fmt.Errorf("argon2id threads %d are outside 1 to %d", p.Threads, maxThreads)
	case p.Time < 1 || p.Time > maxTime:
		return fmt.Errorf("argon2id passes %d are outside 1 to %d", p.Time, maxTime)
	case p.Memory < 8*uint32(p.Threads) || p.Memory > maxMemory:
		return fmt.Errorf("argon2id memory %d KiB is outside %d to %d", p.Memory, 8*uint32(p.Threads), maxMemory)
	}
	return nil
}

// digest is a PHC string, read.
type digest struct {
	params Params
	salt   []byte
	key    []byte
}

var errNotPHC = errors.New(`not a PHC string of argon2id ("$argon2id$v=19$m=..,t=..,p=..$salt$hash")`)

// parse reads a PHC string of argon2id. Its error doesn't repeat the hash.
func parse(phc string) (digest, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return digest{}, errNotPHC
	}
	var d digest
	p := &d.params
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &p.Threads); err != nil || p.String() != parts[3] {
		return digest{}, errNotPHC
	}
	if err := p.Validate(); err != nil {
		return digest{}, err
	}
	var saltErr, keyErr error
	d.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	d.key, keyErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(d.salt) < 8 || len(d.salt) > 64 || len(d.key) < 16 || len(d.key) > 64 {
		return digest{}, errNotPHC
	}
	return d, nil
}

// String is the parameters' part of a PHC string.
func (p Params) String() string { return fmt.Sprintf("m=%d,t=%d,p=%d", p.Memory, p.Time, p.Threads) }

// String is the whole PHC string.
func (d digest) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$%s$%s$%s", argon2.Version, d.params, b64(d.salt), b64(d.key))
}
