package password

import "testing"

// FuzzParse: what is read is read whole, so that no two texts are one hash, and
// never asks for more than we compute.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=+256,t=02,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHR$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/5", "$$$$$", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, phc string) {
		d, err := parse(phc)
		if err != nil {
			return
		}
		if d.String() != phc {
			t.Errorf("%q is read as %q", phc, d)
		}
		if d.params.Validate() != nil || len(d.salt) < 8 || len(d.key) < 16 {
			t.Errorf("%q passes as %+v", phc, d)
		}
	})
}
