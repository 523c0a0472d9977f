package verify_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/ringtail-id/ringtail/factors/flashcall"
	"github.com/ringtail-id/ringtail/factors/otp"
	"github.com/ringtail-id/ringtail/idp"
	"github.com/ringtail-id/ringtail/idp/api"
	"github.com/ringtail-id/ringtail/idp/verify"
)

var jsonBlock = regexp.MustCompile("(?s)```json\n(.*?)```")

// The answers that the how-to shows are such as the description allows, and it
// names every status, and no problem that doesn't exist.
func TestTheHowToIsTrue(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "how-to", "verify-a-phone-number.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "\n## Over REST\n")
	schemas := document(t, newWorld(t)).Components.Schemas
	shown := map[string]int{}
	for _, block := range jsonBlock.FindAllStringSubmatch(rest, -1) {
		var value map[string]any
		if err := json.Unmarshal([]byte(block[1]), &value); err != nil {
			t.Fatalf("%v: %s", err, block[1])
		}
		name := "Verification"
		if value["type"] != nil {
			name = "Problem"
		}
		shown[name]++
		if err := schemas[name].Value.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.EnableFormatValidation()); err != nil {
			t.Errorf("%v: %s", err, block[1])
		}
	}
	if shown["Verification"] < 2 || shown["Problem"] < 1 {
		t.Errorf("the how-to shows %v", shown)
	}
	for _, status := range []string{verify.StatusPending, verify.StatusCalling, verify.StatusCalled, verify.StatusVerified,
		verify.StatusExpired, verify.StatusExhausted, verify.StatusFailed, verify.StatusBlocked} {
		if !strings.Contains(rest, "`"+status+"`") {
			t.Errorf("the how-to doesn't name the status %s", status)
		}
	}
	for _, id := range []string{flashcall.ProblemNumberMalformed, api.ProblemToken, api.ProblemScope, verify.ProblemUnknown, verify.ProblemVerified,
		verify.ProblemBusy, verify.ProblemMismatch, otp.ProblemCodeWrong, otp.ProblemCodePending, otp.ProblemCallsStopped, otp.ProblemResendWait,
		otp.ProblemNumberLimited, otp.ProblemCallsLimited, otp.ProblemMethodBlocked, otp.ProblemCheckFailed, idp.ProblemInternal} {
		if !strings.Contains(rest, "`"+id+"`") {
			t.Errorf("the how-to doesn't name the problem %s", id)
		}
	}
}
