# Collections, arrays, Optional.

interface java.util.Iterator<E>
  is = $j.isIterator($0)
  boolean hasNext()
  E next()
  void remove()

interface java.util.ListIterator<E> : Iterator<E>

interface java.util.Collection<E> : Iterable<E>
  is = $0 instanceof $j.Coll
  int size()
  boolean isEmpty() = ($0.size() === 0)
  boolean contains(Object)
  boolean containsAll(Collection<Object>)
  boolean add(E)
  boolean addAll(Collection<E>)
  boolean remove(Object)
  boolean removeAll(Collection<Object>)
  boolean retainAll(Collection<Object>)
  boolean removeIf(Predicate<E>)
  void clear()
  Stream<E> stream() = $j.Stream.over($0)
  Stream<E> parallelStream() = $j.Stream.over($0)
  Object[] toArray() = $0.arr().slice()
  <T> T[] toArray(T[]) = $j.toArray($0, $1)
  <T> T[] toArray(IntFunction<T[]>) = (void $1, $0.arr().slice())

interface java.util.SequencedCollection<E> : Collection<E>

interface java.util.List<E> : Collection<E>
  is = $0 instanceof $j.List
  E get(int)
  E set(int,E)
  void add(int,E) = $0.insert($1, $2)
  boolean addAll(int,Collection<E>) = $0.insertAll($1, $2)
  E remove(int) = $0.removeAt($1)
  int indexOf(Object)
  int lastIndexOf(Object)
  List<E> subList(int,int)
  void sort(Comparator<E>)
  void replaceAll(UnaryOperator<E>)
  static <T> List<T> of(T...) = $j.List.of($1)
  static <T> List<T> copyOf(Collection<T>) = $j.List.of($n($1).arr().slice())

class java.util.ArrayList<E> : List<E>, RandomAccess, Serializable
  is = $0 instanceof $j.ArrayList
  new() = new $j.ArrayList([])
  new(int) = $j.sized($1)
  new(Collection<E>) = new $j.ArrayList($n($1).arr().slice())
  void ensureCapacity(int) = void [$0, $1]
  void trimToSize() = void $0
interface java.util.RandomAccess

interface java.util.Queue<E> : Collection<E>
  boolean offer(E) = $0.add($1)
  E poll()
  E peek()
  E element() = $0.getFirst()
  E remove() = $0.removeFirst()
interface java.util.Deque<E> : Queue<E>
  void addFirst(E)
  void addLast(E) = void $0.add($1)
  boolean offerFirst(E) = ($0.addFirst($1), true)
  boolean offerLast(E) = $0.add($1)
  E getFirst()
  E getLast()
  E removeFirst()
  E removeLast()
  E pollFirst() = $0.poll()
  E pollLast()
  E peekFirst() = $0.peek()
  E peekLast()
  void push(E) = $0.addFirst($1)
  E pop() = $0.removeFirst()
class java.util.LinkedList<E> : List<E>, Deque<E>
  is = $0 instanceof $j.LinkedList
  new() = new $j.LinkedList([])
  new(Collection<E>) = new $j.LinkedList($n($1).arr().slice())
class java.util.ArrayDeque<E> : Deque<E>
  is = $0 instanceof $j.ArrayDeque
  new() = new $j.ArrayDeque([])
  new(int) = (void $1, new $j.ArrayDeque([]))
  new(Collection<E>) = new $j.ArrayDeque($n($1).arr().slice())

interface java.util.Set<E> : Collection<E>
  is = $0 instanceof $j.SetBase
  static <T> Set<T> of(T...) = $j.Set.of($1, true)
  static <T> Set<T> copyOf(Collection<T>) = $j.Set.of($n($1).arr(), false)
class java.util.HashSet<E> : Set<E>
  is = $0 instanceof $j.Set
  new() = $j.Set.hash(null)
  new(int) = $j.Set.hash(null, $1)
  new(Collection<E>) = $j.Set.hash($n($1))
class java.util.LinkedHashSet<E> : Set<E>
  new() = $j.Set.linked(null)
  new(int) = (void $1, $j.Set.linked(null))
  new(Collection<E>) = $j.Set.linked($n($1))
interface java.util.SortedSet<E> : Set<E>
  E first()
  E last()
class java.util.TreeSet<E> : SortedSet<E>
  new() = $j.Set.tree(null, null)
  new(Comparator<E>) = $j.Set.tree(null, $1)
  new(Collection<E>) = $j.Set.tree($n($1), null)
  E floor(E)
  E ceiling(E)
  E higher(E)
  E lower(E)
  E pollFirst()
  E pollLast()

