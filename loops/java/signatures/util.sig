# Base64, digests, random numbers, time, regular expressions, loggers, Jackson.

class java.nio.charset.Charset
  is = $0 instanceof $j.Charset
  static Charset forName(String) = $j.Charset.named($n($1))
  static Charset defaultCharset() = $j.Charset.named("UTF-8")
  String name() = $0.name
  String displayName() = $0.name
  String toString() = $0.name
class java.nio.charset.StandardCharsets
  const Charset UTF_8 = $j.Charset.named("UTF-8")
  const Charset ISO_8859_1 = $j.Charset.named("ISO-8859-1")
  const Charset US_ASCII = $j.Charset.named("US-ASCII")
  const Charset UTF_16 = $j.Charset.named("UTF-16")
  const Charset UTF_16BE = $j.Charset.named("UTF-16BE")
  const Charset UTF_16LE = $j.Charset.named("UTF-16LE")
class java.util.Locale
  const Locale ROOT = null
  const Locale ENGLISH = null
  const Locale US = null

class java.util.Base64
  static Base64.Encoder getEncoder() = new $j.Encoder("")
  static Base64.Encoder getUrlEncoder() = new $j.Encoder("url")
  static Base64.Encoder getMimeEncoder() = new $j.Encoder("mime")
  static Base64.Decoder getDecoder() = new $j.Decoder("")
  static Base64.Decoder getUrlDecoder() = new $j.Decoder("url")
  static Base64.Decoder getMimeDecoder() = new $j.Decoder("mime")
class java.util.Base64.Encoder
  String encodeToString(byte[])
  byte[] encode(byte[]) = $j.Bytes.of($0.encodeToString($1), "ISO-8859-1")
  Base64.Encoder withoutPadding()
class java.util.Base64.Decoder
  byte[] decode(String)
  byte[] decode(byte[]) = $0.decode($j.Bytes.text($1, "ISO-8859-1"))

class java.security.MessageDigest
  static MessageDigest getInstance(String) = new $j.Digest($1)
  void update(byte[])
  void update(byte) = $0.update(Int8Array.of($1))
  byte[] digest()
  byte[] digest(byte[]) = $0.update($1).digest()
  void reset()
  String getAlgorithm() = $0.name
  int getDigestLength()
  static boolean isEqual(byte[],byte[]) = $j.Arrays.equal($1, $2)
  void update(byte[],int,int) = $0.update($j.Bytes.part($1, $2, $3))
interface java.security.Key
interface javax.crypto.SecretKey : Key
class javax.crypto.spec.SecretKeySpec : SecretKey
  new(byte[],String) = new $j.Secret($n($1), $2)
  byte[] getEncoded() = $0.b.slice()
  String getAlgorithm() = $0.name
class javax.crypto.Mac
  static Mac getInstance(String) = new $j.Mac($1)
  void init(Key)
  void update(byte[])
  byte[] doFinal()
  byte[] doFinal(byte[]) = $0.update($1).doFinal()
  void reset()
  String getAlgorithm() = $0.name
  int getMacLength() = $0.length()
  void update(byte) = $0.update(Int8Array.of($1))
  void update(byte[],int,int) = $0.update($j.Bytes.part($1, $2, $3))

class java.util.UUID : Comparable<UUID>
  is = $0 instanceof $j.UUID
  static UUID randomUUID() = new $j.UUID(crypto.uuid())
  static UUID fromString(String) = $j.UUID.parse($1)
  static UUID nameUUIDFromBytes(byte[]) = $j.UUID.named($1)
  String toString() = $0.s
  new(long,long) = $j.UUID.of($1, $2)
  long getMostSignificantBits() = $0.half(0)
  long getLeastSignificantBits() = $0.half(1)
  int version() = $0.version()
class java.util.Random
  new() = new $j.Random()
  int nextInt()
  int nextInt(int) = $0.below($1)
  int nextInt(int,int) = $0.between($1, $2)
  long nextLong()
  boolean nextBoolean()
  double nextDouble() = (void $0, Math.random())
  void nextBytes(byte[])
class java.security.SecureRandom : Random
  new() = new $j.Random()
class java.util.concurrent.ThreadLocalRandom : Random
  static ThreadLocalRandom current() = new $j.Random()

class java.net.URLEncoder
  static String encode(String,String) = $j.Url.encode($n($1), $2)
  static String encode(String,Charset) = $j.Url.encode($n($1), $2)
class java.net.URLDecoder
  static String decode(String,String) = $j.Url.decode($n($1), $2)
  static String decode(String,Charset) = $j.Url.decode($n($1), $2)

