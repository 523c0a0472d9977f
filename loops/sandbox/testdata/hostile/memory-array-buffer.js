// An ArrayBuffer of eight gibibytes.
// reasons: memory contract
function run() { return new ArrayBuffer(2 ** 33).byteLength; }