interface java.util.Map<K,V>
  is = $0 instanceof $j.Map
  int size()
  boolean isEmpty() = ($0.size() === 0)
  V get(Object)
  V getOrDefault(Object,V)
  V put(K,V)
  V putIfAbsent(K,V)
  void putAll(Map<K,V>)
  V remove(Object)
  boolean remove(Object,Object) = $0.removePair($1, $2)
  V replace(K,V)
  void clear()
  boolean containsKey(Object)
  boolean containsValue(Object)
  Set<K> keySet()
  Collection<V> values()
  Set<Map.Entry<K,V>> entrySet()
  void forEach(BiConsumer<K,V>)
  void replaceAll(BiFunction<K,V,V>)
  V computeIfAbsent(K,Function<K,V>)
  V computeIfPresent(K,BiFunction<K,V,V>)
  V compute(K,BiFunction<K,V,V>)
  V merge(K,V,BiFunction<V,V,V>)
  static <A,B> Map<A,B> of() = $j.Map.of()
  static <A,B> Map<A,B> of(A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B,A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B,A,B,A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B,A,B,A,B,A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B,A,B,A,B,A,B,A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> of(A,B,A,B,A,B,A,B,A,B,A,B,A,B,A,B,A,B,A,B) = $j.Map.of($*)
  static <A,B> Map<A,B> ofEntries(Map.Entry<A,B>...) = $j.Map.ofEntries($1)
  static <A,B> Map<A,B> copyOf(Map<A,B>) = $j.Map.copyOf($n($1))
  static <A,B> Map.Entry<A,B> entry(A,B) = new $j.Entry($n($1), $n($2), true)
interface java.util.Map.Entry<K,V>
  is = $0 instanceof $j.Entry
  K getKey() = $0.k
  V getValue() = $0.v
  V setValue(V)
  static <A,B> Comparator<Map.Entry<A,B>> comparingByKey() = $j.Fn.by((e) => e.k, $j.cmp)
  static <A,B> Comparator<Map.Entry<A,B>> comparingByKey(Comparator<A>) = $j.Fn.by((e) => e.k, $1)
  static <A,B> Comparator<Map.Entry<A,B>> comparingByValue() = $j.Fn.by((e) => e.v, $j.cmp)
  static <A,B> Comparator<Map.Entry<A,B>> comparingByValue(Comparator<B>) = $j.Fn.by((e) => e.v, $1)
interface java.util.AbstractMap
class java.util.AbstractMap.SimpleEntry<K,V> : Map.Entry<K,V>
  new(K,V) = new $j.Entry($1, $2)
class java.util.AbstractMap.SimpleImmutableEntry<K,V> : Map.Entry<K,V>
  new(K,V) = new $j.Entry($1, $2, true)
class java.util.HashMap<K,V> : Map<K,V>
  is = $0 instanceof $j.HashMap
  new() = new $j.HashMap(0)
  new(int) = new $j.HashMap($1)
  new(int,float) = new $j.HashMap($1, $2)
  new(Map<K,V>) = $j.HashMap.from($n($1))
class java.util.LinkedHashMap<K,V> : HashMap<K,V>
  is = $0 instanceof $j.LinkedHashMap
  new() = new $j.LinkedHashMap(0)
  new(int) = new $j.LinkedHashMap($1)
  new(int,float) = new $j.LinkedHashMap($1, $2)
  new(Map<K,V>) = new $j.LinkedHashMap(0).with($n($1))
class java.util.concurrent.ConcurrentHashMap<K,V> : Map<K,V>
  is = $0 instanceof $j.ConcurrentHashMap
  new() = new $j.ConcurrentHashMap(0)
interface java.util.SortedMap<K,V> : Map<K,V>
  K firstKey()
  K lastKey()
interface java.util.NavigableMap<K,V> : SortedMap<K,V>
  Map.Entry<K,V> firstEntry()
  Map.Entry<K,V> lastEntry()
  K floorKey(K)
  K ceilingKey(K)
  K lowerKey(K)
  K higherKey(K)
  NavigableMap<K,V> descendingMap()
  Map.Entry<K,V> pollFirstEntry()
class java.util.TreeMap<K,V> : NavigableMap<K,V>
  is = $0 instanceof $j.TreeMap
  new() = new $j.TreeMap(null)
  new(Comparator<K>) = new $j.TreeMap($1)
  new(Map<K,V>) = new $j.TreeMap(null).with($n($1))

class java.util.Collections
  static <K,V> Map<K,V> singletonMap(K,V) = $j.Map.fixed([$1, $2])
  static <K,V> Map<K,V> emptyMap() = $j.Map.fixed([])
  static <T> List<T> emptyList() = $j.List.fixed([])
  static <T> Set<T> emptySet() = $j.Set.fixed([])
  static <T> List<T> singletonList(T) = $j.List.fixed([$1])
  static <T> Set<T> singleton(T) = $j.Set.fixed([$1])
  static <K,V> Map<K,V> unmodifiableMap(Map<K,V>) = $j.Map.view($n($1))
  static <T> List<T> unmodifiableList(List<T>) = $j.List.view($n($1))
  static <T> Set<T> unmodifiableSet(Set<T>) = $j.Set.view($n($1))
  static <T> Collection<T> unmodifiableCollection(Collection<T>) = $j.Set.view($n($1))
  static <T> List<T> synchronizedList(List<T>) = $n($1)
  static <K,V> Map<K,V> synchronizedMap(Map<K,V>) = $n($1)
  static <T> void sort(List<T>) = $n($1).sort(null)
  static <T> void sort(List<T>,Comparator<T>) = $n($1).sort($2)
  static void reverse(List<Object>) = $j.Lists.reverse($1)
  static void shuffle(List<Object>) = $j.Lists.shuffle($1)
  static void swap(List<Object>,int,int) = $j.Lists.swap($1, $2, $3)
  static <T> boolean addAll(Collection<T>,T...) = $j.Lists.addAll($1, $2)
  static <T> T max(Collection<T>) = $j.Lists.best($1, $j.cmp, 1)
  static <T> T min(Collection<T>) = $j.Lists.best($1, $j.cmp, -1)
  static <T> T max(Collection<T>,Comparator<T>) = $j.Lists.best($1, $2, 1)
  static <T> T min(Collection<T>,Comparator<T>) = $j.Lists.best($1, $2, -1)
  static int frequency(Collection<Object>,Object) = $j.Lists.frequency($1, $2)
  static <T> List<T> nCopies(int,T) = $j.Lists.copies($1, $2)
  static <T> Comparator<T> reverseOrder() = $j.Fn.reversed($j.cmp)
  static <T> Comparator<T> reverseOrder(Comparator<T>) = $j.Fn.reversed($1)

class java.util.Arrays
  static <T> List<T> asList(T...) = $j.List.backed($1)
  static <T> Stream<T> stream(T[]) = $j.Stream.of($n($1))
  static IntStream stream(int[]) = $j.Stream.of($n($1))
  static LongStream stream(long[]) = $j.Stream.of($n($1))
  static DoubleStream stream(double[]) = $j.Stream.of($n($1))
  static String toString(Object[]) = $j.Arrays.str($1, $str)
  static String toString(int[]) = $j.Arrays.str($1, $str)
  static String toString(long[]) = $j.Arrays.str($1, $str)
  static String toString(short[]) = $j.Arrays.str($1, $str)
  static String toString(byte[]) = $j.Arrays.str($1, $str)
  static String toString(boolean[]) = $j.Arrays.str($1, $str)
  static String toString(char[]) = $j.Arrays.str($1, $ch)
  static String toString(double[]) = $j.Arrays.str($1, $j.dstr)
  static String toString(float[]) = $j.Arrays.str($1, $j.fstr)
  static String deepToString(Object[]) = $j.Arrays.deep($1)
  static boolean equals(Object[],Object[]) = $j.Arrays.equal($1, $2)
  static boolean equals(int[],int[]) = $j.Arrays.equal($1, $2)
  static boolean equals(long[],long[]) = $j.Arrays.equal($1, $2)
  static boolean equals(byte[],byte[]) = $j.Arrays.equal($1, $2)
  static boolean equals(char[],char[]) = $j.Arrays.equal($1, $2)
  static int hashCode(Object[]) = $j.Arrays.hash($1)
  static int hashCode(int[]) = $j.Arrays.hash($1)
  static int hashCode(byte[]) = $j.Arrays.hash($1)
  static <T> void sort(T[]) = $j.Arrays.sort($1, $j.cmp)
  static <T> void sort(T[],Comparator<T>) = $j.Arrays.sort($1, $2)
  static void sort(int[]) = void $n($1).sort()
  static void sort(long[]) = void $n($1).sort()
  static void sort(byte[]) = void $n($1).sort()
  static void sort(char[]) = void $n($1).sort()
  static void sort(double[]) = void $n($1).sort()
  static void fill(Object[],Object) = void $n($1).fill($2)
  static void fill(int[],int) = void $n($1).fill($2)
  static void fill(long[],long) = void $n($1).fill($2)
  static void fill(byte[],byte) = void $n($1).fill($2)
  static void fill(char[],char) = void $n($1).fill($2)
  static void fill(boolean[],boolean) = void $n($1).fill($2)
  static void fill(double[],double) = void $n($1).fill($2)
  static <T> T[] copyOf(T[],int) = $j.Arrays.copy($1, 0, $2, null)
  static int[] copyOf(int[],int) = $j.Arrays.copy($1, 0, $2, 0)
  static long[] copyOf(long[],int) = $j.Arrays.copy($1, 0, $2, 0n)
  static byte[] copyOf(byte[],int) = $j.Arrays.copy($1, 0, $2, 0)
  static char[] copyOf(char[],int) = $j.Arrays.copy($1, 0, $2, 0)
  static boolean[] copyOf(boolean[],int) = $j.Arrays.copy($1, 0, $2, false)
  static double[] copyOf(double[],int) = $j.Arrays.copy($1, 0, $2, 0)
  static <T> T[] copyOfRange(T[],int,int) = $j.Arrays.range($1, $2, $3, null)
  static int[] copyOfRange(int[],int,int) = $j.Arrays.range($1, $2, $3, 0)
  static long[] copyOfRange(long[],int,int) = $j.Arrays.range($1, $2, $3, 0n)
  static byte[] copyOfRange(byte[],int,int) = $j.Arrays.range($1, $2, $3, 0)
  static char[] copyOfRange(char[],int,int) = $j.Arrays.range($1, $2, $3, 0)

class java.util.Optional<T>
  is = $0 instanceof $j.Optional
  static <X> Optional<X> of(X) = new $j.Optional($n($1))
  static <X> Optional<X> ofNullable(X) = new $j.Optional($1)
  static <X> Optional<X> empty() = new $j.Optional(null)
  boolean isPresent() = ($0.v !== null)
  boolean isEmpty() = ($0.v === null)
  T get()
  T orElse(T)
  T orElseGet(Supplier<T>)
  T orElseThrow() = $0.get()
  T orElseThrow(Supplier<Throwable>)
  void ifPresent(Consumer<T>)
  void ifPresentOrElse(Consumer<T>,Runnable)
  <R> Optional<R> map(Function<T,R>)
  <R> Optional<R> flatMap(Function<T,Optional<R>>)
  Optional<T> filter(Predicate<T>)
  Optional<T> or(Supplier<Optional<T>>)
  Stream<T> stream() = $j.Stream.of($j.some($0.v))
class java.util.OptionalInt
  boolean isPresent() = ($0.v !== null)
  boolean isEmpty() = ($0.v === null)
  int getAsInt() = $0.get()
  int orElse(int)
class java.util.OptionalLong
  boolean isPresent() = ($0.v !== null)
  long getAsLong() = $0.get()
  long orElse(long)
class java.util.OptionalDouble
  is = $0 instanceof $j.Optional
  boolean isPresent() = ($0.v !== null)
  double getAsDouble() = $0.get()
  double orElse(double)

class java.util.Objects
  static boolean equals(Object,Object) = $j.equal($1, $2)
  static int hash(Object...) = $j.Arrays.hash($1)
  static int hashCode(Object) = $j.Objects.hash($1)
  static String toString(Object) = $str($1)
  static String toString(Object,String) = $j.Objects.str($1, $2)
  static boolean isNull(Object) = ($1 === null)
  static boolean nonNull(Object) = ($1 !== null)
  static <T> T requireNonNull(T) = $n($1)
  static <T> T requireNonNull(T,String) = $j.Objects.need($1, $2)
  static <T> T requireNonNull(T,Supplier<String>) = $j.Objects.needBy($1, $2)
  static <T> T requireNonNullElse(T,T) = $j.Objects.orElse($1, $2)

class java.util.EnumMap<K,V> : Map<K,V>
  new(Class<K>) = (void $n($1), new $j.TreeMap(null))
  new(Map<K,V>) = new $j.TreeMap(null).with($n($1))
class java.util.EnumSet<E> : Set<E>
  static <X> EnumSet<X> of(X,X...) = $j.EnumSet.of([$n($1), ...$2])
  static <X> EnumSet<X> noneOf(Class<X>) = $j.EnumSet.none($n($1))
  static <X> EnumSet<X> allOf(Class<X>) = $j.EnumSet.all($n($1))
  static <X> EnumSet<X> range(X,X) = $j.EnumSet.range($n($1), $2)
  static <X> EnumSet<X> copyOf(Collection<X>) = $j.EnumSet.copy($n($1))
  static <X> EnumSet<X> complementOf(EnumSet<X>) = $j.EnumSet.complement($n($1))
