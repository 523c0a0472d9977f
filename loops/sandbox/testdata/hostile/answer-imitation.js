// An object with the prototype of an answer.
// reasons: contract
function run() { return Object.create(Object.getPrototypeOf(HttpLoop.Ok({}))); }
