package calls

import (
	"strconv"
	"strings"
)

// millionth is how many parts of a currency's unit amounts are kept in.
const millionth = 1_000_000

// Amount is so many millionths of a currency, for people: "12.40 RUB". It has at least
// two decimals, and more where they tell something.
func Amount(millionths int64, currency string) string {
	return strings.TrimSpace(decimal(millionths) + " " + currency)
}

func decimal(millionths int64) string {
	sign := ""
	if millionths < 0 {
		sign, millionths = "-", -millionths
	}
	part := strconv.FormatInt(millionth+millionths%millionth, 10)[1:]
	for len(part) > 2 && strings.HasSuffix(part, "0") {
		part = part[:len(part)-1]
	}
	return sign + strconv.FormatInt(millionths/millionth, 10) + "." + part
}
