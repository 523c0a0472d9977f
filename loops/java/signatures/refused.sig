# What is refused by name, with what to do instead.

no java.lang.Thread = there are no threads; a step ends with the request that it wants made
no java.lang.Process = a procedure can start nothing
no java.lang.ProcessBuilder = a procedure can start nothing
no java.lang.Runtime = a procedure can start nothing and ask nothing of the machine
no java.lang.ClassLoader = no code can be loaded
no java.lang.ThreadLocal = there are no threads; use a variable
no java.lang.reflect.* = there is no reflection; call the method itself
no java.lang.invoke.* = there is no reflection; call the method itself
no java.lang.FunctionalInterface = leave it out
no java.io.* = a procedure reads and writes no files; HttpLoop.callBuilder asks a provider
no java.nio.file.* = a procedure reads and writes no files
no java.nio.* = use byte[] with String.getBytes
no java.net.* = a procedure makes no connections; return HttpLoop.callBuilder(method, url)
no java.net.http.* = a procedure makes no connections; return HttpLoop.callBuilder(method, url)
no org.apache.http.* = a procedure makes no connections; return HttpLoop.callBuilder(method, url)
no okhttp3.* = a procedure makes no connections; return HttpLoop.callBuilder(method, url)
no java.sql.* = there is no database; keep what the next step needs with build(JsObj)
no java.util.concurrent.* = there are no threads; use the classes of java.util
no java.util.concurrent.atomic.* = there are no threads; use a field or an array of one
no java.util.Timer = there are no threads; a step can't wait
no java.util.Scanner = there is no input; use String.split
no java.util.Properties = use HashMap<String,String>
no java.util.Hashtable = use HashMap
no java.util.Vector = use ArrayList
no java.util.Stack = use ArrayDeque with push and pop
no java.util.Calendar = use java.time.Instant
no java.util.StringTokenizer = use String.split
no java.util.logging.* = write org.slf4j.Logger; what is logged goes nowhere
no org.apache.logging.* = write org.slf4j.Logger; what is logged goes nowhere
no java.math.BigDecimal = use long with the smallest unit, or asString, which keeps every digit
no java.math.* = use long, double or BigInteger
no java.text.* = use String.format
no java.time.* = only Instant is here; reckon with its milliseconds
no java.security.* = MessageDigest and SecureRandom are here; Ringtail.rs256 signs
no javax.crypto.* = Mac with SecretKeySpec is here
no com.fasterxml.jackson.* = only ObjectMapper.writeValueAsString is here; result.body() and JsObj.parse read JSON
no com.google.gson.* = JsObj reads and writes JSON
no org.json.* = JsObj reads and writes JSON
no com.identityblitz.* = only HttpLoop, HttpLoopRequest, HttpLoopResult, JsObj and JsArr are here; a login procedure (Strategy) is no HttpLoop
no lombok.* = write the methods out
no org.springframework.* = a procedure has Java's own classes alone
no org.apache.commons.* = a procedure has Java's own classes alone; write the few lines out
no com.google.common.* = a procedure has Java's own classes alone; write the few lines out
no System.out = nothing is printed; what a trial shows are the requests
no System.exit = a procedure ends with HttpLoop.Ok or HttpLoop.error
no System.getenv = give the value as a secret: Ringtail.secret("NAME")
no System.getProperty = give the value as a secret: Ringtail.secret("NAME")
no Class.forName = there is no reflection
no Object.wait = there are no threads
no Object.notify = there are no threads
no Object.notifyAll = there are no threads
no Character.isEmoji = write the characters out
no Matcher.hitEnd = ask with start() and end() where the match stands
no Integer.new = use Integer.valueOf(..), since two that new makes are never ==
no Long.new = use Long.valueOf(..), since two that new makes are never ==
no Short.new = use Short.valueOf(..), since two that new makes are never ==
no Byte.new = use Byte.valueOf(..), since two that new makes are never ==
no Character.new = use Character.valueOf(..), since two that new makes are never ==
no Boolean.new = use Boolean.valueOf(..), since two that new makes are never ==
no Float.new = use Float.valueOf(..), since two that new makes are never ==
