// A generator that never ends, spread into an array.
// reasons: time memory
function* numbers() { for (let n = 0; ; n++) yield n; }
function run() { return [...numbers()].length; }
