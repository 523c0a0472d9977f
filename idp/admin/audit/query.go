package audit

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/ringtail-id/ringtail/idp"
	trail "github.com/ringtail-id/ringtail/idp/audit"
)

// Problems of the section.
const (
	problemUnknown = "audit_record_unknown" // there is no such record, or not any more; 404
	problemFilter  = "audit_filter_invalid" // what was asked for can't be read; field; 400
	problemFormat  = "audit_format_unknown" // there is no such format of exports; 400
	problemLong    = "audit_verify_long"    // checking took too long for a page; 503
)

// maxFilter bounds a value that is looked for, in bytes.
const maxFilter = 256

// queryOf reads which records are wanted. Times are RFC 3339, a day, or what a form
// sends, which is UTC.
func queryOf(q url.Values) (trail.Query, error) {
	for name, values := range q {
		if len(values) != 1 || len(values[0]) > maxFilter {
			return trail.Query{}, badFilter(name)
		}
	}
	query := trail.Query{
		Type: q.Get("type"), Subject: q.Get("subject"), Object: q.Get("object"), About: q.Get("about"), ClientID: q.Get("client"),
		SessionID: q.Get("session"), Procedure: q.Get("login"),
	}
	if ip := q.Get("ip"); ip != "" {
		address, err := netip.ParseAddr(ip)
		if err != nil {
			return query, badFilter("ip")
		}
		query.IP = address.Unmap().String()
	}
	var err error
	if query.From, err = moment(q, "from"); err != nil {
		return query, err
	}
	query.To, err = moment(q, "to")
	return query, err
}

func moment(q url.Values, name string) (time.Time, error) {
	text := q.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, badFilter(name)
}

func badFilter(field string) error {
	return &idp.Problem{ID: problemFilter, Status: http.StatusBadRequest, Field: field}
}

// seqOf is a record's number in the path or in the query; 0 where there is none.
func seqOf(text, field string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seq < 1 {
		return 0, badFilter(field)
	}
	return seq, nil
}
