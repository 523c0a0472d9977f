// Exceptions, boxes, null, text, equality, order and hash codes of any value, arrays.

class Throwable extends Error {
  get name() { return this.constructor.$name; }
  $init(message, cause = null) {
    this.message = message === null ? "" : message;
    this.$m = message;
    this.$c = cause;
    return this;
  }
  $initFrom(cause) { return this.$init(cause === null ? null : j.str(cause), cause); }
  getMessage() { return this.$m === undefined ? null : this.$m; }
  getCause() { return this.$c === undefined ? null : this.$c; }
  initCause(cause) { this.$c = cause; return this; }
  $eq(o) { return this === o; }
  $hash() { return j.identity(this); }
  $str() { const m = this.getMessage(); return m === null ? this.name : this.name + ": " + m; }
}
Throwable.$name = "java.lang.Throwable";

const ex = { Throwable };
const kinds = {
  "java.lang": "Exception:Throwable Error:Throwable AssertionError:Error RuntimeException:Exception ArithmeticException:RuntimeException " +
    "ArrayStoreException:RuntimeException ClassCastException:RuntimeException CloneNotSupportedException:Exception IllegalArgumentException:RuntimeException " +
    "IllegalStateException:RuntimeException IndexOutOfBoundsException:RuntimeException ArrayIndexOutOfBoundsException:IndexOutOfBoundsException " +
    "StringIndexOutOfBoundsException:IndexOutOfBoundsException InterruptedException:Exception NegativeArraySizeException:RuntimeException " +
    "NullPointerException:RuntimeException NumberFormatException:IllegalArgumentException SecurityException:RuntimeException " +
    "UnsupportedOperationException:RuntimeException ReflectiveOperationException:Exception ClassNotFoundException:ReflectiveOperationException",
  "java.util": "ConcurrentModificationException:RuntimeException NoSuchElementException:RuntimeException InputMismatchException:NoSuchElementException " +
    "EmptyStackException:RuntimeException IllegalFormatException:IllegalArgumentException MissingFormatArgumentException:IllegalFormatException " +
    "UnknownFormatConversionException:IllegalFormatException IllegalFormatConversionException:IllegalFormatException",
  "java.util.regex": "PatternSyntaxException:IllegalArgumentException",
  "java.util.concurrent": "TimeoutException:Exception ExecutionException:Exception",
  "java.io": "IOException:Exception FileNotFoundException:IOException EOFException:IOException UncheckedIOException:RuntimeException " +
    "UnsupportedEncodingException:IOException",
  "java.net": "MalformedURLException:IOException UnknownHostException:IOException URISyntaxException:Exception",
  "java.time": "DateTimeException:RuntimeException",
  "java.time.format": "DateTimeParseException:DateTimeException",
  "java.security": "GeneralSecurityException:Exception NoSuchAlgorithmException:GeneralSecurityException KeyException:GeneralSecurityException " +
    "InvalidKeyException:KeyException DigestException:GeneralSecurityException SignatureException:GeneralSecurityException",
  "com.fasterxml.jackson.core": "JsonProcessingException:IOException",
};
for (const pkg in kinds) {
  for (const pair of kinds[pkg].split(" ")) {
    const [name, parent] = pair.split(":");
    const C = class extends ex[parent] {};
    C.$name = pkg + "." + name;
    ex[name] = C;
  }
}
j.ex = Object.freeze(ex);
j.raise = (C, message, cause = null) => new C().$init(message, cause);
j.raiseFrom = (C, cause) => new C().$initFrom(cause);
const fail = (C, message) => { throw j.raise(C, message); };

// What a script catches is a Throwable; anything else that was thrown (an answer that can't be read, a word of the
// contract that was used wrongly) is wrapped, and thrown again as it was.
class Wrapped extends ex.RuntimeException {}
Wrapped.$name = "java.lang.RuntimeException";
j.caught = (e) => {
  if (e instanceof Throwable) return e;
  const w = new Wrapped().$init(e instanceof Error ? e.message : "" + e);
  w.$raw = e;
  return w;
};
j.thrown = (e) => (e instanceof Wrapped ? e.$raw : j.nn(e));

