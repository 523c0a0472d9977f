package drivers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/admin"
	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/standin"
	"github.com/ringtail-id/ringtail/loops/trial"
	"github.com/ringtail-id/ringtail/templates/console"
)

// answerFields is how many answers the page asks for at least.
const answerFields = 3

func (s *Section) showTrial(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/trial")
	if err != nil {
		return err
	}
	return s.trialPage(w, r, a, about, trialPage{Kind: r.URL.Query().Get("kind")}, r.URL.Query().Get("of"), TrialOrder{})
}

// trialPage shows the page with what was asked for, and the result where there is one.
func (s *Section) trialPage(w http.ResponseWriter, r *http.Request, a *admin.Actor, about About, page trialPage, of string, o TrialOrder) error {
	page.About = about
	if page.Kind == "" {
		page.Kind = TrialStandIn
	}
	sides := s.sides(about.Driver)
	if of == "" && len(sides) > 0 {
		of = sides[0].Value
	}
	page.Of = selected(sides, of)
	page.MayCall, page.Trials = about.May.Trial, about.Driver.Trials
	page.CallsLeft = fmt.Sprintf("At most %d calls an hour to one number, and %d a day by one administrator.", callsPerNumber, callsPerAdministrator)
	for _, e := range loops.Entries() {
		page.Entries = append(page.Entries, console.Option{Value: string(e), Text: string(e), Selected: e == o.Entry})
	}
	for len(page.Answers) < answerFields {
		page.Answers = append(page.Answers, AnswerField{})
	}
	if err := page.offer(about.Driver.Name, o); err != nil {
		return err
	}
	if page.Input == "" && of != "" {
		page.Input = s.sampleInput(r, about.Driver.Name, of, o.Entry)
	}
	if page.Result != nil {
		page.Steps = stepsOf(page.Result)
	}
	if about.Driver.Draft != nil && of == RefDraft && page.Kind != TrialCall {
		page.Edition = about.Driver.Draft.Edition
	}
	return s.show(w, r, a, "trial", "Try "+about.Driver.Name, page)
}

// offer fills in the stand-ins with their faults.
func (p *trialPage) offer(name string, o TrialOrder) error {
	all, err := Providers()
	if err != nil {
		return err
	}
	provider := o.Provider
	switch {
	case provider != "":
	case strings.HasPrefix(name, virtualPhone):
		provider = virtualPhone
	default:
		provider = name
	}
	faults := map[standin.Fault]bool{}
	for _, one := range slices.Sorted(maps.Keys(all)) {
		p.Providers = append(p.Providers, console.Option{Value: one, Text: one, Selected: one == provider})
		if all[provider] != nil && one != provider {
			continue
		}
		for _, f := range all[one] {
			faults[f] = true
		}
	}
	p.Faults = []console.Option{{Text: "none", Selected: o.Fault == ""}}
	for _, f := range slices.Sorted(maps.Keys(faults)) {
		p.Faults = append(p.Faults, console.Option{Value: string(f), Text: strings.ReplaceAll(string(f), "_", " "), Selected: f == o.Fault})
	}
	return nil
}

func (s *Section) sampleInput(r *http.Request, name, of string, entry loops.Entry) string {
	if entry == "" {
		entry = loops.EntryStart
	}
	script, err := s.service.Script(r.Context(), name, of)
	if err != nil {
		return ""
	}
	d, _ := script.driver(name, name) // what can't be read shows elsewhere
	return pretty(s.service.sample(entry, d))
}

// try runs a trial that calls nobody; fields: kind, of, entry, input, status and body (repeated), provider, fault.
func (s *Section) try(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/trial")
	if err != nil {
		return err
	}
	page, o, err := orderIn(r)
	if err != nil {
		return err
	}
	of := r.PostForm.Get("of")
	script, err := s.service.Script(r.Context(), about.Driver.Name, of)
	if err != nil {
		return err
	}
	if page.Result, err = s.service.Try(r.Context(), a, about.Driver.Name, script, o); err != nil {
		return err
	}
	return s.trialPage(w, r, a, about, page, of, o)
}

