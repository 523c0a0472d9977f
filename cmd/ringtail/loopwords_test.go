package main

import "regexp"

// loopWord is a function or value that a driver's script has.
type loopWord struct {
	types string // as TypeScript declares it; the name ends at the first "(" or ":"
	means string
	blitz bool // Blitz's published example has it
}

var typeOf = regexp.MustCompile(`\??: [^,()]+`)

// form is the word without its types, as the manual shows it.
func (w loopWord) form() string { return typeOf.ReplaceAllString(w.types, "") }

// loopWords say what the engine's words mean, by the object that has them.
// TestLoopReference compares their names with those that a script finds.
func loopWords() map[string][]loopWord {
	return map[string][]loopWord{
		"HttpLoop": {
			{"callBuilder(method: string, url: string): Builder", "a builder of a request; `url` is a whole https address", true},
			{"Ok(value: Obj): Ending", "ends the run with a JsObj or a plain object", true},
			{"error(key: Word, params?: Obj): Ending", "ends the run with a [failure](#failures); `params`, a map of texts, may be left out", true},
		},
		"builder": {
			{"withHeader(name: string, value: Scalar): Builder", "adds a header", true},
			{"withBody(json: Json): Builder", "a JsObj or JsArr as the JSON body, with its Content-Type unless the script gave one; Blitz's takes a JsObj", true},
			{"withQuery(name: string, value: Scalar): Builder", "adds a parameter to the address, escaped", false},
			{"withBasicAuth(user: string, password: string): Builder", "sets the header Authorization (RFC 7617)", false},
			{"withForm(values: Obj): Builder", "the flat JsObj as a form body, its keys in their order, null left out", false},
			{"withMultipart(values: Obj): Builder", "the flat JsObj as multipart/form-data (RFC 7578), its keys in their order, null left out", false},
			{"withText(text: string, type?: string): Builder", "the text as the body; `type` is its Content-Type, `text/plain; charset=utf-8` where it is left out", false},
			{"bodyText(): string", "the exact bytes of the body that was given last: what a signature is made over", false},
			{"build(state?: Obj): Builder", "the builder again; `state`, a JsObj, is the next step's third argument. Whether Blitz has it is not known", false},
		},
		"result": {
			{"status(): number", "the HTTP status, a number", true},
			{"body(): JsObj", "the body as a JsObj; throws where it is no JSON object", true},
			{"bodyArr(): JsArr", "the body as a JsArr; throws where it is no JSON array", false},
			{"xml(): JsObj", "the XML body as a JsObj with one key, the root's name: see [XML](#xml); throws where it is none", false},
			{"form(): JsObj", "the body, a form, as a JsObj of texts; a key that comes twice has its last value; throws where it is none", false},
			{"csv(separator?: string): JsArr", "the body as a JsArr of rows, each a JsArr of texts (RFC 4180); `,` separates where `separator` is left out; any text is CSV", false},
			{"text(): string", "the body as it came", false},
			{"header(name: string): string | null", "the first header of that name, in any case of letters, or null", false},
		},
		"JsObj": {
			{"empty: JsObj", "the JsObj without keys", true},
			{"of(object: Obj): JsObj", "a JsObj from a plain object", false},
			{"parse(text: string): JsObj", "a JsObj from JSON text; throws like `body()`", false},
		},
		"a JsObj": append([]loopWord{
			{"asString(key: string): string | null", "text; a number or boolean as its text, digits as they came; null where there is none", true},
			{"addString(key: string, value: Scalar | null | undefined): JsObj", "adds text, or null for null", true},
			{"has(key: string): boolean", "whether the key is there, be it null", false},
			{"keys(): string[]", "an array of the keys", false},
			{"remove(key: string): JsObj", "leaves the key out", false},
		}, sharedWords("key: string, ", "key: string", "JsObj")...),
		"JsArr": {
			{"empty: JsArr", "the JsArr without items", false},
			{"of(array: JsArr | readonly unknown[]): JsArr", "a JsArr from an array", false},
			{"parse(text: string): JsArr", "a JsArr from JSON text; throws like `body()`", false},
		},
		"a JsArr": append([]loopWord{
			{"asString(index: number): string | null", "as with a JsObj; null beyond the end", false},
			{"addString(value: Scalar | null | undefined): JsArr", "adds text at the end, or null for null", false},
		}, sharedWords("", "index: number", "JsArr")...),
		"crypto": {
			{"hash(algorithm: HashAlgorithm, input: Bytes, format?: Format): string", "the digest", false},
			{"hmac(algorithm: HashAlgorithm, key: Bytes, input: Bytes, format?: Format): string", "the HMAC (RFC 2104)", false},
			{"rs256(key: string, input: Bytes, format?: Format): string", "the signature RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017); `key` is a private key of at least 2048 bits in PEM", false},
			{"jwt(claims: Obj, key: string, header?: Obj): string", "a JWT (RFC 7519) signed with RS256; `header` adds to its header, like `{ kid: secrets.KEY_ID }`", false},
			{"equal(a: Bytes, b: Bytes): boolean", "whether both are the same, in constant time: for signatures of callbacks", false},
			{"base64(input: Bytes): string", "base64 with padding (RFC 4648)", false},
			{"base64url(input: Bytes): string", "base64url without padding", false},
			{"hex(input: Bytes): string", "lower-case hex", false},
			{"fromBase64(text: string): ArrayBuffer", "an ArrayBuffer, from either base64, padded or not", false},
			{"fromHex(text: string): ArrayBuffer", "an ArrayBuffer", false},
			{"uuid(): string", "a random UUID (RFC 9562, version 4)", false},
			{"digits(n: number): string", "n random digits as text, 1 to 64", false},
			{"random(n: number, format?: Format): string", "n random bytes, 1 to 64", false},
		},
		"tokens": {
			{"get(): string", "the token that the driver's function `login` got: see [login tokens](#login-tokens)", false},
		},
		"clock": {
			{"seconds(): number", "seconds since 1970, a number", false},
			{"millis(): number", "milliseconds since 1970, a number", false},
			{"iso(): string", "UTC as `2026-03-01T12:00:00Z`", false},
		},
	}
}