j.nn = (o) => (o === null || o === undefined ? fail(ex.NullPointerException, null) : o);
j.cast = (o, test, name) => (o === null || test(o) ? o : fail(ex.ClassCastException, "class " + j.classOf(o).getName() + " cannot be cast to class " + name));

class Box {
  constructor(v) { this.v = v; }
  $eq(o) { return o instanceof Box && o.constructor === this.constructor && (this.v === o.v ? this.v !== 0 || Object.is(this.v, o.v) : this.v !== this.v && o.v !== o.v); }
}
class D extends Box {
  $str() { return j.dstr(this.v); }
  $hash() { const b = j.Num.bits(this.v); return Number(BigInt.asIntN(32, b ^ BigInt.asUintN(64, b) >> 32n)); }
  $cmp(o) { return j.Num.compareDoubles(this.v, o.v); }
}
class F extends Box {
  $str() { return j.fstr(this.v); }
  $hash() { return new Int32Array(Float32Array.of(this.v).buffer)[0]; }
  $cmp(o) { return j.Num.compareDoubles(this.v, o.v); }
}
class C extends Box {
  $str() { return String.fromCharCode(this.v); }
  $hash() { return this.v; }
  $cmp(o) { return this.v - o.v; }
}
class S extends Box {
  $str() { return "" + this.v; }
  $hash() { return this.v; }
  $cmp(o) { return this.v - o.v; }
}
class B extends Box {
  $str() { return "" + this.v; }
  $hash() { return this.v; }
  $cmp(o) { return this.v - o.v; }
}
const boxes = { D, F, C, S, B };
j.D = (v) => new D(v);
j.F = (v) => new F(v);
j.C = (v) => new C(v);
j.S = (v) => new S(v);
j.B = (v) => new B(v);
j.isBox = (o, kind) => o instanceof boxes[kind];
j.isNumber = (o) => typeof o === "number" || typeof o === "bigint" || o instanceof D || o instanceof F || o instanceof S || o instanceof B;

// one is == between objects: boxes are one object only within Java's cache.
j.one = (a, b) => {
  if (typeof a === "number" && typeof b === "number") return a === b && a >= -128 && a <= 127;
  if (typeof a === "bigint" && typeof b === "bigint") return a === b && a >= -128n && a <= 127n;
  if (a instanceof C && b instanceof C) return a === b || a.v === b.v && a.v <= 127;
  if (a instanceof S && b instanceof S || a instanceof B && b instanceof B) return a === b || a.v === b.v && a.v >= -128 && a.v <= 127;
  return a === b;
};

let identities = 0x2a139a55;
const known = new WeakMap();
j.identity = (o) => {
  if (o === null || typeof o !== "object" && typeof o !== "function") return j.hash(o);
  let h = known.get(o);
  if (h === undefined) known.set(o, h = identities = Math.imul(identities, 48271) >>> 1);
  return h;
};

class Obj {
  $eq(o) { return this === o; }
  $hash() { return j.identity(this); }
  $str() { return this.constructor.$name + "@" + (j.hash(this) >>> 0).toString(16); }
}
Obj.$name = "java.lang.Object";
j.Obj = Obj;
j.Enum = class extends Obj {
  $e(name, k) { this.$n = name; this.$k = k; return this; }
  $str() { return this.$n; }
  $cmp(o) { return this.$k - o.$k; }
};
j.Class = class extends Obj {
  constructor(name) { super(); this.n = name; }
  getName() { return this.n; }
  getSimpleName() { return this.n.slice(Math.max(this.n.lastIndexOf("."), this.n.lastIndexOf("$")) + 1); }
  $str() { return "class " + this.n; }
  $eq(o) { return o instanceof j.Class && o.n === this.n; }
  $hash() { return j.hash(this.n); }
};
j.classOf = (o) => {
  const simple = { string: "String", number: "Integer", bigint: "Long", boolean: "Boolean" }[typeof o];
  if (simple) return new j.Class("java.lang." + simple);
  for (const [k, name] of [[D, "Double"], [F, "Float"], [C, "Character"], [S, "Short"], [B, "Byte"]]) if (o instanceof k) return new j.Class("java.lang." + name);
  return new j.Class(o.constructor && o.constructor.$name || "java.lang.Object");
};

