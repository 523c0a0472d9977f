package providers

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/ringtail-id/ringtail/loops/standin"
)

// control opens what only whoever runs the stand-in uses.
func (s *Standin) control() {
	s.mux.HandleFunc("GET /_standin", s.describe)
	s.mux.HandleFunc("GET /_standin/calls", s.list)
	s.mux.HandleFunc("POST /_standin/faults", s.setFault)
}

// describe tells no credentials: a page in somebody's browser may reach it under a name of its own.
func (s *Standin) describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = fmt.Fprintf(w, "stand-in of %s; its credentials stand where it was started\nfaults: %s\n", s.p.name, joined(s.Faults()))
}

// Description says for people what the stand-in plays, with which credentials, and how to try a driver against it at
// this address.
func (s *Standin) Description(address string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "stand-in of %s at %s\n", s.p.name, address)
	for _, name := range slices.Sorted(maps.Keys(s.p.secrets)) {
		fmt.Fprintf(&b, "%s = %s\n", name, s.p.secrets[name])
	}
	fmt.Fprintf(&b, "faults: %s\n", joined(s.Faults()))
	fmt.Fprintf(&b, "try it:\n  %s\n", s.command(address))
	return b.String()
}

// command is a `ringtail loop run` that reaches the stand-in.
func (s *Standin) command(address string) string {
	input := values{"phone_number": "79990000001", "phone_e164": "+79990000001", "code_length": max(s.p.random, 4), "reference": "try-1", "ip": "203.0.113.7"}
	if s.p.code != "" {
		input["code"] = s.p.code
	}
	if s.p.writes {
		input["text"] = "Your code: " + s.p.code + "\n\n@shop.example #" + s.p.code
	}
	text, _ := json.Marshal(input) // texts and a number: it can always be written
	parts := []string{"ringtail loop run " + s.p.name, "--standin " + address}
	for _, name := range slices.Sorted(maps.Keys(s.p.secrets)) {
		parts = append(parts, "--secret "+quoted(name+"="+s.p.secrets[name]))
	}
	return strings.Join(append(parts, "--input "+quoted(string(text))), " ")
}

// quoted is a word of a shell's command line.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func joined(faults []standin.Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, string(f))
	}
	return strings.Join(out, ", ")
}

func (s *Standin) list(w http.ResponseWriter, r *http.Request) {
	s.plain(w, http.StatusOK, s.Calls(strings.TrimPrefix(strings.TrimSpace(r.URL.Query().Get("to")), "+")))
}

// setFault wants JSON, which no other site's page can send without asking first.
func (s *Standin) setFault(w http.ResponseWriter, r *http.Request) {
	var order struct {
		Fault standin.Fault `json:"fault"`
		Times int           `json:"times"`
	}
	kind := r.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, "application/json") || json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&order) != nil {
		s.plain(w, http.StatusBadRequest, values{"error": "not_json"})
		return
	}
	if s.Play(order.Fault, order.Times) != nil {
		s.plain(w, http.StatusBadRequest, values{"error": "no_such_fault", "faults": s.Faults()})
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Standin) plain(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // the caller is gone, and nobody else is there to tell
}