// sharedWords are those that a JsObj has for a key and a JsArr for an index.
func sharedWords(key, at, self string) []loopWord {
	none := map[bool]string{true: "addNull(key: string): ", false: "addNull(): "}[key != ""]
	return []loopWord{
		{"asInt(" + at + "): number | null", "a whole number, from a number or digits as text; beyond 2^53 take `asString`", false},
		{"asDecimal(" + at + "): number | null", "a number, from a number or its text", false},
		{"asBool(" + at + "): boolean | null", "a boolean", false},
		{"asObj(" + at + "): JsObj | null", "a JsObj", false},
		{"asArr(" + at + "): JsArr | null", "a JsArr", false},
		{"addInt(" + key + "value: number | bigint | string): " + self, "adds a whole number; beyond 2^53 as text or BigInt", false},
		{"addDecimal(" + key + "value: number | string): " + self, "adds a number; as text it keeps its digits", false},
		{"addBool(" + key + "value: boolean): " + self, "adds a boolean", false},
		{"addObj(" + key + "value: Obj): " + self, "adds a JsObj", false},
		{"addArr(" + key + "value: JsArr | readonly unknown[]): " + self, "adds a JsArr", false},
		{none + self, "adds null", false},
		{"size(): number", "how many there are", false},
		{"toString(): string", "the JSON, without spaces: what `withBody` sends", false},
	}
}

// loopManifest says what the keys of driver.conf mean.
func loopManifest() [][2]string {
	return [][2]string{
		{"title", "the provider's name for people, 1 to 80 characters"},
		{"channel", "how the code reaches the person: `flashCall`, `sms` or `voice`; left out: `flashCall`"},
		{"page", "address of the provider's page that the driver was written from; may be left out"},
		{"written", "the day on which the driver was written from that page, like `\"2026-11-25\"`; may be left out"},
		{"caution", "what an administrator must know before using the driver, at most 400 characters; may be left out"},
		{"hosts", "hosts that the driver may reach, all others are refused"},
		{"secrets", "names of the secrets that the script reads; may be left out"},
		{"code.origin", "who chooses the code: `we`, `provider`, `caller` or `check`"},
		{"code.lengths", "code lengths that the provider can do, each 3 to 8; left out: any"},
		{"code.leadingZero", "whether a code may begin with 0; left out: false"},
		{"timeout", "for one request, at most `loops.limits.reply`, which also holds where it is left out"},
	}
}
