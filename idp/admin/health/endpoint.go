package health

import (
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/oidc/signing"
)

// shownNode is a node as answers have it.
type shownNode struct {
	ID       string    `json:"id"`
	Host     string    `json:"host"`
	Version  string    `json:"version"`
	Started  time.Time `json:"started_at"`
	Seen     time.Time `json:"seen_at"`
	Gone     bool      `json:"gone"`
	Revision int       `json:"revision"`
	State
}

// shownDatabase is the database as answers have it.
type shownDatabase struct {
	Millis  float64 `json:"answered_millis"`
	Bytes   int64   `json:"bytes"`
	Writes  uint64  `json:"writes"`
	Commits uint64  `json:"commits"`
	Waiting int     `json:"waiting"`
}

type shownReport struct {
	Revision int            `json:"revision"`
	Concerns []Concern      `json:"concerns"`
	Nodes    []shownNode    `json:"nodes"`
	Keys     []signing.Info `json:"keys"`
	Database shownDatabase  `json:"database"`
}

func (s *Section) get(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	report, err := s.o.Report(r.Context())
	if err != nil {
		return err
	}
	d, now := report.Database, s.o.Now()
	answer := shownReport{
		Revision: report.Latest.Number, Concerns: append([]Concern{}, report.Concerns...), Nodes: []shownNode{}, Keys: append([]signing.Info{}, report.Keys...),
		Database: shownDatabase{float64(d.Answered.Microseconds()) / 1000, d.Bytes, d.Writes, d.Commits, d.Waiting},
	}
	for _, n := range report.Nodes {
		answer.Nodes = append(answer.Nodes, shownNode{
			ID: n.ID, Host: n.Host, Version: n.Version, Started: api.Time(n.Started), Seen: api.Time(n.Seen), Gone: n.Gone(now),
			Revision: n.Revision, State: n.State,
		})
	}
	return admin.WriteJSON(w, http.StatusOK, answer)
}
