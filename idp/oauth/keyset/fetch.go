package keyset

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ringtail-id/ringtail/loops"
)

const (
	maxURI = 2048 // bytes, as in a registration
	// wait bounds the wait for a slot, fetchTime a fetch; Requests has limits of
	// its own.
	wait      = 5 * time.Second
	fetchTime = 15 * time.Second
)

// parseURI holds an address to what a jwks_uri may be. Whether its host may be
// reached, and without TLS, is seen when it is fetched.
func parseURI(uri string) (*url.URL, error) {
	u, err := url.Parse(uri)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || len(uri) > maxURI:
		return nil, fmt.Errorf("jwks_uri must be an absolute https address of at most %d bytes", maxURI)
	case u.User != nil || strings.Contains(uri, "#"):
		return nil, errors.New("jwks_uri must have no user and no fragment")
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return nil, errors.New("jwks_uri must be https")
	}
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// look fetches the address where the paces allow it. Who asks for one that is
// being fetched waits for that; who leaves doesn't take the fetch away from the
// others. What the fetch gave is noted. The fault says why there was none, where
// that isn't to be noted of the address; the error is ctx's.
func (s *Sets) look(ctx context.Context, uri string) (*Fault, error) {
	done := s.flights.DoChan(uri, func() (any, error) {
		return s.fetchOne(context.WithoutCancel(ctx), uri), nil
	})
	select {
	case result := <-done:
		missed, _ := result.Val.(*Fault)
		return missed, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Sets) fetchOne(ctx context.Context, uri string) (missed *Fault) {
	u, err := parseURI(uri)
	if err != nil {
		return unfetched(err)
	}
	h, missed := s.begin(uri, hostPort(u))
	if h == nil {
		return missed
	}
	release, ok := s.slot(ctx, h)
	defer s.end(uri, h, ok)
	if !ok {
		return faulty("too many key sets are being fetched")
	}
	defer release()
	keys, err := s.fetch(ctx, uri, u)
	if err != nil {
		s.o.Log.WarnContext(ctx, "client key set can't be fetched", "host", u.Host, "error", err)
		s.note(uri, nil, unfetched(err))
		return nil
	}
	s.note(uri, keys, nil)
	return nil
}

func unfetched(cause error) *Fault {
	return &Fault{Text: "the client's key set can't be fetched from its jwks_uri", Cause: cause}
}

func (s *Sets) fetch(ctx context.Context, uri string, u *url.URL) ([]Key, error) {
	if s.o.Requests == nil {
		return nil, errors.New("key sets are not fetched by this provider")
	}
	limited, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	answer, err := s.o.Requests.Exchange(limited, stranger(u), loops.Request{
		Method: http.MethodGet, URL: uri, At: "jwks_uri",
		Header: http.Header{"Accept": {"application/jwk-set+json, application/json"}},
	})
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", u.Host, err)
	}
	if answer.Status != http.StatusOK {
		return nil, fmt.Errorf("asking %s: it answered %d, where only 200 is taken and no redirect is followed", u.Host, answer.Status)
	}
	return Parse([]byte(answer.Body))
}

// stranger stands for a driver that may reach the one host and port, as the
// address spells them.
func stranger(u *url.URL) *loops.Driver {
	at := net.JoinHostPort(hostName(u), portOr(u, u.Port()))
	return &loops.Driver{Name: "jwks_uri", File: "jwks_uri", Manifest: loops.Manifest{Hosts: []string{at}}}
}
