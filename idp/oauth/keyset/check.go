package keyset

import (
	"fmt"
	"slices"
	"strings"
)

// Check says in words for the client's owner why a key set is of no use: it
// can't be read, or has no key for the algorithm. An empty one is any of
// Algorithms.
func Check(document, alg string) error {
	keys, err := Parse([]byte(document))
	if err != nil {
		return err
	}
	wanted := Algorithms()
	if alg != "" {
		wanted = []string{alg}
	}
	for _, k := range keys {
		if slices.ContainsFunc(wanted, k.fits) {
			return nil
		}
	}
	return fmt.Errorf("the key set has no key that checks signatures of %s", strings.Join(wanted, ", "))
}
