// A regular expression whose repeats multiply.
// reasons: time memory contract
function run() { return new RegExp("(?=x)((((a{0,99}){0,99}){0,99}){0,99}){0,99}").test("a".repeat(1000)); }
