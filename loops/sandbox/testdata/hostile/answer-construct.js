// A contract function as a constructor, with another prototype.
// reasons: contract
function run() { return Reflect.construct(HttpLoop.Ok, [{}], Array); }
