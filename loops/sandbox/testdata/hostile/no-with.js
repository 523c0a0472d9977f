// A with statement, to look names up in an object of its own.
// reasons: contract syntax
function run() {
  with (globalThis) { return secrets; }
}
