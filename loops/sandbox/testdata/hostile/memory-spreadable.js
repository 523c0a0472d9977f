// concat of an object that says it can be spread over 2**53-1 places.
// reasons: time memory contract
function run() { return [].concat({ length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true }).length; }
