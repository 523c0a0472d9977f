package conf

import "github.com/ringtail-id/ringtail/conf/hocon"

// Value is what the settings have at a path, as it was written, substitutions done.
// path starts at the root or below blitz.prod.local.idp. False: nothing was written
// there, not even in the defaults. Secrets are in it: it is for forms of settings
// that are none.
func (s *Settings) Value(path string) (hocon.Value, bool) {
	parts, err := hocon.SplitPath(path)
	if err != nil || s.root == nil {
		return hocon.Value{}, false
	}
	v := *s.root
	for _, key := range absolute(parts) {
		next, ok := v.Get(key)
		if !ok {
			return hocon.Value{}, false
		}
		v = next
	}
	return v, true
}
