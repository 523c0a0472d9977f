package egress

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The search finds what a simple one finds.
func TestNeedlePlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SliceOfN(rapid.SampledFrom([]byte("ab")), 1, 6).Draw(t, "word")
		text := rapid.SliceOfN(rapid.SampledFrom([]byte("ab")), 0, 60).Draw(t, "text")
		var want, got []int
		for i := 0; i+len(word) <= len(text); i++ {
			if bytes.Equal(text[i:i+len(word)], word) {
				want = append(want, i)
			}
		}
		longest := 0
		for n := 1; n < len(word) && n <= len(text); n++ {
			if bytes.HasSuffix(text, word[:n]) {
				longest = n
			}
		}
		rest := addNeedle(nil, word)[0].places(text, func(at int) { got = append(got, at) })
		if len(got) != len(want) || rest != longest {
			t.Fatalf("%q in %q: %v, %v, rest %d of %d", word, text, got, want, rest, longest)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	})
}

// A provider that gives a token and then answers with texts made for it can't make redacting long: work is counted in hidden
// places, not in time.
func TestRepetitiveSecretsAreHiddenOnce(t *testing.T) {
	r := NewRedactor(map[string]string{"a": strings.Repeat("a", 8000), "b": strings.Repeat("a", 8000)})
	if len(r.folded) > 3 {
		t.Errorf("%d needles for one secret", len(r.folded))
	}
	hidden := make([]bool, 60000)
	writes := 0
	in := reading{text: bytes.Repeat([]byte("a"), 60000), from: make([]int, 60000), to: make([]int, 60000)}
	for i := range in.from {
		in.from[i], in.to[i] = i, i+1
	}
	in.mark(in.text, r.folded[0], hidden)
	for _, h := range hidden {
		if h {
			writes++
		}
	}
	if writes != len(hidden) {
		t.Errorf("%d of %d bytes are hidden", writes, len(hidden))
	}
	text := "%41+\\u0061&amp;" + strings.Repeat("a", 30000)
	if got := r.Text(text); strings.Contains(got, "aaaa") {
		t.Errorf("shown: %.60s", got)
	}
}
