package memory

import (
	"slices"
	"testing"
)

func TestWhenANodeRests(t *testing.T) {
	const mib = 1 << 20
	for name, c := range map[string]struct {
		allocated []uint64 // between looks
		want      []int    // looks at which memory is given back
	}{
		"a start and nothing else":    {allocated: []uint64{0, 0, 0, 0, 0}},
		"work, then rest, once":       {allocated: []uint64{40 * mib, 0, 0, 0, 0, 0, 0}, want: []int{3}},
		"probes and scrapes are rest": {allocated: []uint64{40 * mib, mib, mib, mib, mib}, want: []int{3}},
		"a password in each second":   {allocated: []uint64{7 * mib, 7 * mib, 7 * mib, 7 * mib, 7 * mib}},
		"a password breaks a rest":    {allocated: []uint64{40 * mib, 0, 0, 7 * mib, 0, 0, 0}, want: []int{6}},
		"little work isn't worth it":  {allocated: []uint64{7 * mib, 0, 0, 0, 0, 0}},
		"little work adds up":         {allocated: []uint64{7 * mib, 0, 0, 0, 7 * mib, 0, 0, 0, 7 * mib, 0, 0, 0}, want: []int{11}},
		"work again after a rest":     {allocated: []uint64{40 * mib, 0, 0, 0, 40 * mib, 0, 0, 0}, want: []int{3, 7}},
		"probes add up, too":          {allocated: slices.Repeat([]uint64{mib}, 20), want: []int{15}},
	} {
		t.Run(name, func(t *testing.T) {
			var r rest
			var ever uint64
			var got []int
			for i, n := range c.allocated {
				if ever += n; r.look(ever) {
					got = append(got, i)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("given back at looks %v, want %v", got, c.want)
			}
		})
	}
}
