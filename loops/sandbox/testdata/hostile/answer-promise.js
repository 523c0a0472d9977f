// A promise of an answer.
// reasons: contract
async function run() { return HttpLoop.Ok({}); }
