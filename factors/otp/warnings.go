package otp

import (
	"fmt"
	"slices"
	"strings"
)

// Warning is something that weakens a method and is no fault: an administrator
// may have reasons, and should know.
type Warning struct {
	// ID never changes.
	ID string
	// Text says what is so and why it matters, Hint what to do; both are English,
	// for logs and terminals.
	Text, Hint string
}

// IDs of the warnings.
const (
	WarningShortCode    = "short_code"
	WarningProviderCode = "provider_code"
	WarningNoStronger   = "no_stronger_method"
)

// Offer is what an administrator offers.
type Offer struct {
	// CodeLength as in Settings.
	CodeLength int
	// Foreign are the drivers of the chain whose provider chooses the code or checks
	// it, so that nobody here draws it.
	Foreign []string
	// Stronger says that people are offered a method too that needs no telephone
	// network.
	Stronger bool
}

// longEnough is the number of digits that NIST SP 800-63B-4, section 3.1.3.2,
// and OWASP ASVS 5, 6.5.4 (20 bits), ask for.
const longEnough = 6

// Warnings tells in which points the offer is weaker than NIST SP 800-63B-4 and
// OWASP ASVS 5 ask for.
func Warnings(o Offer) []Warning {
	var all []Warning
	if o.CodeLength < longEnough {
		all = append(all, Warning{
			ID: WarningShortCode,
			Text: fmt.Sprintf("codes have %d digits; NIST SP 800-63B-4, 3.1.3.2, and OWASP ASVS 5, 6.5.4, ask for %d",
				o.CodeLength, longEnough),
			Hint: fmt.Sprintf("set codeLength = %d where the providers can do it, or keep the limits low: 'ringtail limits' shows what they are worth", longEnough),
		})
	}
	if len(o.Foreign) > 0 {
		drivers := slices.Compact(slices.Sorted(slices.Values(o.Foreign)))
		all = append(all, Warning{
			ID: WarningProviderCode,
			Text: "with " + strings.Join(drivers, ", ") + " the provider draws the code; NIST SP 800-63B-4, 3.1.3.2, wants " +
				"the verifier to draw it: nobody here knows how evenly it is drawn",
			Hint: "take a driver whose code origin is \"we\" ('ringtail loop list --json' tells it), or ask the provider how large its pool of numbers is",
		})
	}
	if !o.Stronger {
		all = append(all, Warning{
			ID: WarningNoStronger,
			Text: "no stronger method is offered beside calls and messages; NIST SP 800-63B-4, 3.1.3.3, restricts the telephone network, " +
				"and OWASP ASVS 5, 6.6.1, wants a stronger method beside it, and none of it at level 3",
			Hint: "use it for what may be lost, tell people of the risk, and offer another method as soon as there is one",
		})
	}
	return all
}
