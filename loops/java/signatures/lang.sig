# java.lang: objects, texts, boxes, Math.

class java.lang.Object
  new() = new $j.Obj()
  boolean equals(Object) = $j.eq($0, $1)
  int hashCode() = $j.hash($0)
  String toString() = $j.str($0)
  Class<Object> getClass() = $j.classOf($0)

class java.lang.Class<T>
  is = $0 instanceof $j.Class
  String getName()
  String getSimpleName()

interface java.lang.CharSequence
  is = (typeof $0 === "string" || $0 instanceof $j.StringBuilder)
  int length() = $str($0).length
  char charAt(int) = $j.charAt($str($0), $1)
  boolean isEmpty() = ($str($0).length === 0)
  CharSequence subSequence(int,int) = $j.sub($str($0), $1, $2)

interface java.lang.Iterable<T>
  is = $j.isIterable($0)
  Iterator<T> iterator() = $j.iterator($0)
  void forEach(Consumer<T>) = $j.each($0, $1)

interface java.lang.Comparable<T>
  is = $j.isComparable($0)
  int compareTo(T) = $j.cmp($0, $1)

interface java.lang.Cloneable
interface java.io.Serializable
interface java.lang.AutoCloseable
function java.lang.Runnable void run()
function java.util.concurrent.Callable<V> V call()

class java.lang.String : CharSequence, Comparable<String>, Serializable
  is = typeof $0 === "string"
  new() = ""
  new(String) = $n($1)
  new(char[]) = $j.Str.chars($1)
  new(char[],int,int) = $j.Str.chars($1, $2, $3)
  new(byte[]) = $j.Bytes.text($1, "UTF-8")
  new(byte[],String) = $j.Bytes.text($1, $2)
  new(byte[],Charset) = $j.Bytes.text($1, $2)
  new(StringBuilder) = $str($n($1))
  int length() = $0.length
  boolean isEmpty() = ($0.length === 0)
  boolean isBlank() = ($j.Str.strip($0).length === 0)
  char charAt(int) = $j.charAt($0, $1)
  int codePointAt(int) = $j.Str.codePointAt($0, $1)
  String substring(int) = $j.sub($0, $1, null)
  String substring(int,int) = $j.sub($0, $1, $2)
  CharSequence subSequence(int,int) = $j.sub($0, $1, $2)
  int indexOf(String) = $0.indexOf($n($1))
  int indexOf(int) = $j.Str.indexOfPoint($0, $1, 0)
  int indexOf(String,int) = $0.indexOf($n($1), $2)
  int indexOf(int,int) = $j.Str.indexOfPoint($0, $1, $2)
  int lastIndexOf(String) = $0.lastIndexOf($n($1))
  int lastIndexOf(int) = $j.Str.lastIndexOf($0, $j.Char.text($1), Infinity)
  int lastIndexOf(String,int) = $j.Str.lastIndexOf($0, $n($1), $2)
  int lastIndexOf(int,int) = $j.Str.lastIndexOf($0, $j.Char.text($1), $2)
  boolean contains(CharSequence) = $0.includes($str($n($1)))
  boolean startsWith(String) = $0.startsWith($n($1))
  boolean startsWith(String,int) = $j.Str.startsAt($0, $n($1), $2)
  boolean endsWith(String) = $0.endsWith($n($1))
  boolean equals(Object) = ($0 === $1)
  boolean equalsIgnoreCase(String) = $j.Str.same($0, $1)
  boolean contentEquals(CharSequence) = ($0 === $str($n($1)))
  int compareTo(String) = $j.Str.compare($0, $n($1))
  int compareToIgnoreCase(String) = $j.Str.compareFolded($0, $n($1))
  int hashCode() = $j.hash($0)
  String toString() = $0
  String intern() = $0
  String concat(String) = ($0 + $n($1))
  String trim() = $j.Str.trim($0)
  String strip() = $j.Str.strip($0)
  String stripLeading() = $j.Str.stripLeading($0)
  String stripTrailing() = $j.Str.stripTrailing($0)
  String toLowerCase() = $0.toLowerCase()
  String toUpperCase() = $0.toUpperCase()
  String toLowerCase(Locale) = $0.toLowerCase(void $1)
  String toUpperCase(Locale) = $0.toUpperCase(void $1)
  String replace(char,char) = $0.split($ch($1)).join($ch($2))
  String replace(CharSequence,CharSequence) = $j.Str.replace($0, $str($n($1)), $str($n($2)))
  String replaceAll(String,String) = $j.Regex.replace($0, $1, $2, true)
  String replaceFirst(String,String) = $j.Regex.replace($0, $1, $2, false)
  boolean matches(String) = $j.Regex.matches($1, $0)
  String[] split(String) = $j.Regex.split($1, $0, 0)
  String[] split(String,int) = $j.Regex.split($1, $0, $2)
  String repeat(int) = $j.Str.repeat($0, $1)
  char[] toCharArray() = $j.Str.toChars($0)
  byte[] getBytes() = $j.Bytes.of($0, "UTF-8")
  byte[] getBytes(String) = $j.Bytes.of($0, $1)
  byte[] getBytes(Charset) = $j.Bytes.of($0, $1)
  IntStream chars() = $j.Stream.of($j.Str.toChars($0))
  Stream<String> lines() = $j.Stream.of($j.Str.lines($0))
  String formatted(Object...) = $j.format($0, $1)
  static String valueOf(Object) = $str($1)
  static String valueOf(char[]) = $j.Str.chars($1)
  static String valueOf(boolean) = ("" + $1)
  static String valueOf(char) = $ch($1)
  static String valueOf(int) = ("" + $1)
  static String valueOf(long) = ("" + $1)
  static String valueOf(float) = $j.fstr($1)
  static String valueOf(double) = $j.dstr($1)
  static String copyValueOf(char[]) = $j.Str.chars($1)
  static String format(String,Object...) = $j.format($n($1), $2)
  static String format(Locale,String,Object...) = (void $1, $j.format($n($2), $3))
  static String join(CharSequence,CharSequence...) = $j.Str.join($1, $2)
  static String join(CharSequence,Iterable<CharSequence>) = $j.Str.join($1, $j.arr($2))
  const Comparator<String> CASE_INSENSITIVE_ORDER = $j.Str.compareFolded
  new(byte[],int,int) = $j.Bytes.text($j.Bytes.part($1, $2, $3), "UTF-8")
  new(byte[],int,int,Charset) = $j.Bytes.text($j.Bytes.part($1, $2, $3), $4)
  new(StringBuffer) = $str($n($1))
  boolean regionMatches(int,String,int,int) = $j.Str.region($0, false, $1, $n($2), $3, $4)
  boolean regionMatches(boolean,int,String,int,int) = $j.Str.region($0, $1, $2, $n($3), $4, $5)
  int codePointCount(int,int) = $j.Str.points($j.Str.between($0, $1, $2)).length
  IntStream codePoints() = $j.Stream.of($j.Str.points($0))
  static String valueOf(char[],int,int) = $j.Str.chars($1, $2, $3)