class java.time.Instant : Comparable<Instant>
  is = $0 instanceof $j.Instant
  static Instant now() = new $j.Instant($big(clock.millis()))
  static Instant ofEpochMilli(long) = new $j.Instant($1)
  static Instant ofEpochSecond(long) = new $j.Instant($1 * 1000n)
  static Instant parse(CharSequence) = $j.Instant.parse($str($1))
  long getEpochSecond()
  long toEpochMilli() = $0.ms
  int getNano()
  Instant plusSeconds(long) = new $j.Instant($0.ms + $1 * 1000n)
  Instant plusMillis(long) = new $j.Instant($0.ms + $1)
  Instant minusSeconds(long) = new $j.Instant($0.ms - $1 * 1000n)
  Instant minusMillis(long) = new $j.Instant($0.ms - $1)
  boolean isAfter(Instant) = ($0.ms > $n($1).ms)
  boolean isBefore(Instant) = ($0.ms < $n($1).ms)
  const Instant EPOCH = new $j.Instant(0n)
  static Instant ofEpochSecond(long,long) = new $j.Instant($1 * 1000n + $2 / 1000000n)
class java.util.Date : Comparable<Date>
  is = $0 instanceof $j.Instant
  new() = new $j.Instant($big(clock.millis()))
  new(long) = new $j.Instant($1)
  long getTime() = $0.ms
  Instant toInstant() = $0
  boolean after(Date) = ($0.ms > $n($1).ms)
  boolean before(Date) = ($0.ms < $n($1).ms)

class java.util.regex.Pattern
  const int CASE_INSENSITIVE = 2
  const int MULTILINE = 8
  const int DOTALL = 32
  static Pattern compile(String) = $j.Regex.compile($1, 0)
  static Pattern compile(String,int) = $j.Regex.compile($1, $2)
  static boolean matches(String,CharSequence) = $j.Regex.matches($1, $str($n($2)))
  static String quote(String) = $j.Regex.quote($1)
  Matcher matcher(CharSequence) = $0.matcher($str($n($1)))
  String pattern() = $0.source
  String[] split(CharSequence) = $0.split($str($n($1)), 0)
  Predicate<String> asPredicate()
  String toString() = $0.source
  String[] split(CharSequence,int) = $0.split($str($n($1)), $2)
  int flags() = $0.flags
  Predicate<String> asMatchPredicate()
  Stream<String> splitAsStream(CharSequence) = $j.Stream.of($0.split($str($n($1)), 0))
interface java.util.regex.MatchResult
  String group() = $0.group(0)
  String group(int)
  int groupCount()
  int start() = $0.start(0)
  int start(int)
  int end() = $0.end(0)
  int end(int)
class java.util.regex.Matcher : MatchResult
  boolean matches()
  boolean find()
  boolean find(int) = $0.findFrom($1)
  boolean lookingAt()
  String group() = $0.group(0)
  String group(int)
  String group(String) = $0.named($1)
  int groupCount()
  int start()
  int start(int)
  int end()
  int end(int)
  String replaceAll(String) = $0.replace($1, true)
  String replaceFirst(String) = $0.replace($1, false)
  Matcher reset() = $0.reset()
  int start(String) = $0.startNamed($1)
  int end(String) = $0.endNamed($1)
  String replaceAll(Function<MatchResult,String>) = $0.replaceBy($1, true)
  String replaceFirst(Function<MatchResult,String>) = $0.replaceBy($1, false)
  Matcher reset(CharSequence) = $0.resetTo($str($n($1)))
  Matcher appendReplacement(StringBuilder,String) = $0.appendTo($n($1), $n($2))
  StringBuilder appendTail(StringBuilder) = $0.appendRest($n($1))
  Matcher appendReplacement(StringBuffer,String) = $0.appendTo($n($1), $n($2))
  StringBuffer appendTail(StringBuffer) = $0.appendRest($n($1))
  static String quoteReplacement(String) = $n($1).replace(/[\\$]/g, "\\$&")
  Stream<MatchResult> results() = $j.Stream.of($0.all())
  MatchResult toMatchResult() = $0.copy()

interface org.slf4j.Logger
  void trace(String,Object...) = void [$0, $1, $2]
  void debug(String,Object...) = void [$0, $1, $2]
  void info(String,Object...) = void [$0, $1, $2]
  void warn(String,Object...) = void [$0, $1, $2]
  void error(String,Object...) = void [$0, $1, $2]
  boolean isTraceEnabled() = (void $0, false)
  boolean isDebugEnabled() = (void $0, false)
  boolean isInfoEnabled() = (void $0, false)
  boolean isWarnEnabled() = (void $0, false)
  boolean isErrorEnabled() = (void $0, false)
class org.slf4j.LoggerFactory
  static Logger getLogger(String) = (void $1, $j.logger)
  static Logger getLogger(Class<Object>) = (void $1, $j.logger)

class com.fasterxml.jackson.databind.ObjectMapper
  new() = $j.Json
  String writeValueAsString(Object) = $0.text($1)
  byte[] writeValueAsBytes(Object) = $j.Bytes.of($0.text($1), "UTF-8")
