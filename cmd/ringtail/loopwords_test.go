package main

// loopWord is a function or value that a driver's script has.
type loopWord struct {
	form  string // as it is written; the name ends at the first "("
	means string
	blitz bool // Blitz's published example has it
}

// loopWords say what the engine's words mean, by the object that has them.
// TestLoopReference compares their names with those that a script finds.
func loopWords() map[string][]loopWord {
	return map[string][]loopWord{
		"HttpLoop": {
			{"callBuilder(method, url)", "a builder of a request; `url` is a whole https address", true},
			{"Ok(value)", "ends the run with a JsObj or a plain object", true},
			{"error(key, params)", "ends the run with a [failure](#failures); `params`, a map of texts, may be left out", true},
		},
		"builder": {
			{"withHeader(name, value)", "adds a header", true},
			{"withBody(json)", "a JsObj or JsArr as the JSON body, with its Content-Type unless the script gave one; Blitz's takes a JsObj", true},
			{"withQuery(name, value)", "adds a parameter to the address, escaped", false},
			{"withBasicAuth(user, password)", "sets the header Authorization (RFC 7617)", false},
			{"withForm(values)", "the flat JsObj as a form body, its keys in their order, null left out", false},
			{"withText(text, type)", "the text as the body; `type` is its Content-Type, `text/plain; charset=utf-8` where it is left out", false},
			{"build(state)", "the builder again; `state`, a JsObj, is the next step's third argument. Whether Blitz has it is not known", false},
		},
		"result": {
			{"status()", "the HTTP status, a number", true},
			{"body()", "the body as a JsObj; throws where it is no JSON object", true},
			{"bodyArr()", "the body as a JsArr; throws where it is no JSON array", false},
			{"text()", "the body as it came", false},
			{"header(name)", "the first header of that name, in any case of letters, or null", false},
		},
		"JsObj": {
			{"empty", "the JsObj without keys", true},
			{"of(object)", "a JsObj from a plain object", false},
			{"parse(text)", "a JsObj from JSON text; throws like `body()`", false},
		},
		"a JsObj": append([]loopWord{
			{"asString(key)", "text; a number or boolean as its text, digits as they came; null where there is none", true},
			{"addString(key, value)", "adds text, or null for null", true},
			{"has(key)", "whether the key is there, be it null", false},
			{"keys()", "an array of the keys", false},
			{"remove(key)", "leaves the key out", false},
		}, sharedWords("key")...),
		"JsArr": {
			{"empty", "the JsArr without items", false},
			{"of(array)", "a JsArr from an array", false},
			{"parse(text)", "a JsArr from JSON text; throws like `body()`", false},
		},
		"a JsArr": append([]loopWord{
			{"asString(index)", "as with a JsObj; null beyond the end", false},
			{"addString(value)", "adds text at the end, or null for null", false},
		}, sharedWords("index")...),
		"crypto": {
			{"hash(algorithm, input, format)", "the digest", false},
			{"hmac(algorithm, key, input, format)", "the HMAC (RFC 2104)", false},
			{"base64(input)", "base64 with padding (RFC 4648)", false},
			{"base64url(input)", "base64url without padding", false},
			{"hex(input)", "lower-case hex", false},
			{"fromBase64(text)", "an ArrayBuffer, from either base64, padded or not", false},
			{"fromHex(text)", "an ArrayBuffer", false},
			{"uuid()", "a random UUID (RFC 9562, version 4)", false},
			{"digits(n)", "n random digits as text, 1 to 64", false},
		},
		"clock": {
			{"seconds()", "seconds since 1970, a number", false},
			{"millis()", "milliseconds since 1970, a number", false},
			{"iso()", "UTC as `2026-03-01T12:00:00Z`", false},
		},
	}
}

// sharedWords are those that a JsObj has for a key and a JsArr for an index.
func sharedWords(at string) []loopWord {
	add := "key, value"
	if at == "index" {
		add = "value"
	}
	none := map[bool]string{true: "addNull(key)", false: "addNull()"}[at == "key"]
	return []loopWord{
		{"asInt(" + at + ")", "a whole number, from a number or digits as text; beyond 2^53 take `asString`", false},
		{"asDecimal(" + at + ")", "a number, from a number or its text", false},
		{"asBool(" + at + ")", "a boolean", false},
		{"asObj(" + at + ")", "a JsObj", false},
		{"asArr(" + at + ")", "a JsArr", false},
		{"addInt(" + add + ")", "adds a whole number; beyond 2^53 as text or BigInt", false},
		{"addDecimal(" + add + ")", "adds a number; as text it keeps its digits", false},
		{"addBool(" + add + ")", "adds a boolean", false},
		{"addObj(" + add + ")", "adds a JsObj", false},
		{"addArr(" + add + ")", "adds a JsArr", false},
		{none, "adds null", false},
		{"size()", "how many there are", false},
		{"toString()", "the JSON, without spaces: what `withBody` sends", false},
	}
}

// loopManifest says what the keys of driver.conf mean.
func loopManifest() [][2]string {
	return [][2]string{
		{"title", "the provider's name for people, 1 to 80 characters"},
		{"page", "address of the provider's page that the driver was written from; may be left out"},
		{"hosts", "hosts that the driver may reach, all others are refused"},
		{"secrets", "names of the secrets that the script reads; may be left out"},
		{"code.origin", "who chooses the code: `we`, `provider`, `caller` or `check`"},
		{"code.lengths", "code lengths that the provider can do, each 3 to 8; left out: any"},
		{"code.leadingZero", "whether a code may begin with 0; left out: false"},
		{"timeout", "for one request, at most `loops.limits.reply`, which also holds where it is left out"},
	}
}
