// Getters in Ok, each of which gives an object with a getter.
// reasons: contract
function next() { return { get a() { return next(); } }; }
function run() { return HttpLoop.Ok(next()); }
