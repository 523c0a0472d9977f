package java_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var token = regexp.MustCompile(`"""(?s:.*?)"""|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'|[\p{L}_$][\p{L}\p{N}_$]*|[0-9][0-9a-fA-FxL_.]*|\s+|//[^\n]*|[-+*/%&|^<>=!]=|&&|\|\||->|::|\+\+|--|.`)

// TestMangledFiles takes procedures whose words were dropped, doubled, swapped and replaced by words of others: what an
// editor sends while somebody types, and worse. What is true of any file must hold of them.
func TestMangledFiles(t *testing.T) {
	var files [][]string
	for _, pattern := range []string{"testdata/procedures/*.java", "testdata/oracle/*.java"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text := string(source)
			if strings.Contains(name, "oracle") { // a piece of it, in a procedure
				lines := strings.Split(text, "\n")
				for i := 4; i+8 < len(lines); i += 8 {
					files = append(files, token.FindAllString(shell("return null;", strings.Join(lines[i:i+8], "\n")), -1))
				}
				continue
			}
			files = append(files, token.FindAllString(text, -1))
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	accepted := 0
	for range 1500 {
		words := slices.Clone(pick(random, files...))
		for range 1 + random.IntN(3) {
			mangle(random, words, pick(random, files...))
		}
		source := strings.Join(words, "")
		if check(t, []byte(source)) {
			accepted++
		}
		if t.Failed() {
			t.Fatal(source)
		}
	}
	if accepted < 50 {
		t.Errorf("only %d of the files were accepted; the mangling is too rough to find anything", accepted)
	}
}

// mangle changes one word, which stays a word of Java.
func mangle(random *rand.Rand, words, others []string) {
	i, k := random.IntN(len(words)), random.IntN(len(words))
	switch random.IntN(5) {
	case 0:
		words[i] = ""
	case 1:
		words[i] += " " + words[i]
	case 2:
		words[i], words[k] = words[k], words[i]
	case 3:
		words[i] = others[random.IntN(len(others))]
	case 4: // another word of the same kind, which is what gets furthest
		for range 200 {
			if w := others[random.IntN(len(others))]; sort(w) == sort(words[i]) {
				words[i] = w
				return
			}
		}
	}
}

func sort(word string) string {
	for _, kind := range []string{`^\s+$`, `^[\p{L}_$]`, `^[0-9]`, `^"`, `^'`, `^[-+*/%&|^<>=!]+$`} {
		if regexp.MustCompile(kind).MatchString(word) {
			return kind
		}
	}
	return word
}
