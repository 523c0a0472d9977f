package trial

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/host"
)

// problem says what of an outcome isn't as it looks: a value that a login would make nothing of, a word that counts as
// another, an answer that the driver never asked for. Empty where all is well.
func (o Options) problem(out Outcome, result *loops.Result, requests host.Exchanger) string {
	if result != nil {
		if text := o.valueProblem(result.Value); text != "" {
			return text
		}
	}
	if out.Outcome == OutcomeError && !out.Key.Known() {
		return fmt.Sprintf("%s is not one of the ten words: a login counts it as %s", out.Key, loops.BadAnswer)
	}
	if s, ok := requests.(*script); ok && len(s.answers) > 0 && out.Outcome != OutcomeRefused {
		return fmt.Sprintf("%d of the answers given were not asked for", len(s.answers))
	}
	return ""
}

func (o Options) valueProblem(value map[string]any) string {
	if text := loops.ValueFault(o.Entry, value); text != "" {
		return "the value of Ok is not what the contract wants: " + text
	}
	if o.Entry == loops.EntryStart {
		return o.codeProblem(value)
	}
	return ""
}

// codeProblem says why a login would take no code out of a start's value, empty where it would, or where the input doesn't
// say how long the code is.
func (o Options) codeProblem(value map[string]any) string {
	m := o.Driver.Manifest
	n, err := strconv.Atoi(fmt.Sprint(o.Input[loops.InputCodeLength]))
	if m.CodeOrigin == loops.CodeFromCheck || err != nil || n < 1 {
		return ""
	}
	own := ""
	if m.CodeOrigin == loops.CodeFromUs || o.Driver.Bare {
		own, _ = o.Input[loops.InputCode].(string)
	}
	if m.CodeOrigin == loops.CodeFromUs && own == "" {
		return fmt.Sprintf("the input has no %q, which a login gives to a driver whose code.origin is %s", loops.InputCode, loops.CodeFromUs)
	}
	_, err = m.CodeOf(value, own, n)
	var failed *loops.Failure
	if errors.As(err, &failed) {
		return fmt.Sprintf("a login would end with %s: %v", failed.Key, failed.Cause)
	}
	return ""
}
