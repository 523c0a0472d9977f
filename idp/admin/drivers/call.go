package drivers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/idp/audit"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/trial"
)

// How many calls trials may make. Who owns a number must not be rung all day by whoever tries drivers, and an
// administrator's account must not be worth much to whoever earns by calls.
const (
	callsPerNumber        = 5
	callsPerNumberWindow  = time.Hour
	callsPerAdministrator = 20
	callsPerAdminWindow   = 24 * time.Hour
)

// CallOrder says which number to call for real, by a script with the driver's own secrets.
type CallOrder struct {
	Phone  string `json:"phone"`            // as people write it
	Region string `json:"region,omitempty"` // two letters, for a number in its national form
}

// Call runs a script against the real provider. A script that was never let serve gets the secrets only from who may set them.
func (s *Service) Call(ctx context.Context, a *admin.Actor, name string, script Script, o CallOrder) (*TrialResult, error) {
	d, err := s.tried(name, script)
	if err != nil {
		return nil, err
	}
	if err := s.mayCall(ctx, a, name, script, d); err != nil {
		return nil, err
	}
	phone, err := s.reachable(name, d, o)
	if err != nil {
		return nil, err
	}
	facts := s.o.Facts()
	var given map[string]string
	if facts.Given != nil {
		given = facts.Given(name)
	}
	secrets, err := s.o.Secrets.Of(ctx, name, given)
	if err != nil {
		return nil, fmt.Errorf("reading the secrets of %s: %w", name, err)
	}
	in, err := s.callInput(facts, d, phone)
	if err != nil {
		return nil, err
	}
	if err := s.charge(ctx, a, phone); err != nil {
		return nil, err
	}
	masked := flashcall.Mask(phone)
	err = s.o.Trail.Append(ctx, a.Event(audit.TypeDriverCalled, name, map[string]any{
		"phone": masked, "digest": script.Digest(), "hosts": texts(d.Manifest.Hosts),
	}))
	if err != nil {
		return nil, fmt.Errorf("recording a trial's call: %w", err)
	}
	run := trial.Options{Driver: d, Entry: loops.EntryStart, Input: in, Secrets: secrets, Live: s.o.Requests}
	result, err := s.run(ctx, run, script)
	if err != nil {
		return nil, err
	}
	result.Phone = masked
	return result, s.log(ctx, a, name, TrialOrder{Kind: TrialCall, Entry: loops.EntryStart}, result)
}

// mayCall decides who may give a script the driver's secrets: once a script has them, it can tell them in forms that no
// redaction knows, and take them to every host of its manifest.
func (s *Service) mayCall(ctx context.Context, a *admin.Actor, name string, script Script, d *loops.Driver) error {
	trusted, known, err := s.trusted(ctx, name, script)
	if err != nil || trusted {
		return err
	}
	if !a.May(admin.DriversSecrets) {
		return problem(ProblemSecretsWanted, http.StatusForbidden, nil)
	}
	if added := addedHosts(d.Manifest, known); s.o.Facts().SecondAdministrator && len(added) > 0 {
		return problem(ProblemHosts, http.StatusConflict, map[string]any{"hosts": fmt.Sprint(added)})
	}
	return nil
}

// reachable gives the number that may be called, as E.164.
func (s *Service) reachable(name string, d *loops.Driver, o CallOrder) (string, error) {
	phone, country, err := flashcall.Number(o.Phone, o.Region)
	if err == nil {
		err = s.o.Facts().Numbers.Allow(phone, country)
	}
	var p *idp.Problem
	if errors.As(err, &p) {
		p = flashcall.Typed(p)
		p.Field = "phone"
		return "", p
	}
	if err != nil {
		return "", err
	}
	if s.o.Facts().Stops.Cover(name, d.Manifest.Channel, country) {
		return "", problem(ProblemStopped, http.StatusConflict, map[string]any{"country": country})
	}
	return phone, nil
}

// callInput is what a login would give to start.
func (s *Service) callInput(facts Facts, d *loops.Driver, phone string) (map[string]any, error) {
	reference, err := idp.NewID(s.o.Rand)
	if err != nil {
		return nil, fmt.Errorf("naming a trial's call: %w", err)
	}
	in := map[string]any{
		loops.InputPhone: phone[1:], loops.InputPhoneE164: phone, loops.InputCodeLength: facts.CodeLength,
		loops.InputReference: reference, loops.InputRemoteIP: "",
	}
	if d.Manifest.CodeOrigin != loops.CodeFromUs {
		return in, nil
	}
	code, err := otp.NewCode(s.o.Rand, facts.CodeLength, d.Manifest.LeadingZero)
	if err != nil {
		return nil, fmt.Errorf("drawing a trial's code: %w", err)
	}
	in[loops.InputCode] = code
	if d.Manifest.Channel == loops.ChannelSMS {
		in[loops.InputText] = facts.message(code)
	}
	return in, nil
}

// charge counts a call against its number, however it was written, and its administrator.
func (s *Service) charge(ctx context.Context, a *admin.Actor, phone string) error {
	now := s.o.Now()
	err := s.o.Records.ChargeTrial(ctx, []otp.Charge{
		{Budget: "number", Key: "driver-trial/number/" + s.o.Hash("number", phone), Amount: 1, Limit: callsPerNumber, Until: now.Add(callsPerNumberWindow)},
		{Budget: "administrator", Key: "driver-trial/by/" + s.o.Hash("administrator", actorID(a)), Amount: 1, Limit: callsPerAdministrator,
			Until: now.Add(callsPerAdminWindow)},
	}, now)
	var over *otp.OverError
	if errors.As(err, &over) {
		return problem(ProblemTrials, http.StatusTooManyRequests, map[string]any{"until": over.Until, "most": over.Charge.Limit, "budget": over.Charge.Budget})
	}
	if err != nil {
		return fmt.Errorf("counting a trial's call: %w", err)
	}
	return nil
}

// texts is a list as an audit record takes it.
func texts(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
