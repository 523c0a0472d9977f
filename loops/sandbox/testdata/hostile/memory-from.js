// Array.from of a length.
// reasons: time memory
function run() { return Array.from({ length: 2 ** 31 }, (_, n) => n).length; }
