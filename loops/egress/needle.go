package egress

import "bytes"

// needle is what is looked for. Whoever chooses secret and text together, as a provider does that gives a token, must not
// be able to make the search long, so it is the one of Knuth, Morris and Pratt, which looks at each byte at most twice.
type needle struct {
	bytes []byte
	back  []int // how much of the needle's start ends at each of its bytes
}

// addNeedle adds one that isn't there yet.
func addNeedle(list []needle, text []byte) []needle {
	for _, n := range list {
		if bytes.Equal(n.bytes, text) {
			return list
		}
	}
	back := make([]int, len(text))
	for i, k := 1, 0; i < len(text); i++ {
		for k > 0 && text[i] != text[k] {
			k = back[k-1]
		}
		if text[i] == text[k] {
			k++
		}
		back[i] = k
	}
	return append(list, needle{text, back})
}

// places calls found with every place of the needle in a text, overlapping ones too, and gives how much of the needle's start
// the text ends with, the whole needle apart.
func (n needle) places(text []byte, found func(at int)) (rest int) {
	k := 0
	for i, c := range text {
		for k > 0 && c != n.bytes[k] {
			k = n.back[k-1]
		}
		if c == n.bytes[k] {
			k++
		}
		if k == len(n.bytes) {
			found(i + 1 - k)
			k = n.back[k-1]
		}
	}
	return k
}
