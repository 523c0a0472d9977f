package java

// foldConstants gives what an operator makes of two constants, nil where that isn't known before it runs.
func foldConstants(op string, a, b any, t *typ) any {
	x, ok := a.(int64)
	y, ok2 := b.(int64)
	if !ok || !ok2 || !t.isIntegral() {
		return nil
	}
	switch op {
	case "+":
		return wrap(x+y, t)
	case "-":
		return wrap(x-y, t)
	case "*":
		return wrap(x*y, t)
	case "/":
		if y != 0 {
			return wrap(x/y, t)
		}
	case "%":
		if y != 0 {
			return wrap(x%y, t)
		}
	case "&":
		return x & y
	case "|":
		return x | y
	case "^":
		return x ^ y
	}
	return nil
}

func compareConstants(op string, a, b any) any {
	x, ok := a.(int64)
	y, ok2 := b.(int64)
	if !ok || !ok2 {
		return nil
	}
	switch op {
	case "<":
		return x < y
	case ">":
		return x > y
	case "<=":
		return x <= y
	}
	return x >= y
}