// orderIn reads a trial that calls nobody, and the page with what was typed.
func orderIn(r *http.Request) (trialPage, TrialOrder, error) {
	f := r.PostForm
	o := TrialOrder{Kind: f.Get("kind"), Entry: loops.Entry(f.Get("entry"))}
	page := trialPage{Kind: o.Kind, Input: f.Get("input")}
	if o.Kind == TrialStandIn {
		o.Provider, o.Fault = f.Get("provider"), standin.Fault(f.Get("fault"))
	}
	if strings.TrimSpace(page.Input) != "" {
		d := json.NewDecoder(strings.NewReader(page.Input))
		d.UseNumber()
		if err := d.Decode(&o.Input); err != nil {
			return page, o, &idp.Problem{ID: ProblemInput, Field: "input", Args: map[string]any{"detail": "write a JSON object"}, Cause: err}
		}
	}
	if text := strings.TrimSpace(f.Get("secrets")); text != "" {
		page.Secrets = text
		if err := json.Unmarshal([]byte(text), &o.Secrets); err != nil {
			return page, o, &idp.Problem{ID: ProblemInput, Field: "secrets", Args: map[string]any{"detail": `write a JSON object, like {"TOKEN": "made up"}`}, Cause: err}
		}
	}
	bodies := f["body"]
	for i, status := range f["status"] {
		answer := AnswerField{Status: strings.TrimSpace(status)}
		if i < len(bodies) {
			answer.Body = bodies[i]
		}
		page.Answers = append(page.Answers, answer)
		if answer.Status == "" || o.Kind != TrialByHand {
			continue
		}
		o.Answers = append(o.Answers, answer.typed())
	}
	return page, o, nil
}

// typed reads an answer: a status, or one of the two faults.
func (a AnswerField) typed() trial.CaseAnswer {
	out := trial.CaseAnswer{Body: asJSON(a.Body)}
	n, err := strconv.Atoi(a.Status)
	if err != nil {
		return trial.CaseAnswer{Fault: loops.Key(a.Status)}
	}
	out.Status = n
	return out
}

// call calls a number for real; fields: of, phone, region.
func (s *Section) call(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	about, err := s.about(r, a, "/trial")
	if err != nil {
		return err
	}
	of := r.PostForm.Get("of")
	script, err := s.service.Script(r.Context(), about.Driver.Name, of)
	if err != nil {
		return err
	}
	page := trialPage{Kind: TrialCall, Phone: r.PostForm.Get("phone")}
	order := CallOrder{Phone: page.Phone, Region: strings.ToUpper(r.PostForm.Get("region"))}
	if page.Result, err = s.service.Call(r.Context(), a, about.Driver.Name, script, order); err != nil {
		return err
	}
	return s.trialPage(w, r, a, about, page, of, TrialOrder{})
}

// keep keeps a trial as a case of the draft; fields: those of try, and case, title, edition.
func (s *Section) keep(w http.ResponseWriter, r *http.Request, a *admin.Actor) error {
	_, o, err := orderIn(r)
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	order := KeepOrder{Name: r.PostForm.Get("case"), Title: r.PostForm.Get("title"), Trial: o}
	if _, err := s.service.Keep(r.Context(), a, name, number(r, "edition"), order); err != nil {
		return err
	}
	s.view.Redirect(w, r, s.path(name)+"/cases", "The trial was kept as the case "+order.Name+".")
	return nil
}

// stepsOf joins what the script returned with what came of it.
func stepsOf(r *TrialResult) []StepView {
	var out []StepView
	sent := 0
	for _, turn := range r.Outcome.Turns {
		v := StepView{Turn: turn, Time: fmt.Sprintf("%.1f ms", float64(turn.Micros)/1000)}
		if turn.Memory > 0 {
			v.Memory = fmt.Sprintf("%d KiB", (turn.Memory+1023)/1024)
		}
		switch {
		case turn.Value != nil:
			v.Returned = pretty(turn.Value)
		case len(turn.Params) > 0:
			v.Returned = pretty(turn.Params)
		case len(turn.State) > 0:
			v.Returned = pretty(turn.State)
		}
		if turn.Returned == trial.ReturnedRequest && sent < len(r.Outcome.Steps) {
			v.Sent = &r.Outcome.Steps[sent]
			if v.Sent.Answer != nil && v.Sent.Answer.Body != nil {
				v.Body = *v.Sent.Answer.Body
			}
			sent++
		}
		out = append(out, v)
	}
	return out
}

func pretty(v any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSpace(out.String())
}

// sides are the scripts of a driver that can be tried and compared.
func (s *Section) sides(d *Driver) []console.Option {
	var out []console.Option
	if d.Draft != nil {
		out = append(out, console.Option{Value: RefDraft, Text: "the draft"})
	}
	if d.Managed {
		out = append(out, console.Option{Value: RefFile, Text: "the file"})
	}
	for _, v := range d.Versions {
		text := inWords(v.Number)
		if v.Number == d.Published {
			text += ", which serves"
		}
		out = append(out, console.Option{Value: strconv.Itoa(v.Number), Text: text})
	}
	if d.Ready != nil {
		out = append(out, console.Option{Value: RefReady, Text: inWords(0)})
	}
	return out
}

func selected(options []console.Option, value string) []console.Option {
	out := slices.Clone(options)
	for i := range out {
		out[i].Selected = out[i].Value == value
	}
	return out
}
