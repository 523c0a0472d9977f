package health

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/templates/console"
)

// pageData is what the page health/index shows.
type pageData struct {
	Concerns []Concern
	Latest   int
	// Tables.
	Nodes, Workers, Routes, Keys, Database [][]console.Cell
}

func (s *Section) show(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	report, err := s.o.Report(r.Context())
	if err != nil {
		return err
	}
	now := s.o.Now()
	data := pageData{Concerns: report.Concerns, Latest: report.Latest.Number, Keys: keyRows(report), Database: databaseRows(report.Database)}
	for _, n := range report.Nodes {
		data.Nodes = append(data.Nodes, s.nodeRow(n, report.Latest.Number, now))
		if n.Gone(now) {
			continue
		}
		data.Workers = append(data.Workers, workerRow(n))
		for _, route := range n.State.Routes {
			data.Routes = append(data.Routes, routeRow(n, route, now))
		}
	}
	return s.view.Show(w, r, a, admin.Page{Name: "health/index", Title: "Health", Data: data})
}

func text(format string, a ...any) console.Cell { return console.Cell{Text: fmt.Sprintf(format, a...)} }

func (s *Section) nodeRow(n Node, latest int, now time.Time) []console.Cell {
	name, state := n.Host, console.Cell{Text: "serves", Mark: "good"}
	if n.ID == s.o.Self {
		name += " (this node)"
	}
	switch {
	case n.Gone(now):
		state = console.Cell{Text: "gone", Mark: "bad"}
	case len(n.State.Trouble) > 0:
		state = console.Cell{Text: "serves older settings", Mark: "bad"}
	case len(n.State.Waiting) > 0:
		state = console.Cell{Text: "waits for a restart: " + strings.Join(n.State.Waiting, ", "), Mark: "soft"}
	}
	revision := text("%d", n.Revision)
	if n.Revision < latest {
		revision.Mark = "soft"
	}
	return []console.Cell{{Text: name}, state, {Text: n.Version}, revision, console.TimeCell(n.Started), console.TimeCell(n.Seen)}
}

func workerRow(n Node) []console.Cell {
	w := n.State.Workers
	return []console.Cell{{Text: n.Host}, text("%d of %d", w.Running, w.Size), text("%d of %d", w.Waiting, w.Queue), text("%d", w.Started)}
}

func routeRow(n Node, r Route, now time.Time) []console.Cell {
	state, until := console.Cell{Text: "serves", Mark: "good"}, console.Cell{}
	if now.Before(r.Until) {
		state, until = console.Cell{Text: "passed over", Mark: "bad"}, console.TimeCell(r.Until)
	}
	return []console.Cell{{Text: r.ID}, {Text: n.Host}, {Text: r.Driver}, state, text("%d", r.Failures), until}
}

func keyRows(r Report) (rows [][]console.Cell) {
	for _, k := range r.Keys {
		rows = append(rows, []console.Cell{
			{Text: k.ID}, {Text: k.Alg}, {Text: string(k.State)}, console.TimeCell(k.ActiveFrom), console.TimeCell(k.ActiveUntil), console.TimeCell(k.PublishedUntil),
		})
	}
	return rows
}

func databaseRows(d Database) [][]console.Cell {
	return [][]console.Cell{
		{{Text: "Answered in"}, text("%.1f ms", float64(d.Answered.Microseconds())/1000)},
		{{Text: "Size"}, text("%.1f MiB", float64(d.Bytes)/(1<<20))},
		{{Text: "Writes of this node since its start"}, text("%d, in %d commits", d.Writes, d.Commits)},
		{{Text: "Writes that wait"}, text("%d", d.Waiting)},
	}
}
