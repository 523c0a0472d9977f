package audit

import (
	"strconv"

	"github.com/ringtail-id/ringtail/idp/keyring"
)

// Mark says where the chain ends (the head) or begins (the anchor: what was before
// it was swept). Only who has the master key can make one.
type Mark struct {
	Seq  int64
	Hash string // of the record Seq
	// Proof is the keyed hash of the mark itself.
	Proof string
}

// Names of the marks.
const (
	HeadMark   = "head"
	AnchorMark = "anchor"
)

// Tail is how the trail ends, as a store has it.
type Tail struct {
	Head, Anchor Mark  // zero where there is none
	Last         int64 // the highest Seq of the records; 0 where there are none
}

// chainPurpose is the keyring's purpose for all hashes of the trail.
const chainPurpose = "audit"

// Chain makes and checks the hashes. The hash of a record is over the hash of the
// one before, its number and its body, so that no record can be changed, put
// elsewhere, taken out or put in by whoever has the database and not the key.
type Chain struct {
	ring *keyring.Keyring
}

// NewChain is the chain under the installation's master key.
func NewChain(ring *keyring.Keyring) Chain { return Chain{ring: ring} }

func (c Chain) hash(before string, seq int64, body string) string {
	return c.ring.Hash(chainPurpose, "record", before, strconv.FormatInt(seq, 10), body)
}

func (c Chain) fits(r Row, before string) bool {
	return c.ring.Equal(r.Hash, chainPurpose, "record", before, strconv.FormatInt(r.Seq, 10), r.Body)
}

// mark makes a head or an anchor.
func (c Chain) mark(name string, seq int64, hash string) Mark {
	return Mark{Seq: seq, Hash: hash, Proof: c.ring.Hash(chainPurpose, name, strconv.FormatInt(seq, 10), hash)}
}

// proved says whether the mark was made here.
func (c Chain) proved(name string, m Mark) bool {
	return c.ring.Equal(m.Proof, chainPurpose, name, strconv.FormatInt(m.Seq, 10), m.Hash)
}

// fault says why nothing may follow the tail as if it were whole; empty where
// something may. What is before the last record isn't looked at: Verify does that.
func (c Chain) fault(t Tail) string {
	switch {
	case t == Tail{}:
		return ""
	case t.Anchor != Mark{} && !c.proved(AnchorMark, t.Anchor):
		return FaultAnchor
	case !c.proved(HeadMark, t.Head):
		return FaultHead
	case t.Last > t.Head.Seq:
		return FaultForged
	case t.Last < t.Head.Seq && t.Anchor.Seq < t.Head.Seq:
		return FaultCut
	}
	return ""
}

// after is what the next record follows. After a fault that is nothing, so that
// Verify finds the place for ever.
func (c Chain) after(t Tail) (seq int64, hash, fault string) {
	if fault = c.fault(t); fault != "" {
		return max(t.Last, t.Head.Seq, t.Anchor.Seq), "", fault
	}
	return t.Head.Seq, t.Head.Hash, ""
}
