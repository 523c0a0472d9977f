package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	trail "github.com/ringtail-id/ringtail/idp/audit"
)

const (
	pageSize = 50
	maxPage  = 500 // records of one answer
	// maxExport bounds one download; who needs more narrows the time, or uses the
	// command line.
	maxExport = 100_000
	// maxVerify bounds the check of the trail by a page or an endpoint.
	maxVerify = 25 * time.Second
)

// listed is an answer with records.
type listed struct {
	Records []json.RawMessage `json:"records"`
	Next    int64             `json:"next,omitempty"` // to send as before
}

// find gives one page of records, the newest first, and from where the next goes on.
func (s *Section) find(r *http.Request, limit int) (rows []trail.Row, next int64, err error) {
	values := r.URL.Query()
	q, err := queryOf(values)
	if err != nil {
		return nil, 0, err
	}
	before, err := seqOf(values.Get("before"), "before")
	if err != nil {
		return nil, 0, err
	}
	if rows, err = s.o.Records.FindAudit(r.Context(), q, before, limit+1); err != nil {
		return nil, 0, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].Seq
	}
	return rows, next, nil
}

func (s *Section) list(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	limit := pageSize
	if text := r.URL.Query().Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxPage {
			return badFilter("limit")
		}
		limit = n
	}
	rows, next, err := s.find(r, limit)
	if err != nil {
		return err
	}
	answer := listed{Records: []json.RawMessage{}, Next: next}
	for _, row := range rows {
		answer.Records = append(answer.Records, row.JSON())
	}
	return admin.WriteJSON(w, http.StatusOK, answer)
}

// one is the record of the path.
func (s *Section) one(r *http.Request) (row trail.Row, whole bool, err error) {
	seq, err := seqOf(r.PathValue("seq"), "seq")
	if err != nil {
		return row, false, &idp.Problem{ID: problemUnknown, Status: http.StatusNotFound}
	}
	row, whole, found, err := s.o.Chain.One(r.Context(), s.o.Records, seq)
	if err == nil && !found {
		err = &idp.Problem{ID: problemUnknown, Status: http.StatusNotFound}
	}
	return row, whole, err
}

func (s *Section) get(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	row, whole, err := s.one(r)
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, struct {
		Record json.RawMessage `json:"record"`
		Whole  bool            `json:"whole"`
	}{row.JSON(), whole})
}

// export streams what the filters want. It is recorded first: who takes records
// away shows.
func (s *Section) export(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	values := r.URL.Query()
	format := values.Get("format")
	writer, ok := trail.Formats()[format]
	if !ok {
		return &idp.Problem{ID: problemFormat, Status: http.StatusBadRequest, Field: "format"}
	}
	q, err := queryOf(values)
	if err != nil {
		return err
	}
	filter := map[string]string{}
	for name := range values {
		if name != "format" && values.Get(name) != "" {
			filter[name] = values.Get(name)
		}
	}
	if err := s.o.Trail.Append(r.Context(), a.Event(trail.TypeAuditExported, "", map[string]any{"format": format, "filter": filter})); err != nil {
		return fmt.Errorf("recording an export: %w", err)
	}
	kind := map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}[format]
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="audit-%s.%s"`, s.o.Now().UTC().Format("20060102-150405"), format))
	if _, err := trail.Export(r.Context(), s.o.Records, q, writer(w), maxExport); err != nil {
		// Rows may be out already: whoever reads them must see that the answer is cut short.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0))
		return err
	}
	return nil
}

// report is what the check of the trail found.
type report struct {
	Whole   bool    `json:"whole"`
	Records int64   `json:"records"`
	First   int64   `json:"first"`
	Last    int64   `json:"last"`
	Head    string  `json:"head,omitempty"` // SEQ:HASH, worth noting elsewhere
	Faults  []fault `json:"faults"`
}

type fault struct {
	Seq    int64  `json:"seq"`
	Reason string `json:"reason"`
}

func (s *Section) check(ctx context.Context) (report, error) {
	ctx, cancel := context.WithTimeout(ctx, maxVerify)
	defer cancel()
	found, err := s.o.Chain.Verify(ctx, s.o.Records)
	if errors.Is(err, context.DeadlineExceeded) {
		return report{}, &idp.Problem{ID: problemLong, Status: http.StatusServiceUnavailable}
	}
	if err != nil {
		return report{}, err
	}
	out := report{Whole: len(found.Faults) == 0, Records: found.Records, First: found.First, Last: found.Last, Faults: []fault{}}
	if found.Head.Seq > 0 {
		out.Head = fmt.Sprintf("%d:%s", found.Head.Seq, found.Head.Hash)
	}
	for _, f := range found.Faults {
		out.Faults = append(out.Faults, fault{f.Seq, f.Reason})
	}
	return out, nil
}

func (s *Section) verify(w http.ResponseWriter, r *http.Request, _ *admin.Actor) error {
	out, err := s.check(r.Context())
	if err != nil {
		return err
	}
	return admin.WriteJSON(w, http.StatusOK, out)
}
