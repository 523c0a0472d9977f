package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	trail "github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/templates/console"
)

// listData is what the page audit/list shows.
type listData struct {
	Values            map[string]string // of the filters, by name
	Rows              [][]console.Cell
	Previous, Next    string
	ExportJSON        string
	ExportCSV         string
	MaxExport         int
	Reset, VerifyPath string
}

func filters() []string {
	return []string{"type", "subject", "object", "about", "client", "session", "login", "ip", "from", "to"}
}

func (s *Section) showList(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	rows, next, err := s.find(r, pageSize)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	data := listData{
		Values: map[string]string{}, MaxExport: maxExport, Reset: s.o.View.URL(path), VerifyPath: path + "/verify",
		ExportJSON: s.address(path+"/export", q, "format", "jsonl"), ExportCSV: s.address(path+"/export", q, "format", "csv"),
	}
	for _, name := range filters() {
		data.Values[name] = q.Get(name)
	}
	names := &names{users: s.o.Users, known: map[string]string{}}
	for _, row := range rows {
		data.Rows = append(data.Rows, s.row(r.Context(), row, names))
	}
	if next > 0 {
		data.Next = s.address(path, q, "before", strconv.FormatInt(next, 10))
	}
	if q.Get("before") != "" {
		data.Previous = s.address(path, q)
	}
	return s.o.View.Show(w, r, a, admin.Page{Name: "audit/list", Title: "Audit", Data: data})
}

// address is a path of the console with the filters of q and more.
func (s *Section) address(to string, q url.Values, more ...string) string {
	own := url.Values{}
	for _, name := range filters() {
		if value := q.Get(name); value != "" {
			own.Set(name, value)
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		own.Set(more[i], more[i+1])
	}
	if len(own) == 0 {
		return s.o.View.URL(to)
	}
	return s.o.View.URL(to) + "?" + own.Encode()
}

func (s *Section) row(ctx context.Context, row trail.Row, n *names) []console.Cell {
	link := func(text, filter, value string) console.Cell {
		if value == "" {
			return console.Cell{}
		}
		return console.Cell{Text: text, URL: s.address(path, url.Values{}, filter, value)}
	}
	return []console.Cell{
		{Text: strconv.FormatInt(row.Seq, 10), URL: s.o.View.URL(fmt.Sprintf("%s/%d", path, row.Seq))},
		console.ExactTimeCell(row.At), link(row.Type, "type", row.Type), link(n.of(ctx, row.Subject), "about", row.Subject),
		link(n.of(ctx, row.Object), "about", row.Object), link(row.ClientID, "client", row.ClientID), link(row.IP, "ip", row.IP),
	}
}

// names are the logins of users, each read once for a page.
type names struct {
	users idp.Users
	known map[string]string
}

func (n *names) of(ctx context.Context, id string) string {
	if id == "" {
		return ""
	}
	if name, ok := n.known[id]; ok {
		return name
	}
	n.known[id] = id
	if user, err := n.users.UserByID(ctx, id); err == nil {
		n.known[id] = user.Login
	}
	return n.known[id]
}

// oneData is what the page audit/show shows.
type oneData struct {
	Whole   bool
	Members [][]console.Cell
	JSON    string
	Hash    string
	Back    string
	Before  string // the record before and after
	After   string
}

func (s *Section) showOne(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	row, whole, err := s.one(r)
	if err != nil {
		return err
	}
	data := oneData{Whole: whole, Hash: row.Hash, Back: s.o.View.URL(path), After: s.o.View.URL(fmt.Sprintf("%s/%d", path, row.Seq+1))}
	if row.Seq > 1 {
		data.Before = s.o.View.URL(fmt.Sprintf("%s/%d", path, row.Seq-1))
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, []byte(row.Body), "", "  "); err != nil {
		pretty.WriteString(row.Body)
	}
	data.JSON = pretty.String()
	n := &names{users: s.o.Users, known: map[string]string{}}
	for _, m := range []struct{ name, filter, value string }{
		{"Type", "type", row.Type}, {"Who", "about", row.Subject}, {"To whom or what", "about", row.Object}, {"Application", "client", row.ClientID},
		{"Login", "login", row.Procedure}, {"Session", "session", row.SessionID}, {"Address", "ip", row.IP},
	} {
		if m.value == "" {
			continue
		}
		text := m.value
		if m.filter == "about" {
			text = n.of(r.Context(), m.value)
		}
		data.Members = append(data.Members, []console.Cell{{Text: m.name}, {Text: text, URL: s.address(path, url.Values{}, m.filter, m.value)}})
	}
	data.Members = append([][]console.Cell{{{Text: "Time"}, console.ExactTimeCell(row.At)}}, data.Members...)
	return s.o.View.Show(w, r, a, admin.Page{Name: "audit/show", Title: fmt.Sprintf("Record %d", row.Seq), Data: data})
}

// verifiedData is what the page audit/verify shows.
type verifiedData struct {
	report
	Rows [][]console.Cell // of faults
	Back string
}

func (s *Section) showVerified(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	found, err := s.check(r.Context())
	var problem *idp.Problem
	if err != nil && !errors.As(err, &problem) {
		return err
	}
	if problem != nil {
		return problem
	}
	data := verifiedData{report: found, Back: s.o.View.URL(path)}
	for _, f := range found.Faults {
		data.Rows = append(data.Rows, []console.Cell{
			{Text: strconv.FormatInt(f.Seq, 10), URL: s.o.View.URL(fmt.Sprintf("%s/%d", path, f.Seq))}, {Text: f.Reason, Mark: "bad"},
		})
	}
	return s.o.View.Show(w, r, a, admin.Page{Name: "audit/verify", Title: "Check of the audit trail", Data: data})
}