const arrayName = (o) => ({ Int8Array: "[B", Int16Array: "[S", Uint16Array: "[C", Int32Array: "[I", BigInt64Array: "[J", Float32Array: "[F", Float64Array: "[D" }[o.constructor.name]);
j.str = (o) => {
  switch (typeof o) {
    case "string": return o;
    case "number": case "bigint": case "boolean": return "" + o;
    case "undefined": return "null";
    case "function": return "lambda@" + (j.identity(o) >>> 0).toString(16);
  }
  if (o === null) return "null";
  if (o.$str) return o.$str();
  if (Array.isArray(o)) return "[Ljava.lang.Object;@" + j.identity(o).toString(16);
  if (ArrayBuffer.isView(o)) return arrayName(o) + "@" + j.identity(o).toString(16);
  return o.toString();
};
j.eq = (a, b) => (a === b ? a === a : a !== null && typeof a === "object" && a.$eq ? a.$eq(b) : false);
j.equal = (a, b) => a === b || a !== null && b !== null && j.eq(a, b);
j.hash = (o) => {
  switch (typeof o) {
    case "number": return o;
    case "boolean": return o ? 1231 : 1237;
    case "bigint": return Number(BigInt.asIntN(32, o ^ BigInt.asUintN(64, o) >> 32n));
    case "string": {
      let h = 0;
      for (let i = 0; i < o.length; i++) h = Math.imul(h, 31) + o.charCodeAt(i) | 0;
      return h;
    }
  }
  return o !== null && o.$hash ? o.$hash() : j.identity(o);
};
j.compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
// cmp is Comparable.compareTo.
j.cmp = (a, b) => {
  switch (typeof j.nn(a)) {
    case "string": return j.Str.compare(a, j.nn(b));
    case "number": case "bigint": case "boolean": return j.compare(a, j.nn(b));
  }
  if (a.$cmp) return a.$cmp(j.nn(b));
  return fail(ex.ClassCastException, "class " + j.classOf(a).getName() + " cannot be cast to class java.lang.Comparable");
};
j.isComparable = (o) => typeof o === "string" || typeof o === "number" || typeof o === "bigint" || typeof o === "boolean" || !!o.$cmp;

// A value of a functional interface is a function, or an object of a class that implements it.
j.fz = (f) => (f === null || typeof f === "function" ? f : f.$fn ? (...a) => f.$fn(...a) : fail(ex.ClassCastException, null));
j.fn = (f) => j.nn(j.fz(f));

const outside = (i, n) => fail(ex.ArrayIndexOutOfBoundsException, "Index " + i + " out of bounds for length " + n);
j.ai = (a, i) => { const v = a === null ? j.nn(a) : a[i]; return v === undefined ? outside(i, a.length) : v; };
j.as = (a, i, v) => { if (j.nn(a).length <= i || i < 0) outside(i, a.length); a[i] = v; return v; };
j.isArray = (o) => Array.isArray(o);
const size = (n) => (n < 0 ? fail(ex.NegativeArraySizeException, "" + n) : n);
j.plain = (n, v) => new Array(size(n)).fill(v);
j.array = (make, n, ...rest) => {
  size(n);
  if (rest.length === 0) return make(n);
  const out = new Array(n);
  for (let i = 0; i < n; i++) out[i] = j.array(make, ...rest);
  return out;
};
j.arraycopy = (from, i, to, k, n) => {
  if (i < 0 || k < 0 || n < 0 || i + n > j.nn(from).length || k + n > j.nn(to).length) {
    fail(ex.ArrayIndexOutOfBoundsException, "arraycopy: last source index " + (i + n) + " out of bounds for length " + from.length);
  }
  if (ArrayBuffer.isView(from)) { to.set(from.slice(i, i + n), k); return; }
  const copy = from.slice(i, i + n);
  for (let x = 0; x < n; x++) to[k + x] = copy[x];
};
j.some = (v) => (v === null ? [] : [v]);