class java.lang.Number : Serializable
  is = $j.isNumber($0)
  int intValue() = $j.Num.int($0)
  long longValue() = $j.Num.long($0)
  double doubleValue() = $j.Num.double($0)
  float floatValue() = $fr($j.Num.double($0))
  short shortValue() = ($j.Num.int($0) << 16 >> 16)
  byte byteValue() = ($j.Num.int($0) << 24 >> 24)

class java.lang.Integer : Number, Comparable<Integer>
  is = typeof $0 === "number"
  const int MAX_VALUE = 2147483647
  const int MIN_VALUE = -2147483648
  const int SIZE = 32
  const int BYTES = 4
  int compareTo(Integer) = $j.compare($0, $n($1))
  static Integer valueOf(int) = $1
  static Integer valueOf(String) = $j.Num.parseInt($1, 10)
  static Integer valueOf(String,int) = $j.Num.parseInt($1, $2)
  static int parseInt(String) = $j.Num.parseInt($1, 10)
  static int parseInt(String,int) = $j.Num.parseInt($1, $2)
  static String toString(int) = ("" + $1)
  static String toString(int,int) = $j.Num.radix($1, $2)
  static String toHexString(int) = ($1 >>> 0).toString(16)
  static String toBinaryString(int) = ($1 >>> 0).toString(2)
  static String toOctalString(int) = ($1 >>> 0).toString(8)
  static int compare(int,int) = $j.compare($1, $2)
  static int signum(int) = Math.sign($1)
  static int max(int,int) = Math.max($1, $2)
  static int min(int,int) = Math.min($1, $2)
  static int sum(int,int) = ($1 + $2 | 0)
  static int hashCode(int) = $1
  static int bitCount(int) = $j.Num.bitCount($1)
  static int reverse(int) = $j.Num.reverse($1)
  static int highestOneBit(int) = $j.Num.highest($1)
  static int numberOfLeadingZeros(int) = Math.clz32($1)
  static int numberOfTrailingZeros(int) = $j.Num.trailing($1)
  static int rotateLeft(int,int) = $j.Num.rotate($1, $2)
  static int rotateRight(int,int) = $j.Num.rotate($1, -$2)
  static int parseUnsignedInt(String) = $j.Num.parseUnsigned($1, 10)
  static String toUnsignedString(int) = ("" + ($1 >>> 0))
  static long toUnsignedLong(int) = $big($1 >>> 0)
  static int lowestOneBit(int) = $j.Num.lowest($1)
  static int reverseBytes(int) = $j.Num.reverseBytes($1)
  static int compareUnsigned(int,int) = $j.compare($1 >>> 0, $2 >>> 0)
  static int divideUnsigned(int,int) = $j.Num.divideUnsigned($1, $2)
  static int remainderUnsigned(int,int) = $j.Num.remainderUnsigned($1, $2)
  static Integer decode(String) = $j.Num.decodeInt($1)
  static int parseUnsignedInt(String,int) = $j.Num.parseUnsigned($1, $2)

