package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ringtail-id/ringtail/loops"
	"github.com/ringtail-id/ringtail/loops/drivers"
)

// whoChooses says for people who chooses the code.
func whoChooses(m loops.Manifest) string {
	return map[loops.CodeOrigin]string{
		loops.CodeFromUs: "Ringtail", loops.CodeFromProvider: "the provider", loops.CodeFromCaller: "the number that calls",
		loops.CodeFromCheck: "the provider, which checks it too",
	}[m.CodeOrigin]
}

// The page is made of the manifests of the drivers that ship.
func TestDriverReference(t *testing.T) {
	list, err := drivers.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Drivers\n\nGenerated from the manifests of the drivers that ship, in [loops/drivers](../../loops/drivers). Each was written on the day named from what the provider publishes, or from public clients where its caution says so, and tried " +
		"against a [stand-in](../how-to/write-a-driver.md#5-try-it-against-a-stand-in), which plays the provider as that describes it (`virtual-phone` and those whose names begin so speak to the phone of `ringtail demo` and need none); none was tried with an account. So try one with yours, " +
		"`ringtail loop run … --live`, before people depend on it. A driver of your own with the same name takes the place of one of these.\n")
	for _, d := range list {
		m := d.Manifest
		fmt.Fprintf(&b, "\n## %s\n\n%s.", d.Name, m.Title)
		if m.Caution != "" {
			fmt.Fprintf(&b, " **Caution:** %s", m.Caution)
		}
		b.WriteString("\n\n| | |\n|---|---|\n")
		fmt.Fprintf(&b, "| channel | `%s` |\n| who chooses the code | %s |\n| digits | %s |\n", m.Channel, whoChooses(m), lengths(m))
		fmt.Fprintf(&b, "| secrets | %s |\n| hosts | %s |\n", ticked(m.Secrets), ticked(m.Hosts))
		if m.Page != "" {
			fmt.Fprintf(&b, "| page | <%s> |\n", m.Page)
		}
		if !m.Written.IsZero() {
			fmt.Fprintf(&b, "| written on | %s |\n", m.Written.Format("2006-01-02"))
		}
	}
	golden(t, "drivers.md", b.String())
}

func lengths(m loops.Manifest) string {
	text := "3 to 8"
	if len(m.CodeLengths) > 0 {
		text = strings.Trim(strings.ReplaceAll(fmt.Sprint(m.CodeLengths), " ", ", "), "[]")
	}
	if !m.LeadingZero {
		text += ", the first is never 0"
	}
	return text
}

func ticked(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return "`" + strings.Join(list, "`, `") + "`"
}
