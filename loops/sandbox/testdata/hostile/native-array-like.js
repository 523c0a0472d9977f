// An array method over an object that says it has 2**53-1 items.
// reasons: time
function run() { return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1); }
