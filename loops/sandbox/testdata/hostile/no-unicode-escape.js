// A forbidden word written with escapes.
// reasons: contract syntax
function run() { return \u0065val("1").\u0063onstructor; }
