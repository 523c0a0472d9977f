// What a Ringtail driver's script has, for editors. Generated from the program and held by a test;
// `ringtail loop types` prints it. It stands in the folder that holds the drivers' folders, and beside
// it jsconfig.json, since a script has neither a browser's words nor another driver's:
//
//   {"compilerOptions": {"lib": ["es2022"], "checkJs": true, "strict": true, "moduleDetection": "force"}}
//
// A driver defines run, and of these what its provider can do:
//
//   function run(obj, result, state)
//   function check(obj, result, state)
//   function poll(obj, result, state)
//   function callback(obj, result, state)
//   function report(obj, result, state)
//   function login(obj, result, state)
//
// An editor knows what obj, result and state are by a line above each of them:
//
//   /** @param {Input} obj @param {Result | null} result @param {JsObj | null} state */
//
// result is null at the first step; state is what the last build(state) kept, else null.

/** What a driver returns: a request to make, or how the run ends. */
type Action = Builder | Ending;

/** A key of obj. */
type InputKey = "phone_number" | "phone_e164" | "code" | "text" | "code_length" | "reference" | "ip" | "call_id" | "prefix" | "verified" | "method" | "path" | "query" | "headers" | "body";

/** Why a run failed. Any other word counts as bad_answer. */
type Word = "invalid_number" | "destination_forbidden" | "number_blocked" | "rate_limited" | "fraud_suspected" | "no_funds" | "auth_failed" | "unreachable" | "unavailable" | "bad_answer" | (string & {});

type Scalar = string | number | boolean | bigint;
type Obj = JsObj | { readonly [key: string]: unknown };
type Json = Obj | JsArr | readonly unknown[];
type Bytes = string | ArrayBuffer;
type HashAlgorithm = "md5" | "sha1" | "sha256" | "sha512";
type Format = "hex" | "base64" | "base64url";

/** A request that is being made; each function changes it and returns it. */
interface Builder {
  /** adds a header */
  withHeader(name: string, value: Scalar): Builder;
  /** a JsObj or JsArr as the JSON body, with its Content-Type unless the script gave one; Blitz's takes a JsObj */
  withBody(json: Json): Builder;
  /** adds a parameter to the address, escaped */
  withQuery(name: string, value: Scalar): Builder;
  /** sets the header Authorization (RFC 7617) */
  withBasicAuth(user: string, password: string): Builder;
  /** the flat JsObj as a form body, its keys in their order, null left out */
  withForm(values: Obj): Builder;
  /** the flat JsObj as multipart/form-data (RFC 7578), its keys in their order, null left out */
  withMultipart(values: Obj): Builder;
  /** the text as the body; `type` is its Content-Type, `text/plain; charset=utf-8` where it is left out */
  withText(text: string, type?: string): Builder;
  /** the exact bytes of the body that was given last: what a signature is made over */
  bodyText(): string;
  /** the builder again; `state`, a JsObj, is the next step's third argument. Whether Blitz has it is not known */
  build(state?: Obj): Builder;
}

/** How a run ends. */
interface Ending {
  readonly ending: unique symbol;
}

declare const HttpLoop: {
  /** a builder of a request; `url` is a whole https address */
  callBuilder(method: string, url: string): Builder;
  /** ends the run with a JsObj or a plain object */
  Ok(value: Obj): Ending;
  /** ends the run with a failure; `params`, a map of texts, may be left out */
  error(key: Word, params?: Obj): Ending;
};

/** The answer to the last request. */
interface Result {
  /** the HTTP status, a number */
  status(): number;
  /** the body as a JsObj; throws where it is no JSON object */
  body(): JsObj;
  /** the body as a JsArr; throws where it is no JSON array */
  bodyArr(): JsArr;
  /** the XML body as a JsObj with one key, the root's name: see XML; throws where it is none */
  xml(): JsObj;
  /** the body, a form, as a JsObj of texts; a key that comes twice has its last value; throws where it is none */
  form(): JsObj;
  /** the body as a JsArr of rows, each a JsArr of texts (RFC 4180); `,` separates where `separator` is left out; any text is CSV */
  csv(separator?: string): JsArr;
  /** the body as it came */
  text(): string;
  /** the first header of that name, in any case of letters, or null */
  header(name: string): string | null;
}

