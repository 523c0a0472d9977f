// Unicode normal forms without end.
// reasons: time memory
function run() { for (;;) "\u0041\u030a".repeat(1e5).normalize("NFC").normalize("NFD"); }
