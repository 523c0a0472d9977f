package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
)

// digest is of a set of rows, whatever their order: databases sort texts in their
// own ways, and sorting millions of rows to compare them costs more than copying
// them. It is the sum of the rows' SHA-256 in four lanes: it finds mistakes, and
// isn't made against somebody who chooses rows to deceive it.
type digest struct {
	rows  int64
	lanes [4]uint64
	hash  hash.Hash
	text  []byte
	sum   []byte
}

func newDigest() *digest { return &digest{hash: sha256.New()} }

// add takes a row's values, each as canonical gives it.
func (d *digest) add(values []any) error {
	d.text = d.text[:0]
	for _, v := range values {
		if err := d.write(v); err != nil {
			return err
		}
	}
	d.hash.Reset()
	d.hash.Write(d.text)
	d.sum = d.hash.Sum(d.sum[:0])
	for i := range d.lanes {
		d.lanes[i] += binary.BigEndian.Uint64(d.sum[8*i:])
	}
	d.rows++
	return nil
}

// write puts the value's kind and length before it, so that no two rows of
// different values read the same.
func (d *digest) write(v any) error {
	switch v := v.(type) {
	case nil:
		d.text = append(d.text, 'n')
	case int64:
		d.text = binary.BigEndian.AppendUint64(append(d.text, 'i'), uint64(v))
	case float64:
		d.text = binary.BigEndian.AppendUint64(append(d.text, 'r'), math.Float64bits(v))
	case string:
		d.text = append(binary.BigEndian.AppendUint64(append(d.text, 't'), uint64(len(v))), v...)
	case []byte:
		d.text = append(binary.BigEndian.AppendUint64(append(d.text, 'b'), uint64(len(v))), v...)
	default:
		return fmt.Errorf("a value of type %T can't be compared", v)
	}
	return nil
}

// String is the digest in hex.
func (d *digest) String() string {
	var b [32]byte
	for i, lane := range d.lanes {
		binary.BigEndian.PutUint64(b[8*i:], lane)
	}
	return hex.EncodeToString(b[:])
}

// canonical gives the one form of a value that all drivers' forms of it have:
// nil, int64, float64, string or []byte.
func canonical(k kind, v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case int16:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case string:
		if k == blobs {
			return []byte(v), nil
		}
		return v, nil
	case []byte:
		if k == texts {
			return string(v), nil
		}
		return v, nil
	case int64, float64:
		return v, nil
	}
	return nil, fmt.Errorf("a value of type %T in a column of the kind %s", v, k)
}

// given is the canonical value as a column of the kind takes it.
func given(k kind, v any) any {
	if n, ok := v.(int64); ok && k == booleans {
		return n != 0
	}
	return v
}
