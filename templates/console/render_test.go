package console

import "testing"

// Every page can be read, and has what the layout shows.
func TestPagesParse(t *testing.T) {
	same := func(name string) string { return name }
	r, err := New(Options{Asset: same, URL: same})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.pages) == 0 {
		t.Error("there are no pages")
	}
	for name, parsed := range r.pages {
		page, err := parsed()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if page.Lookup("content") == nil || page.Lookup("page") == nil {
			t.Errorf("%s lacks the template content, or the layout", name)
		}
	}
}
