package engine

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // providers sign with it; it protects nothing of ours
	"crypto/sha1" //nolint:gosec // the same
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"time"

	"github.com/dop251/goja"
)

// maxRandom bounds crypto.digits and crypto.random.
const maxRandom = 64

func hashes() map[string]func() hash.Hash {
	return map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}
}

// cryptoWords are those of crypto: digests and signatures as providers want them. Inputs are text (its UTF-8 bytes)
// or an ArrayBuffer, which crypto.fromBase64 and crypto.fromHex give. Results are hex, or base64 where the last argument says so.
func cryptoWords(c vocabulary) {
	c.method("hash", func(m *machine, _ goja.Value, a arguments) goja.Value {
		h := a.hash(0)()
		h.Write(a.bytes(1))
		return a.encoded(2, h.Sum(nil))
	})
	c.method("hmac", func(m *machine, _ goja.Value, a arguments) goja.Value {
		h := hmac.New(a.hash(0), a.bytes(1))
		h.Write(a.bytes(2))
		return a.encoded(3, h.Sum(nil))
	})
	c.method("base64", func(m *machine, _ goja.Value, a arguments) goja.Value {
		return m.rt.ToValue(base64.StdEncoding.EncodeToString(a.bytes(0)))
	})
	c.method("base64url", func(m *machine, _ goja.Value, a arguments) goja.Value {
		return m.rt.ToValue(base64.RawURLEncoding.EncodeToString(a.bytes(0)))
	})
	c.method("hex", func(m *machine, _ goja.Value, a arguments) goja.Value {
		return m.rt.ToValue(hex.EncodeToString(a.bytes(0)))
	})
	c.method("fromBase64", func(m *machine, _ goja.Value, a arguments) goja.Value {
		text := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(a.text(0)), "=")
		out, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil {
			a.wrong(0, "base64")
		}
		return m.rt.ToValue(m.rt.NewArrayBuffer(out))
	})
	c.method("fromHex", func(m *machine, _ goja.Value, a arguments) goja.Value {
		out, err := hex.DecodeString(a.text(0))
		if err != nil {
			a.wrong(0, "hex")
		}
		return m.rt.ToValue(m.rt.NewArrayBuffer(out))
	})
	c.method("uuid", func(m *machine, _ goja.Value, _ arguments) goja.Value { return m.rt.ToValue(m.uuid()) })
	c.method("digits", func(m *machine, _ goja.Value, a arguments) goja.Value { return m.rt.ToValue(m.digits(a)) })
	c.method("random", func(m *machine, _ goja.Value, a arguments) goja.Value { return a.encoded(1, m.randomBytes(a)) })
	c.method("equal", func(m *machine, _ goja.Value, a arguments) goja.Value {
		return m.rt.ToValue(subtle.ConstantTimeCompare(a.bytes(0), a.bytes(1)) == 1)
	})
	signatureWords(c)
}

func (a arguments) hash(i int) func() hash.Hash {
	h, ok := hashes()[a.text(i)]
	if !ok {
		a.wrong(i, "md5, sha1, sha256 or sha512")
	}
	return h
}

func (a arguments) bytes(i int) []byte {
	if o, ok := a.raw(i).(*goja.Object); ok {
		if buffer, ok := unwrapBuffer(o); ok {
			return buffer.Bytes()
		}
	}
	return []byte(a.text(i))
}

func unwrapBuffer(o *goja.Object) (goja.ArrayBuffer, bool) {
	if _, ok := handleType[goja.ArrayBuffer](o); !ok {
		return goja.ArrayBuffer{}, false
	}
	buffer, ok := o.Export().(goja.ArrayBuffer)
	return buffer, ok
}

func (a arguments) encoded(i int, sum []byte) goja.Value {
	if !a.has(i) {
		return a.m.rt.ToValue(hex.EncodeToString(sum))
	}
	switch a.text(i) {
	case "hex":
		return a.m.rt.ToValue(hex.EncodeToString(sum))
	case "base64":
		return a.m.rt.ToValue(base64.StdEncoding.EncodeToString(sum))
	case "base64url":
		return a.m.rt.ToValue(base64.RawURLEncoding.EncodeToString(sum))
	}
	a.wrong(i, "hex, base64 or base64url")
	return nil
}

// uuid gives a random UUID (RFC 9562, version 4).
func (m *machine) uuid() string {
	var b [16]byte
	_, _ = m.random.Read(b[:]) // ChaCha8 never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// amount is a first argument that says how much randomness is wanted.
func (a arguments) amount() int {
	n := a.index(0)
	if n < 1 || n > maxRandom {
		a.wrong(0, fmt.Sprintf("1 to %d", maxRandom))
	}
	return n
}

func (m *machine) randomBytes(a arguments) []byte {
	out := make([]byte, a.amount())
	_, _ = m.random.Read(out) // ChaCha8 never fails
	return out
}

// digits gives that many random decimal digits, each equally likely.
func (m *machine) digits(a arguments) string {
	n := a.amount()
	var out strings.Builder
	for out.Len() < n {
		var b [1]byte
		_, _ = m.random.Read(b[:])
		if b[0] < 250 { // the largest multiple of ten, so that no digit is favoured
			out.WriteByte('0' + b[0]%10)
		}
	}
	return out.String()
}

// clockWords are those of clock, which stands still during a step.
func clockWords(c vocabulary) {
	c.method("seconds", func(m *machine, _ goja.Value, _ arguments) goja.Value { return m.rt.ToValue(m.question.Now.Unix()) })
	c.method("millis", func(m *machine, _ goja.Value, _ arguments) goja.Value {
		return m.rt.ToValue(m.question.Now.UnixMilli())
	})
	c.method("iso", func(m *machine, _ goja.Value, _ arguments) goja.Value {
		return m.rt.ToValue(m.question.Now.UTC().Format(time.RFC3339))
	})
}
