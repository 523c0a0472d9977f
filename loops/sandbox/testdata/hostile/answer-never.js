// A promise that never settles.
// reasons: contract
async function run() { await new Promise(() => {}); }
