# BigInteger, which procedures mostly write digests with, and HexFormat.

class java.math.BigInteger : Number, Comparable<BigInteger>
  is = $0 instanceof $j.Big
  const BigInteger ZERO = new $j.Big(0n)
  const BigInteger ONE = new $j.Big(1n)
  const BigInteger TEN = new $j.Big(10n)
  new(String) = $j.Big.parse($1, 10)
  new(String,int) = $j.Big.parse($1, $2)
  new(int,byte[]) = $j.Big.ofBytes($1, $2)
  new(byte[]) = $j.Big.ofBytes(null, $1)
  static BigInteger valueOf(long) = new $j.Big($1)
  BigInteger add(BigInteger)
  BigInteger subtract(BigInteger)
  BigInteger multiply(BigInteger)
  BigInteger divide(BigInteger)
  BigInteger remainder(BigInteger)
  BigInteger mod(BigInteger)
  BigInteger pow(int)
  BigInteger negate()
  BigInteger abs()
  BigInteger shiftLeft(int) = $0.shift($1)
  BigInteger shiftRight(int) = $0.shift(-$1)
  int signum()
  int bitLength()
  int compareTo(BigInteger) = $0.$cmp($n($1))
  int intValue() = $num($big.asIntN(32, $0.v))
  long longValue() = $L($0.v)
  double doubleValue() = $num($0.v)
  byte[] toByteArray()
  String toString() = $str($0)
  String toString(int) = $j.Num.radix($0.v, $1)

class java.util.HexFormat
  static HexFormat of() = false
  HexFormat withUpperCase() = (void $0, true)
  String formatHex(byte[]) = $j.hexOf($1, $0)
  byte[] parseHex(CharSequence) = (void $0, $j.ofHex($str($1)))
