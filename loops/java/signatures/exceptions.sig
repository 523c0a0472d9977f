# Exceptions. Each has the constructors (), (String), (String,Throwable), (Throwable).

exception java.lang.Throwable : Serializable
  String getMessage()
  String getLocalizedMessage() = $0.getMessage()
  Throwable getCause()
  Throwable initCause(Throwable)
  void printStackTrace() = void $0
  void addSuppressed(Throwable) = void [$0, $1]
  StackTraceElement[] getStackTrace() = (void $0, [])
  String toString() = $str($0)

class java.lang.StackTraceElement

exception java.lang.Exception : Throwable
exception java.lang.Error : Throwable
exception java.lang.AssertionError : Error
  new(Object) = $j.raise($j.ex.AssertionError, $str($1))
exception java.lang.RuntimeException : Exception
exception java.lang.ArithmeticException : RuntimeException
exception java.lang.ArrayStoreException : RuntimeException
exception java.lang.ClassCastException : RuntimeException
exception java.lang.CloneNotSupportedException : Exception
exception java.lang.IllegalArgumentException : RuntimeException
exception java.lang.IllegalStateException : RuntimeException
exception java.lang.IndexOutOfBoundsException : RuntimeException
exception java.lang.ArrayIndexOutOfBoundsException : IndexOutOfBoundsException
exception java.lang.StringIndexOutOfBoundsException : IndexOutOfBoundsException
exception java.lang.InterruptedException : Exception
exception java.lang.NegativeArraySizeException : RuntimeException
exception java.lang.NullPointerException : RuntimeException
exception java.lang.NumberFormatException : IllegalArgumentException
exception java.lang.SecurityException : RuntimeException
exception java.lang.UnsupportedOperationException : RuntimeException
exception java.lang.ReflectiveOperationException : Exception
exception java.lang.ClassNotFoundException : ReflectiveOperationException
exception java.util.ConcurrentModificationException : RuntimeException
exception java.util.NoSuchElementException : RuntimeException
exception java.util.InputMismatchException : NoSuchElementException
exception java.util.EmptyStackException : RuntimeException
exception java.util.IllegalFormatException : IllegalArgumentException
exception java.util.MissingFormatArgumentException : IllegalFormatException
exception java.util.UnknownFormatConversionException : IllegalFormatException
exception java.util.IllegalFormatConversionException : IllegalFormatException
exception java.util.regex.PatternSyntaxException : IllegalArgumentException
exception java.util.concurrent.TimeoutException : Exception
exception java.util.concurrent.ExecutionException : Exception
exception java.io.IOException : Exception
exception java.io.FileNotFoundException : IOException
exception java.io.EOFException : IOException
exception java.io.UncheckedIOException : RuntimeException
exception java.io.UnsupportedEncodingException : IOException
exception java.net.MalformedURLException : IOException
exception java.net.UnknownHostException : IOException
exception java.net.URISyntaxException : Exception
exception java.time.DateTimeException : RuntimeException
exception java.time.format.DateTimeParseException : DateTimeException
exception java.security.GeneralSecurityException : Exception
exception java.security.NoSuchAlgorithmException : GeneralSecurityException
exception java.security.KeyException : GeneralSecurityException
exception java.security.InvalidKeyException : KeyException
exception java.security.DigestException : GeneralSecurityException
exception java.security.SignatureException : GeneralSecurityException
exception com.fasterxml.jackson.core.JsonProcessingException : IOException