class java.lang.Long : Number, Comparable<Long>
  is = typeof $0 === "bigint"
  const long MAX_VALUE = 9223372036854775807n
  const long MIN_VALUE = -9223372036854775808n
  const int SIZE = 64
  const int BYTES = 8
  int compareTo(Long) = $j.compare($0, $n($1))
  static Long valueOf(long) = $1
  static Long valueOf(String) = $j.Num.parseLong($1, 10)
  static long parseLong(String) = $j.Num.parseLong($1, 10)
  static long parseLong(String,int) = $j.Num.parseLong($1, $2)
  static String toString(long) = ("" + $1)
  static String toString(long,int) = $j.Num.radix($1, $2)
  static String toHexString(long) = $big.asUintN(64, $1).toString(16)
  static String toBinaryString(long) = $big.asUintN(64, $1).toString(2)
  static String toOctalString(long) = $big.asUintN(64, $1).toString(8)
  static String toUnsignedString(long) = $big.asUintN(64, $1).toString()
  static int compare(long,long) = $j.compare($1, $2)
  static int signum(long) = $j.compare($1, 0n)
  static long max(long,long) = $j.Num.max($1, $2)
  static long min(long,long) = $j.Num.min($1, $2)
  static long sum(long,long) = $L($1 + $2)
  static int hashCode(long) = $j.hash($1)
  static Long valueOf(String,int) = $j.Num.parseLong($1, $2)
  static Long decode(String) = $j.Num.decodeLong($1)
  static long parseUnsignedLong(String) = $j.Num.parseUnsignedLong($1)
  static int bitCount(long) = $j.Lng.bitCount($1)
  static int numberOfLeadingZeros(long) = $j.Lng.leading($1)
  static int numberOfTrailingZeros(long) = $j.Lng.trailing($1)
  static long reverse(long) = $j.Lng.reverse($1)
  static long reverseBytes(long) = $j.Lng.reverseBytes($1)
  static long highestOneBit(long) = $j.Lng.highest($1)
  static long lowestOneBit(long) = $j.Lng.lowest($1)
  static long rotateLeft(long,int) = $j.Lng.rotate($1, $2)
  static long rotateRight(long,int) = $j.Lng.rotate($1, -$2)
  static int compareUnsigned(long,long) = $j.compare($big.asUintN(64, $1), $big.asUintN(64, $2))
  static long divideUnsigned(long,long) = $L($ldiv($big.asUintN(64, $1), $big.asUintN(64, $2)))
  static long remainderUnsigned(long,long) = $L($lrem($big.asUintN(64, $1), $big.asUintN(64, $2)))
  static String toUnsignedString(long,int) = $j.Num.radix($big.asUintN(64, $1), $2)

