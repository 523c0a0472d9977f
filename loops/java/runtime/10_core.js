// Exceptions, null, text, equality, order and hash codes of any value, array elements, the arithmetic of int and long.

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

// Each exception by its name: its package and what it extends. A class is made when it is first asked for.
const kinds = {
  Exception: "java.lang Throwable", Error: "java.lang Throwable", AssertionError: "java.lang Error", RuntimeException: "java.lang Exception",
  ArithmeticException: "java.lang RuntimeException", ArrayStoreException: "java.lang RuntimeException",
  ClassCastException: "java.lang RuntimeException", CloneNotSupportedException: "java.lang Exception",
  IllegalArgumentException: "java.lang RuntimeException", IllegalStateException: "java.lang RuntimeException",
  IndexOutOfBoundsException: "java.lang RuntimeException", ArrayIndexOutOfBoundsException: "java.lang IndexOutOfBoundsException",
  StringIndexOutOfBoundsException: "java.lang IndexOutOfBoundsException", InterruptedException: "java.lang Exception",
  NegativeArraySizeException: "java.lang RuntimeException", NullPointerException: "java.lang RuntimeException",
  NumberFormatException: "java.lang IllegalArgumentException", SecurityException: "java.lang RuntimeException",
  UnsupportedOperationException: "java.lang RuntimeException", ReflectiveOperationException: "java.lang Exception",
  ClassNotFoundException: "java.lang ReflectiveOperationException", ConcurrentModificationException: "java.util RuntimeException",
  NoSuchElementException: "java.util RuntimeException", InputMismatchException: "java.util NoSuchElementException",
  EmptyStackException: "java.util RuntimeException", IllegalFormatException: "java.util IllegalArgumentException",
  MissingFormatArgumentException: "java.util IllegalFormatException", UnknownFormatConversionException: "java.util IllegalFormatException",
  IllegalFormatConversionException: "java.util IllegalFormatException", PatternSyntaxException: "java.util.regex IllegalArgumentException",
  TimeoutException: "java.util.concurrent Exception", ExecutionException: "java.util.concurrent Exception", IOException: "java.io Exception",
  FileNotFoundException: "java.io IOException", EOFException: "java.io IOException", UncheckedIOException: "java.io RuntimeException",
  UnsupportedEncodingException: "java.io IOException", MalformedURLException: "java.net IOException", UnknownHostException: "java.net IOException",
  URISyntaxException: "java.net Exception", DateTimeException: "java.time RuntimeException",
  DateTimeParseException: "java.time.format DateTimeException", GeneralSecurityException: "java.security Exception",
  NoSuchAlgorithmException: "java.security GeneralSecurityException", KeyException: "java.security GeneralSecurityException",
  InvalidKeyException: "java.security KeyException", DigestException: "java.security GeneralSecurityException",
  SignatureException: "java.security GeneralSecurityException", JsonProcessingException: "com.fasterxml.jackson.core IOException",
};
const ex = new Proxy({ Throwable }, {
  get(made, name) {
    if (made[name] === undefined && typeof kinds[name] === "string") {
      const [pkg, parent] = kinds[name].split(" ");
      made[name] = class extends ex[parent] {};
      made[name].$name = pkg + "." + name;
    }
    return made[name];
  },
});
j.ex = ex;
j.raise = (C, message, cause = null) => new C().$init(message, cause);
j.raiseFrom = (C, cause) => new C().$initFrom(cause);
const fail = (C, message) => { throw j.raise(C, message); };

// What a script catches is a Throwable; anything else that was thrown (an answer that can't be read, a word of the
// contract that was used wrongly) is wrapped, and thrown again as it was.
let Wrapped = null;
j.caught = (e) => {
  if (e instanceof Throwable) return e;
  if (Wrapped === null) {
    Wrapped = class extends ex.RuntimeException {};
    Wrapped.$name = "java.lang.RuntimeException";
  }
  const w = new Wrapped().$init(e instanceof Error ? e.message : "" + e);
  w.$raw = e;
  return w;
};
j.thrown = (e) => (Wrapped !== null && e instanceof Wrapped ? e.$raw : j.nn(e));

j.nn = (o) => (o === null || o === undefined ? fail(ex.NullPointerException, null) : o);
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
const compareText = (a, b) => {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const d = a.charCodeAt(i) - b.charCodeAt(i);
    if (d !== 0) return d;
  }
  return a.length - b.length;
};
const named = (o) => ({ string: "java.lang.String", number: "java.lang.Integer", bigint: "java.lang.Long", boolean: "java.lang.Boolean" }[typeof o] || o.$box || o.constructor.$name);
// cmp is Comparable.compareTo.
j.cmp = (a, b) => {
  if (typeof j.nn(a) !== typeof j.nn(b) || a.$box && a.constructor !== b.constructor) {
    fail(ex.ClassCastException, "class " + named(b) + " cannot be cast to class " + named(a));
  }
  switch (typeof a) {
    case "string": return compareText(a, b);
    case "number": case "bigint": case "boolean": return j.compare(a, b);
  }
  if (a.$cmp) return a.$cmp(j.nn(b));
  return fail(ex.ClassCastException, "the object cannot be cast to class java.lang.Comparable");
};
j.isComparable = (o) => typeof o === "string" || typeof o === "number" || typeof o === "bigint" || typeof o === "boolean" || !!o.$cmp;

// A value of a functional interface is a function, or an object of a class that implements it.
j.fz = (f) => (f === null || typeof f === "function" ? f : f.$fn ? (...a) => f.$fn(...a) : fail(ex.ClassCastException, null));
j.fn = (f) => j.nn(j.fz(f));

const outside = (i, n) => fail(ex.ArrayIndexOutOfBoundsException, "Index " + i + " out of bounds for length " + n);
j.ai = (a, i) => { const v = a === null ? j.nn(a) : a[i]; return v === undefined ? outside(i, a.length) : v; };
j.as = (a, i, v) => { if (j.nn(a).length <= i || i < 0) outside(i, a.length); a[i] = v; return v; };
j.isArray = (o) => Array.isArray(o);
j.wrap = (v) => BigInt.asIntN(64, v);
const byZero = () => fail(ex.ArithmeticException, "/ by zero");
j.idiv = (a, b) => (b === 0 ? byZero() : a / b | 0);
j.irem = (a, b) => (b === 0 ? byZero() : a % b | 0);
j.ldiv = (a, b) => (b === 0n ? byZero() : BigInt.asIntN(64, a / b));
j.lrem = (a, b) => (b === 0n ? byZero() : a % b);
// goja gives 0 where a negative number and 0 are multiplied.
const below = (a) => a < 0 || Object.is(a, -0);
j.times = (a, b) => { const r = a * b; return r === 0 && below(a) !== below(b) ? -0 : r; };
const sortArray = (a, f) => { a.sort((x, y) => f(x, y)); };
