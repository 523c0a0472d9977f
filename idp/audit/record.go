package audit

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Row is a record as it is stored.
type Row struct {
	// Seq counts from 1 without a gap.
	Seq int64
	Index
	// Body is the event in JSON, byte for byte what Hash is over.
	Body string
	// Hash is keyed, over the record before, Seq and Body; see Chain.
	Hash string
}

// Index is what of an event is searched for. Body says the same; that it does is
// checked with the chain.
type Index struct {
	At                                             time.Time // whole milliseconds
	Type, Subject, Object, ClientID, SessionID, IP string
	Procedure                                      string
}

// Record is an event with its place in the trail.
type Record struct {
	Seq int64
	Event
}

// shape is an event in Blitz's JSON. ip is a number for IPv4, as there, and a text
// for IPv6, which Blitz doesn't say.
type shape struct {
	Type       string          `json:"type"`
	TS         int64           `json:"ts"` // milliseconds since 1970
	Subject    string          `json:"sbj,omitempty"`
	Object     string          `json:"obj,omitempty"`
	IP         *address        `json:"ip,omitempty"`
	UserAgent  string          `json:"ua,omitempty"`
	ClientID   string          `json:"cId,omitempty"`
	AuthMethod string          `json:"cAthM,omitempty"`
	Procedure  string          `json:"lpId,omitempty"`
	SessionID  string          `json:"sid,omitempty"`
	Params     json.RawMessage `json:"prms,omitempty"`
}

// address is an IP address as the records have it.
type address struct{ netip.Addr }

// MarshalJSON implements json.Marshaler.
func (a address) MarshalJSON() ([]byte, error) {
	if a.Is4() {
		four := a.As4()
		return json.Marshal(binary.BigEndian.Uint32(four[:]))
	}
	return json.Marshal(a.String())
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *address) UnmarshalJSON(text []byte) error {
	var n uint32
	if json.Unmarshal(text, &n) == nil {
		var four [4]byte
		binary.BigEndian.PutUint32(four[:], n)
		a.Addr = netip.AddrFrom4(four)
		return nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	addr, err := netip.ParseAddr(s)
	a.Addr = addr
	return err
}

// Bounds of a record, in bytes. What is longer is cut, Params as a whole.
const (
	maxText   = 256
	maxParams = 32 << 10
)

// seal makes the event what is kept of it: bounded, valid text, a moment in whole
// milliseconds, and its JSON.
func seal(e Event) (Index, string) {
	s := shape{
		Type: clip(e.Type), TS: e.At.UnixMilli(), Subject: clip(e.Subject), Object: clip(e.Object), UserAgent: clip(e.UserAgent),
		ClientID: clip(e.ClientID), AuthMethod: clip(e.AuthMethod), Procedure: clip(e.Procedure), SessionID: clip(e.SessionID),
		Params: params(e.Params),
	}
	if e.IP.IsValid() {
		s.IP = &address{e.IP.Unmap().WithZone("")}
	}
	body, err := json.Marshal(s)
	if err != nil { // can't be: every member is text or a number, and the params are JSON
		body = []byte(`{}`)
	}
	return s.index(), string(body)
}

func params(p map[string]any) json.RawMessage {
	if len(p) == 0 {
		return nil
	}
	text, err := json.Marshal(p)
	if err != nil || len(text) > maxParams {
		return fmt.Appendf(nil, `{"left_out":%d}`, len(text))
	}
	return text
}

func (s shape) index() Index {
	i := Index{
		At: time.UnixMilli(s.TS).UTC(), Type: s.Type, Subject: s.Subject, Object: s.Object, ClientID: s.ClientID, SessionID: s.SessionID,
		Procedure: s.Procedure,
	}
	if s.IP != nil {
		i.IP = s.IP.String()
	}
	return i
}

func clip(text string) string {
	if len(text) > maxText {
		text = text[:maxText]
	}
	return strings.ToValidUTF8(text, "")
}

// read parses a body.
func read(body string) (shape, error) {
	var s shape
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return shape{}, fmt.Errorf("reading a record: %w", err)
	}
	return s, nil
}

// Record is what the row tells. A body that can't be read is a fault of the
// database, or of whoever wrote there by hand.
func (r Row) Record() (Record, error) {
	s, err := read(r.Body)
	if err != nil {
		return Record{}, err
	}
	e := Event{
		Type: s.Type, At: time.UnixMilli(s.TS).UTC(), Subject: s.Subject, Object: s.Object, UserAgent: s.UserAgent, ClientID: s.ClientID,
		AuthMethod: s.AuthMethod, Procedure: s.Procedure, SessionID: s.SessionID,
	}
	if s.Params != nil {
		if err := json.Unmarshal(s.Params, &e.Params); err != nil {
			return Record{}, fmt.Errorf("reading the params of a record: %w", err)
		}
	}
	if s.IP != nil {
		e.IP = s.IP.Addr
	}
	return Record{Seq: r.Seq, Event: e}, nil
}

// JSON is the record as it is exported and sent: Blitz's members with seq in front
// and hash behind.
func (r Row) JSON() []byte {
	inner := strings.TrimSuffix(strings.TrimPrefix(r.Body, "{"), "}")
	hash, err := json.Marshal(r.Hash)
	if err != nil {
		hash = []byte(`""`)
	}
	return fmt.Appendf(nil, `{"seq":%d,%s,"hash":%s}`, r.Seq, inner, hash)
}