class java.lang.Short : Number, Comparable<Short>
  is = $j.isBox($0, "S")
  const short MAX_VALUE = 32767
  const short MIN_VALUE = -32768
  static Short valueOf(short) = $j.S($1)
  static short parseShort(String) = $j.Num.parseSmall($1, 32767, 10)
  static String toString(short) = ("" + $1)
  static int compare(short,short) = ($1 - $2)
  static int toUnsignedInt(short) = ($1 & 65535)
  static Short valueOf(String) = $j.S($j.Num.parseSmall($1, 32767, 10))
  static short parseShort(String,int) = $j.Num.parseSmall($1, 32767, $2)
  static int hashCode(short) = $1
  int compareTo(Short) = ($0.v - $n($1).v)

class java.lang.Byte : Number, Comparable<Byte>
  is = $j.isBox($0, "B")
  const byte MAX_VALUE = 127
  const byte MIN_VALUE = -128
  static Byte valueOf(byte) = $j.B($1)
  static byte parseByte(String) = $j.Num.parseSmall($1, 127, 10)
  static String toString(byte) = ("" + $1)
  static int compare(byte,byte) = ($1 - $2)
  static int toUnsignedInt(byte) = ($1 & 255)
  static Byte valueOf(String) = $j.B($j.Num.parseSmall($1, 127, 10))
  static byte parseByte(String,int) = $j.Num.parseSmall($1, 127, $2)
  static long toUnsignedLong(byte) = $big($1 & 255)
  static int hashCode(byte) = $1
  int compareTo(Byte) = ($0.v - $n($1).v)

class java.lang.Double : Number, Comparable<Double>
  is = $j.isBox($0, "D")
  const double MAX_VALUE = Number.MAX_VALUE
  const double MIN_VALUE = Number.MIN_VALUE
  const double NaN = NaN
  const double POSITIVE_INFINITY = Infinity
  const double NEGATIVE_INFINITY = (-Infinity)
  new(double) = $j.D($1)
  int compareTo(Double) = $j.Num.compareDoubles($0.v, $n($1).v)
  boolean isNaN() = Number.isNaN($0.v)
  boolean isInfinite() = (Math.abs($0.v) === Infinity)
  static Double valueOf(double) = $j.D($1)
  static Double valueOf(String) = $j.D($j.Num.parseDouble($1))
  static double parseDouble(String) = $j.Num.parseDouble($1)
  static String toString(double) = $j.dstr($1)
  static int compare(double,double) = $j.Num.compareDoubles($1, $2)
  static boolean isNaN(double) = Number.isNaN($1)
  static boolean isInfinite(double) = (Math.abs($1) === Infinity)
  static boolean isFinite(double) = Number.isFinite($1)
  static double max(double,double) = Math.max($1, $2)
  static double min(double,double) = Math.min($1, $2)
  static double sum(double,double) = ($1 + $2)
  static int hashCode(double) = $j.hash($j.D($1))
  static long doubleToLongBits(double) = $j.Num.bits($1)
  const double MIN_NORMAL = 2.2250738585072014e-308
  const int BYTES = 8
  static long doubleToRawLongBits(double) = $j.Num.bits($1)
  static double longBitsToDouble(long) = $j.Num.ofBits($1)

class java.lang.Float : Number, Comparable<Float>
  is = $j.isBox($0, "F")
  static Float valueOf(float) = $j.F($1)
  static Float valueOf(String) = $j.F($fr($j.Num.parseDouble($1)))
  static float parseFloat(String) = $fr($j.Num.parseDouble($1))
  static String toString(float) = $j.fstr($1)
  static int compare(float,float) = $j.Num.compareDoubles($1, $2)
  static boolean isNaN(float) = Number.isNaN($1)
  const float MAX_VALUE = 3.4028234663852886e38
  const float MIN_VALUE = 1.401298464324817e-45
  const float NaN = NaN
  const float POSITIVE_INFINITY = Infinity
  const float NEGATIVE_INFINITY = (-Infinity)
  int compareTo(Float) = $j.Num.compareDoubles($0.v, $n($1).v)
  boolean isNaN() = Number.isNaN($0.v)
  static boolean isInfinite(float) = (Math.abs($1) === Infinity)
  static boolean isFinite(float) = Number.isFinite($1)
  static float max(float,float) = Math.max($1, $2)
  static float min(float,float) = Math.min($1, $2)
  static float sum(float,float) = $fr($1 + $2)
  static int hashCode(float) = $j.hash($j.F($1))
  static int floatToIntBits(float) = $j.hash($j.F($1))

