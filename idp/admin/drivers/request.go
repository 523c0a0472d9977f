package drivers

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"

	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
)

// ask has a version wait for a second administrator.
func (s *Service) ask(ctx context.Context, a *admin.Actor, v *Version, o PublishOrder) (*Published, error) {
	event := a.Event(audit.TypeDriverRequested, v.Driver, map[string]any{"version": v.Number, "digest": v.Digest(), "comment": v.Comment})
	if err := s.o.Trail.Append(ctx, event); err != nil {
		return nil, fmt.Errorf("recording a request to publish: %w", err)
	}
	err := s.o.Records.PutRequest(ctx, Request{
		Driver: v.Driver, Number: v.Number, Digest: v.Digest(), Published: o.Published, ByID: a.UserID, By: a.Name(), Comment: v.Comment, At: s.o.Now(),
	})
	if err != nil {
		return nil, fmt.Errorf("asking to publish version %d of %s: %w", v.Number, v.Driver, err)
	}
	return &Published{Version: v, Waiting: true}, nil
}

// Asked gives the request of a driver with the version that it is about.
func (s *Service) Asked(ctx context.Context, name string) (*Request, *Version, error) {
	r, err := s.o.Records.RequestOf(ctx, name)
	if err != nil {
		return nil, nil, outward(err)
	}
	v, err := s.version(ctx, name, r.Number)
	return r, v, err
}

// Confirm publishes what somebody else asked for. The digest is that of the version which the actor saw.
func (s *Service) Confirm(ctx context.Context, a *admin.Actor, name, digest string) (*Published, error) {
	if err := s.free(name); err != nil {
		return nil, err
	}
	if a.UserID == "" {
		return nil, problem(ProblemPerson, http.StatusForbidden, nil)
	}
	r, v, err := s.Asked(ctx, name)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(digest), []byte(r.Digest)) != 1 || v.Digest() != r.Digest {
		return nil, conflict(ErrEdited)
	}
	if r.ByID == a.UserID {
		return nil, problem(ProblemOwn, http.StatusForbidden, nil)
	}
	base, err := s.expect(ctx, name, r.Published)
	if err != nil {
		return nil, err
	}
	if err := s.publishable(ctx, name, v.Script); err != nil {
		return nil, err
	}
	if err := s.o.Records.TakeRequest(ctx, *r); err != nil {
		return nil, outward(err)
	}
	return s.release(ctx, a, v, base, Release{By: r.By, ConfirmedBy: a.Name()}, v.Comment)
}

// Refuse ends a request without publishing: by whoever asked, or by another who may publish.
func (s *Service) Refuse(ctx context.Context, a *admin.Actor, name, digest, comment string) error {
	r, _, err := s.Asked(ctx, name)
	if err != nil {
		return err
	}
	if r.Digest != digest {
		return conflict(ErrEdited)
	}
	event := a.Event(audit.TypeDriverRefused, name, map[string]any{"version": r.Number, "digest": r.Digest, "comment": short(comment)})
	if err := s.o.Trail.Append(ctx, event); err != nil {
		return fmt.Errorf("recording a refused publication: %w", err)
	}
	return outward(s.o.Records.TakeRequest(ctx, *r))
}
