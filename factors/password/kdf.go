package password

import "github.com/minio/argon2"

// kdf is argon2id with the parameters of new hashes. It keeps the memory of a hash
// for the next one, cleared: fresh memory for each of them, megabytes, has the
// garbage collector run several times as often, and the heap grow to twice as much.
type kdf struct {
	params Params
	key    func(password, salt, secret, data []byte, length uint32) []byte
}

func newKDF(p Params) kdf { return kdf{params: p, key: argon2.NewIDKey(p.Time, p.Memory, p.Threads)} }

// derive is the key of a password under the digest's salt and parameters, which may
// be those of an older hash.
func (k kdf) derive(d digest, password string) []byte {
	length := uint32(len(d.key))
	if d.params != k.params {
		return argon2.IDKey([]byte(password), d.salt, d.params.Time, d.params.Memory, d.params.Threads, length)
	}
	return k.key([]byte(password), d.salt, nil, nil, length)
}