class java.lang.Boolean : Comparable<Boolean>, Serializable
  is = typeof $0 === "boolean"
  const Boolean TRUE = true
  const Boolean FALSE = false
  boolean booleanValue() = $0
  int compareTo(Boolean) = ($0 - $n($1))
  static Boolean valueOf(boolean) = $1
  static Boolean valueOf(String) = $j.Str.same("true", $1)
  static boolean parseBoolean(String) = $j.Str.same("true", $1)
  static String toString(boolean) = ("" + $1)
  static int compare(boolean,boolean) = ($1 - $2)
  static boolean logicalAnd(boolean,boolean) = ($1 && $2)
  static boolean logicalOr(boolean,boolean) = ($1 || $2)
  static boolean logicalXor(boolean,boolean) = ($1 !== $2)
  static int hashCode(boolean) = $j.hash($1)

class java.lang.Character : Comparable<Character>, Serializable
  is = $j.isBox($0, "C")
  const char MAX_VALUE = 65535
  const char MIN_VALUE = 0
  char charValue() = $0.v
  int compareTo(Character) = ($0.v - $n($1).v)
  static Character valueOf(char) = $j.C($1)
  static String toString(char) = $ch($1)
  static int compare(char,char) = ($1 - $2)
  static boolean isDigit(char) = $j.Char.isDigit($1)
  static boolean isLetter(char) = $j.Char.isLetter($1)
  static boolean isLetterOrDigit(char) = $j.Char.isEither($1)
  static boolean isAlphabetic(int) = $j.Char.isLetter($1)
  static boolean isUpperCase(char) = $j.Char.isUpper($1)
  static boolean isLowerCase(char) = $j.Char.isLower($1)
  static boolean isWhitespace(char) = $j.Char.isWhitespace($1)
  static boolean isSpaceChar(char) = $j.Char.isSpace($1)
  static boolean isDigit(int) = $j.Char.isDigit($1)
  static boolean isLetter(int) = $j.Char.isLetter($1)
  static boolean isLetterOrDigit(int) = $j.Char.isEither($1)
  static boolean isUpperCase(int) = $j.Char.isUpper($1)
  static boolean isLowerCase(int) = $j.Char.isLower($1)
  static boolean isWhitespace(int) = $j.Char.isWhitespace($1)
  static char toUpperCase(char) = $j.Char.upper($1)
  static char toLowerCase(char) = $j.Char.lower($1)
  static int toUpperCase(int) = $j.Char.upper($1)
  static int toLowerCase(int) = $j.Char.lower($1)
  static int getNumericValue(char) = $j.Char.numeric($1)
  static int getNumericValue(int) = $j.Char.numeric($1)
  static int digit(char,int) = $j.Char.digit($1, $2)
  static int digit(int,int) = $j.Char.digit($1, $2)
  static char forDigit(int,int) = $j.Char.forDigit($1, $2)
  static char[] toChars(int) = $j.Str.toChars($j.Char.text($1))
  static int hashCode(char) = $1
  const int MIN_RADIX = 2
  const int MAX_RADIX = 36
  static String toString(int) = $j.Char.text($1)
  static boolean isSpaceChar(int) = $j.Char.isSpace($1)
  static boolean isISOControl(char) = $j.Char.isControl($1)
  static boolean isISOControl(int) = $j.Char.isControl($1)
  static boolean isSurrogate(char) = $j.Char.within($1, 55296, 57343)
  static boolean isHighSurrogate(char) = $j.Char.within($1, 55296, 56319)
  static boolean isLowSurrogate(char) = $j.Char.within($1, 56320, 57343)
  static boolean isSurrogatePair(char,char) = ($j.Char.within($1, 55296, 56319) && $j.Char.within($2, 56320, 57343))
  static int toCodePoint(char,char) = (($1 - 55296) * 1024 + $2 - 56320 + 65536)
  static int charCount(int) = ($1 >= 65536 ? 2 : 1)
  static boolean isBmpCodePoint(int) = ($1 >>> 16 === 0)
  static boolean isSupplementaryCodePoint(int) = $j.Char.within($1, 65536, 1114111)
  static boolean isValidCodePoint(int) = $j.Char.within($1, 0, 1114111)

class java.lang.Void

