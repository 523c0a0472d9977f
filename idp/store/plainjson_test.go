package store

import (
	"encoding/json"
	"reflect"
	"testing"
)

// What is read without encoding/json is what encoding/json reads.
func FuzzPlainJSON(f *testing.F) {
	for _, text := range []string{
		`null`, `[]`, `["a"]`, `["openid","phone"]`, `["a",]`, `[,"a"]`, `["a" ,"b"]`, `["a\"b"]`, `["é"]`, `[null]`, `[1]`, `["a"`, `["a"]]`, `[""]`,
		`{}`, `{"a":"b"}`, `{"a":"b","a":"c"}`, `{"a":1}`, `{"a":null}`, `{"a"}`, `{"a":"b",}`, `{"a":"b"}}`, `{"a":"b":"c"}`, `"a"`, ``, `[`, `{`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		same[[]string](t, text)
		same[map[string]string](t, text)
	})
}

func same[T any](t *testing.T, text string) {
	t.Helper()
	var got, want T
	if !readPlain(any(&got), []byte(text)) {
		return
	}
	if err := json.Unmarshal([]byte(text), &want); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q is read as %#v, by encoding/json as %#v, %v", text, got, want, err)
	}
}

// What is written of usual values needs no encoding/json to be read.
func TestUsualColumnsArePlain(t *testing.T) {
	for _, list := range [][]string{nil, {}, {"openid", "phone"}} {
		text, err := asJSON(list).Value()
		var got []string
		if err != nil || !readPlain(&got, []byte(text.(string))) || !reflect.DeepEqual(got, list) {
			t.Errorf("%v is written as %v and read as %v, %v", list, text, got, err)
		}
	}
	attributes := map[string]string{"name": "Anna", "phone_number": "+79990000001"}
	text, err := asJSON(attributes).Value()
	var got map[string]string
	if err != nil || !readPlain(&got, []byte(text.(string))) || !reflect.DeepEqual(got, attributes) {
		t.Errorf("%v is written as %v and read as %v, %v", attributes, text, got, err)
	}
}
