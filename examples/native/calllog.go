package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// callLog is the phone's list of calls, as an app with the permission to read
// it sees it: here the virtual phone's.
type callLog struct {
	http          *http.Client
	phone, number string
}

// entry is a call in the log.
type entry struct {
	ID   string `json:"id"`
	From string `json:"from"` // the whole number that called
}

// entries gives the calls, newest first.
func (l callLog) entries(ctx context.Context) ([]entry, error) {
	address := l.phone + "/api/calls?to=" + url.QueryEscape(l.number)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := l.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("reading the call log: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("reading the call log: the phone answers %s", res.Status)
	}
	var all []entry
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&all); err != nil {
		return nil, fmt.Errorf("reading the call log: %w", err)
	}
	return all, nil
}

// ids names the calls that are in the log.
func (l callLog) ids(ctx context.Context) (map[string]bool, error) {
	all, err := l.entries(ctx)
	ids := map[string]bool{}
	for _, e := range all {
		ids[e.ID] = true
	}
	return ids, err
}

// newest gives the newest call that isn't known and fits the mask, nil without
// one. A friend who calls at that moment is so mostly left out.
func (l callLog) newest(ctx context.Context, known map[string]bool, mask string) (*entry, error) {
	all, err := l.entries(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if !known[e.ID] && fits(mask, e.From) {
			return &e, nil
		}
	}
	return nil, nil
}

// fits compares a number with the mask of the caller, "+7 495 123-__-__", where
// "_" is any digit. Without a mask every number fits.
func fits(mask, number string) bool {
	want, got := keep(mask, "0123456789_"), keep(number, "0123456789")
	if want == "" {
		return true
	}
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != '_' && want[i] != got[i] {
			return false
		}
	}
	return true
}

func keep(text, these string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(these, r) {
			return r
		}
		return -1
	}, text)
}