/** A JSON object that is never changed; its keys keep their order. */
interface JsObj {
  /** text; a number or boolean as its text, digits as they came; null where there is none */
  asString(key: string): string | null;
  /** adds text, or null for null */
  addString(key: string, value: Scalar | null | undefined): JsObj;
  /** whether the key is there, be it null */
  has(key: string): boolean;
  /** an array of the keys */
  keys(): string[];
  /** leaves the key out */
  remove(key: string): JsObj;
  /** a whole number, from a number or digits as text; beyond 2^53 take `asString` */
  asInt(key: string): number | null;
  /** a number, from a number or its text */
  asDecimal(key: string): number | null;
  /** a boolean */
  asBool(key: string): boolean | null;
  /** a JsObj */
  asObj(key: string): JsObj | null;
  /** a JsArr */
  asArr(key: string): JsArr | null;
  /** adds a whole number; beyond 2^53 as text or BigInt */
  addInt(key: string, value: number | bigint | string): JsObj;
  /** adds a number; as text it keeps its digits */
  addDecimal(key: string, value: number | string): JsObj;
  /** adds a boolean */
  addBool(key: string, value: boolean): JsObj;
  /** adds a JsObj */
  addObj(key: string, value: Obj): JsObj;
  /** adds a JsArr */
  addArr(key: string, value: JsArr | readonly unknown[]): JsObj;
  /** adds null */
  addNull(key: string): JsObj;
  /** how many there are */
  size(): number;
  /** the JSON, without spaces: what `withBody` sends */
  toString(): string;
}

/** What a driver is asked with: obj. A key that its entry or its driver isn't given is null all the same. */
interface Input extends JsObj {
  asString(key: "prefix"): string | null;
  asString(key: InputKey): string;
  asInt(key: "code_length"): number;
  asBool(key: "verified"): boolean;
  asObj(key: "headers"): JsObj;
  has(key: InputKey): boolean;
}

declare const JsObj: {
  /** the JsObj without keys */
  empty: JsObj;
  /** a JsObj from a plain object */
  of(object: Obj): JsObj;
  /** a JsObj from JSON text; throws like `body()` */
  parse(text: string): JsObj;
};

/** A JSON array that is never changed. */
interface JsArr {
  /** as with a JsObj; null beyond the end */
  asString(index: number): string | null;
  /** adds text at the end, or null for null */
  addString(value: Scalar | null | undefined): JsArr;
  /** a whole number, from a number or digits as text; beyond 2^53 take `asString` */
  asInt(index: number): number | null;
  /** a number, from a number or its text */
  asDecimal(index: number): number | null;
  /** a boolean */
  asBool(index: number): boolean | null;
  /** a JsObj */
  asObj(index: number): JsObj | null;
  /** a JsArr */
  asArr(index: number): JsArr | null;
  /** adds a whole number; beyond 2^53 as text or BigInt */
  addInt(value: number | bigint | string): JsArr;
  /** adds a number; as text it keeps its digits */
  addDecimal(value: number | string): JsArr;
  /** adds a boolean */
  addBool(value: boolean): JsArr;
  /** adds a JsObj */
  addObj(value: Obj): JsArr;
  /** adds a JsArr */
  addArr(value: JsArr | readonly unknown[]): JsArr;
  /** adds null */
  addNull(): JsArr;
  /** how many there are */
  size(): number;
  /** the JSON, without spaces: what `withBody` sends */
  toString(): string;
}

declare const JsArr: {
  /** the JsArr without items */
  empty: JsArr;
  /** a JsArr from an array */
  of(array: JsArr | readonly unknown[]): JsArr;
  /** a JsArr from JSON text; throws like `body()` */
  parse(text: string): JsArr;
};

/** The driver's secrets, by the names in driver.conf; a name that isn't there throws. */
declare const secrets: { readonly [name: string]: string };

declare const crypto: {
  /** the digest */
  hash(algorithm: HashAlgorithm, input: Bytes, format?: Format): string;
  /** the HMAC (RFC 2104) */
  hmac(algorithm: HashAlgorithm, key: Bytes, input: Bytes, format?: Format): string;
  /** the signature RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017); `key` is a private key of at least 2048 bits in PEM */
  rs256(key: string, input: Bytes, format?: Format): string;
  /** a JWT (RFC 7519) signed with RS256; `header` adds to its header, like `{ kid: secrets.KEY_ID }` */
  jwt(claims: Obj, key: string, header?: Obj): string;
  /** whether both are the same, in constant time: for signatures of callbacks */
  equal(a: Bytes, b: Bytes): boolean;
  /** base64 with padding (RFC 4648) */
  base64(input: Bytes): string;
  /** base64url without padding */
  base64url(input: Bytes): string;
  /** lower-case hex */
  hex(input: Bytes): string;
  /** an ArrayBuffer, from either base64, padded or not */
  fromBase64(text: string): ArrayBuffer;
  /** an ArrayBuffer */
  fromHex(text: string): ArrayBuffer;
  /** a random UUID (RFC 9562, version 4) */
  uuid(): string;
  /** n random digits as text, 1 to 64 */
  digits(n: number): string;
  /** n random bytes, 1 to 64 */
  random(n: number, format?: Format): string;
};

declare const tokens: {
  /** the token that the driver's function `login` got: see login tokens */
  get(): string;
};

/** The time; it stands still during a step. */
declare const clock: {
  /** seconds since 1970, a number */
  seconds(): number;
  /** milliseconds since 1970, a number */
  millis(): number;
  /** UTC as `2026-03-01T12:00:00Z` */
  iso(): string;
};
