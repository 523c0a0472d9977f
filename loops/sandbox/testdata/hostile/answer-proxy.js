// A proxy of an answer.
// reasons: contract
function run() { return new Proxy(HttpLoop.Ok({}), {}); }
