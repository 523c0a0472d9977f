// Loggers, Jackson, and the contract's own values.

j.logger = new Obj();
const jsonText = (s) => '"' + s.replace(/["\\\u0000-\u001f]/g, (c) => ({ '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r" }[c]
  || "\\u" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0"))) + '"';
const json = (o) => {
  if (o === null) return "null";
  switch (typeof o) {
    case "string": return jsonText(o);
    case "number": case "bigint": case "boolean": return "" + o;
  }
  if (o instanceof D || o instanceof F) return Number.isFinite(o.v) ? j.str(o) : jsonText(j.str(o));
  if (o instanceof S || o instanceof B) return "" + o.v;
  if (o instanceof C || o instanceof j.UUID) return jsonText(j.str(o));
  if (o instanceof j.Enum) return jsonText(o.$n);
  if (o instanceof JMap) return "{" + o.entries().map((e) => jsonText(j.str(j.nn(e.k))) + ":" + json(e.v)).join(",") + "}";
  if (o instanceof Coll) return "[" + o.arr().map(json).join(",") + "]";
  if (o instanceof Int8Array) return jsonText(crypto.base64(buffer(o)));
  if (o instanceof Uint16Array) return jsonText(j.Str.chars(o));
  if (o instanceof Float64Array) return "[" + Array.from(o, j.dstr).join(",") + "]";
  if (Array.isArray(o) || ArrayBuffer.isView(o)) return "[" + Array.from(o, json).join(",") + "]";
  if (j.isObj(o) || j.isArr(o)) return o.toString();
  return fail(ex.JsonProcessingException, "no serializer for " + j.classOf(o).getName() + "; write a map");
};
j.Json = new Obj();
Object.defineProperty(j.Json, "text", { value: json });

const ofKind = (o, empty) => typeof o === "object" && o !== null && Object.getPrototypeOf(o) === Object.getPrototypeOf(empty);
j.isObj = (o) => ofKind(o, JsObj.empty);
j.isArr = (o) => ofKind(o, JsArr.empty);
// object gives the plain object of a map of texts.
j.object = (m) => {
  if (m === null) return null;
  const out = Object.create(null);
  for (const e of m.entries()) if (e.v !== null) out[j.str(e.k)] = e.v;
  return out;
};
// asInt is an int as Java has it: a larger number isn't cut but refused, with the word that takes it.
j.asInt = (o, key) => {
  const v = o.asInt(key);
  return v === null || v === (v | 0) ? v : fail(ex.ArithmeticException, "asInt(" + j.str(key) + "): " + v + " doesn't fit an int; use asLong");
};
j.asLong = (o, key) => {
  const text = o.asString(key);
  if (text === null) return null;
  return /^-?[0-9]{1,19}$/.test(text) && BigInt(text) === j.wrap(BigInt(text)) ? BigInt(text) : BigInt(o.asInt(key));
};
j.asDecimal = (o, key) => { const v = o.asDecimal(key); return v === null ? null : new D(v); };
