// A module through an import declaration.
// reasons: contract syntax
import fs from "fs";
function run() {}
