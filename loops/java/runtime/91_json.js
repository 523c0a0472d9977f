// Jackson.

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
