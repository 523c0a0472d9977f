// A module through import().
// reasons: contract syntax
function run() { return import("fs"); }
