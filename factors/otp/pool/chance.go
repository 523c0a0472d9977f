package pool

import "math"

// Everything here bounds the natural logarithm of a probability from above, for
// any number of codes, however few: none is an approximation for large numbers.

// poisson is ln P(X = k) for X with a Poisson distribution.
func poisson(k int, mean float64) float64 {
	factorial, _ := math.Lgamma(float64(k) + 1)
	return float64(k)*math.Log(mean) - mean - factorial
}

// atLeast bounds ln P(S >= k), where S counts which of many events happened, each
// with a chance of its own whatever became of those before it, and mean is the
// sum of these chances. Beyond mean+1 a Poisson distribution has the heavier tail
// (Hoeffding 1956; Anderson and Samuels 1967), and that is below its first term
// times a geometric series.
func atLeast(k int, mean float64) float64 {
	if mean <= 0 || float64(k) < mean+1 {
		return 0
	}
	return poisson(k, mean) + math.Log(float64(k+1)/(float64(k+1)-mean))
}

// atMost bounds ln P(S <= k) likewise.
func atMost(k int, mean float64) float64 {
	if k < 0 || float64(k) > mean-1 {
		return 0
	}
	return poisson(k, mean) + math.Log(mean/(mean-float64(k)))
}

// oneTooOften bounds ln P(some code comes at least m times among n), for a pool of
// the size: there are size codes and n over m ways to choose the m draws.
func oneTooOften(m, n int, size float64) float64 {
	if m < 2 {
		return 0
	}
	return math.Log(size) + choose(n, m) - float64(m)*math.Log(size)
}

func choose(n, m int) float64 {
	a, _ := math.Lgamma(float64(n) + 1)
	b, _ := math.Lgamma(float64(m) + 1)
	c, _ := math.Lgamma(float64(n-m) + 1)
	return a - b - c
}

// skewed says whether ln P(the digits stray so far from being equally frequent) is
// below the level, for as many digits as counts has. The measure is the likelihood
// ratio x: half of the G statistic, which for large numbers is chi-square. For any
// number of draws its tail is at most e^-x (e x / f)^f, with f one less than the
// digits, from x = f on (Agrawal 2020). Chi-square is never less than x, and costs
// no logarithms, so it goes first.
func skewed(counts []int, level float64) bool {
	n, square := 0, 0
	for _, c := range counts {
		n += c
		square += c * c
	}
	kinds := float64(len(counts))
	if n == 0 || kinds*float64(square)/float64(n)-float64(n) < -level {
		return false
	}
	ratio := -float64(n) * math.Log(float64(n)/kinds)
	for _, c := range counts {
		if c > 0 {
			ratio += float64(c) * math.Log(float64(c))
		}
	}
	free := kinds - 1
	return ratio > free && -ratio+free*(1+math.Log(ratio/free)) < level
}
