package settings

import (
	"errors"
	"strings"

	"github.com/ringtail-id/ringtail/conf"
)

// rootPrefix begins the paths of conf's findings.
const rootPrefix = "blitz.prod.local.idp."

// errOutside: a value in a form reaches for a file.
var errOutside = errors.New("a value of a form includes no file")

// faultsOf are those of one value over the defaults.
func faultsOf(path, value string) []conf.Finding {
	_, _, err := conf.Load(conf.Options{Set: []string{path + "=" + value}, LookupEnv: func(string) (string, bool) { return "", false }})
	var all conf.Errors
	if errors.As(err, &all) {
		return all
	}
	return nil
}

// below is the finding's path below the root of the settings.
func below(path string) string { return strings.TrimPrefix(path, rootPrefix) }
