// A thenable in place of an answer.
// reasons: contract
function run() { return { then(done) { done(HttpLoop.Ok({})); } }; }
