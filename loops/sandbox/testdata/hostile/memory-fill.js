// An array of 2**26 places, filled by native code.
// reasons: time memory
function run() { return new Array(2 ** 26).fill(0).length; }
