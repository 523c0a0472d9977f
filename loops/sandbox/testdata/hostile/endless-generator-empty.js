// A generator that is asked for ever and keeps nothing.
// reasons: time
function* numbers() { for (let n = 0; ; n++) yield n; }
function run() { for (const n of numbers()) n; }
