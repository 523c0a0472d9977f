package engine

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"
)

// decodeXML reads a document into an object with the root's name as its one key. An element with nothing but text is
// that text, blanks around it gone; attributes are "@name"; text beside attributes or children is "#text"; an element that
// comes several times is an array. Names lose their namespaces' prefixes, and what declares
// namespaces is left out. Entities that a document defines for itself are
// not known, so that no answer can grow.
func decodeXML(text string) (any, error) {
	dec := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	dec.CharsetReader = utf8Only
	root := newObject()
	root.answer = true
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && len(root.keys) == 1 {
			return root, nil
		}
		if err != nil {
			return nil, fmt.Errorf("not XML: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(root.keys) > 0 {
				return nil, errors.New("not XML: there is more than one root")
			}
			value, err := decodeElement(dec, t, 1)
			if err != nil {
				return nil, err
			}
			root.put(t.Name.Local, value)
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return nil, errors.New("not XML: there is text outside of the root")
			}
		}
	}
}

// utf8Only takes the encodings that need no conversion: other ones would need tables, and no provider we know of uses them.
func utf8Only(charset string, input io.Reader) (io.Reader, error) {
	if c := strings.ToLower(charset); c == "utf-8" || c == "us-ascii" {
		return input, nil
	}
	return nil, errors.New("only UTF-8 is read")
}

func decodeElement(dec *xml.Decoder, start xml.StartElement, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("XML is nested deeper than %d levels", maxDepth)
	}
	out := newObject()
	out.answer = true
	for _, a := range start.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			out.put("@"+a.Name.Local, a.Value)
		}
	}
	var text strings.Builder
	for {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("not XML: %w", err)
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			value, err := decodeElement(dec, t, depth+1)
			if err != nil {
				return nil, err
			}
			out.gather(t.Name.Local, value)
		case xml.EndElement:
			own := strings.TrimSpace(text.String())
			if len(out.keys) == 0 {
				return own, nil
			}
			if own != "" {
				out.put("#text", own)
			}
			return out, nil
		}
	}
}

// gather is put, but values of the same key become an array. Only for an object that no script has seen.
func (o *object) gather(key string, value any) {
	old, had := o.values[key]
	if !had {
		o.put(key, value)
		return
	}
	list, several := old.(*array)
	if !several {
		list = &array{items: []any{old}, answer: o.answer}
		o.values[key] = list
	}
	list.items = append(list.items, value)
}

// decodeForm reads application/x-www-form-urlencoded. A key that comes twice has its last value, as in JSON.
func decodeForm(text string) (any, error) {
	out := newObject()
	out.answer = true
	for part := range strings.SplitSeq(strings.TrimSpace(text), "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		key, err := url.QueryUnescape(name)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return nil, fmt.Errorf("not a form: %w", err)
		}
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return nil, errors.New("not a form: its text is not UTF-8")
		}
		out.put(key, value)
	}
	return out, nil
}

// separates reports whether a CSV reader takes r as its separator.
func separates(r rune) bool {
	return r != '"' && r != '\r' && r != '\n' && r != 0 && r != utf8.RuneError && utf8.ValidRune(r)
}

// decodeCSV reads rows of texts (RFC 4180), and is lenient: rows may differ in length, and a quote where none belongs is
// itself. An empty text has no rows.
func decodeCSV(text string, separator rune) (any, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator, -1, true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("not CSV: %w", err)
	}
	out := &array{answer: true}
	for _, row := range rows {
		fields := &array{answer: true}
		for _, field := range row {
			fields.items = append(fields.items, field)
		}
		out.items = append(out.items, fields)
	}
	return out, nil
}