class java.lang.Enum<E> : Comparable<E>, Serializable
  is = $0 instanceof $j.Enum
  String name() = $0.$n
  int ordinal() = $0.$k
  int compareTo(E) = ($0.$k - $n($1).$k)
  Class<E> getDeclaringClass() = $j.declaring($0)

class java.lang.Math
  const double PI = Math.PI
  const double E = Math.E
  static int abs(int) = (Math.abs($1) | 0)
  static long abs(long) = $j.Num.abs($1)
  static float abs(float) = Math.abs($1)
  static double abs(double) = Math.abs($1)
  static int max(int,int) = Math.max($1, $2)
  static long max(long,long) = $j.Num.max($1, $2)
  static float max(float,float) = Math.max($1, $2)
  static double max(double,double) = Math.max($1, $2)
  static int min(int,int) = Math.min($1, $2)
  static long min(long,long) = $j.Num.min($1, $2)
  static float min(float,float) = Math.min($1, $2)
  static double min(double,double) = Math.min($1, $2)
  static double floor(double) = Math.floor($1)
  static double ceil(double) = Math.ceil($1)
  static double rint(double) = $j.Num.rint($1)
  static int round(float) = $j.d2i(Math.floor($1 + 0.5))
  static long round(double) = $j.Num.round($1)
  static double sqrt(double) = Math.sqrt($1)
  static double cbrt(double) = Math.cbrt($1)
  static double pow(double,double) = Math.pow($1, $2)
  static double exp(double) = Math.exp($1)
  static double log(double) = Math.log($1)
  static double log10(double) = Math.log10($1)
  static double sin(double) = Math.sin($1)
  static double cos(double) = Math.cos($1)
  static double tan(double) = Math.tan($1)
  static double atan2(double,double) = Math.atan2($1, $2)
  static double hypot(double,double) = Math.hypot($1, $2)
  static double signum(double) = Math.sign($1)
  static double random() = Math.random()
  static int floorMod(int,int) = $j.Num.floorMod($1, $2)
  static int floorMod(long,int) = $num($j.Num.lfloorMod($1, $big($2)))
  static long floorMod(long,long) = $j.Num.lfloorMod($1, $2)
  static int floorDiv(int,int) = $j.Num.floorDiv($1, $2)
  static long floorDiv(long,long) = $j.Num.lfloorDiv($1, $2)
  static int addExact(int,int) = $j.Num.exact($1 + $2)
  static long addExact(long,long) = $j.Num.lexact($1 + $2)
  static int subtractExact(int,int) = $j.Num.exact($1 - $2)
  static long subtractExact(long,long) = $j.Num.lexact($1 - $2)
  static int multiplyExact(int,int) = $j.Num.exact($1 * $2)
  static long multiplyExact(long,long) = $j.Num.lexact($1 * $2)
  static int negateExact(int) = $j.Num.exact(-$1)
  static int incrementExact(int) = $j.Num.exact($1 + 1)
  static int toIntExact(long) = $j.Num.toInt($1)
  static float signum(float) = Math.sign($1)
  static double asin(double) = Math.asin($1)
  static double acos(double) = Math.acos($1)
  static double atan(double) = Math.atan($1)
  static double log1p(double) = Math.log1p($1)
  static double expm1(double) = Math.expm1($1)
  static double toRadians(double) = ($1 * 0.017453292519943295)
  static double toDegrees(double) = ($1 * 57.29577951308232)
  static long floorDiv(long,int) = $j.Num.lfloorDiv($1, $big($2))
  static long multiplyExact(long,int) = $j.Num.lexact($1 * $big($2))
  static long multiplyFull(int,int) = ($big($1) * $big($2))
  static int absExact(int) = $j.Num.absExact($1)
  static long negateExact(long) = $j.Num.lexact(-$1)
  static long incrementExact(long) = $j.Num.lexact($1 + 1n)
  static int decrementExact(int) = $j.Num.exact($1 - 1)
  static long decrementExact(long) = $j.Num.lexact($1 - 1n)

class java.lang.System
  static long currentTimeMillis() = $big(clock.millis())
  static long nanoTime() = ($big(clock.millis()) * 1000000n)
  static String lineSeparator() = "\n"
  static int identityHashCode(Object) = $j.identity($1)
  static void arraycopy(Object,int,Object,int,int) = $j.arraycopy($*)
