package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;
import java.util.function.BiFunction;

/** A calculator: tokens, a parser by descent, a tree by interfaces and records, a machine with a stack. */
public class Machine implements HttpLoop {
    interface Expr {
        double value(Map<String, Double> names);
        default String shown() { return toString(); }
    }

    record Num(double v) implements Expr {
        public double value(Map<String, Double> names) { return v; }
        @Override public String toString() { return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v); }
    }

    record Name(String name) implements Expr {
        public double value(Map<String, Double> names) {
            Double d = names.get(name);
            if (d == null) throw new NoSuchElementException("no " + name);
            return d;
        }
    }

    record Bin(char op, Expr left, Expr right) implements Expr {
        private static final Map<Character, BiFunction<Double, Double, Double>> OPS = new HashMap<>();
        static {
            OPS.put('+', (a, b) -> a + b);
            OPS.put('-', (a, b) -> a - b);
            OPS.put('*', (a, b) -> a * b);
            OPS.put('/', (a, b) -> a / b);
            OPS.put('^', Math::pow);
        }
        public double value(Map<String, Double> names) { return OPS.get(op).apply(left.value(names), right.value(names)); }
        @Override public String shown() { return "(" + left.shown() + op + right.shown() + ")"; }
    }

    static class SyntaxException extends RuntimeException {
        final int at;
        SyntaxException(String message, int at) { super(message + " at " + at); this.at = at; }
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) { this.text = text; }

        private char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private boolean eat(char c) {
            if (peek() != c) return false;
            at++;
            return true;
        }

        Expr whole() {
            Expr e = sum();
            if (peek() != 0) throw new SyntaxException("unexpected '" + peek() + "'", at);
            return e;
        }

        private Expr sum() {
            Expr e = product();
            for (char c; (c = peek()) == '+' || c == '-'; ) {
                at++;
                e = new Bin(c, e, product());
            }
            return e;
        }

        private Expr product() {
            Expr e = power();
            while (true) {
                if (eat('*')) e = new Bin('*', e, power());
                else if (eat('/')) e = new Bin('/', e, power());
                else return e;
            }
        }

        private Expr power() {
            Expr e = atom();
            return eat('^') ? new Bin('^', e, power()) : e;
        }

        private Expr atom() {
            if (eat('(')) {
                Expr e = sum();
                if (!eat(')')) throw new SyntaxException("missing )", at);
                return e;
            }
            if (eat('-')) return new Bin('-', new Num(0), atom());
            int from = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) at++;
            if (from == at) throw new SyntaxException("nothing", at);
            String word = text.substring(from, at);
            return Character.isDigit(word.charAt(0)) ? new Num(Double.parseDouble(word)) : new Name(word);
        }
    }

    private static long run(String program) {
        Deque<Long> stack = new ArrayDeque<>();
        long acc = 0;
        String[] code = program.split(" ");
        loop:
        for (int pc = 0, steps = 0; pc < code.length && steps < 1000; pc++, steps++) {
            switch (code[pc]) {
                case "dup": stack.push(stack.peek()); break;
                case "add": stack.push(stack.pop() + stack.pop()); break;
                case "mul": stack.push(stack.pop() * stack.pop()); break;
                case "acc": acc += stack.peek(); break;
                case "jnz":
                    if (stack.peek() != 0) pc -= 5;
                    break;
                case "end": break loop;
                default: stack.push(Long.parseLong(code[pc]));
            }
        }
        return acc * 31 + stack.size();
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        Map<String, Double> names = Map.of("x", 3.0, "rate", 0.25);
        StringBuilder out = new StringBuilder();
        for (String text : new String[]{"1+2*3", "(1+2)*3", "2^3^2", "-x^2", "10/4-1", "x*(rate+1.5)/2", "1/0", "", "(1", "1 2", "y+1", "1..2", "0.1+0.2"}) {
            try {
                Expr e = new Parser(text).whole();
                out.append(e.shown()).append('=').append(e.value(names)).append(';');
            } catch (SyntaxException e) {
                out.append(e.getMessage()).append(e.at).append(';');
            } catch (NoSuchElementException | NumberFormatException e) {
                out.append(e.getClass().getSimpleName()).append(e.getMessage()).append(';');
            }
        }
        out.append(run("5 acc -1 add jnz end 7")).append(' ').append(run("2 dup mul dup mul acc end"));
        Expr e = new Parser("1+x").whole();
        return HttpLoop.Ok(JsObj.empty.addString("v", out.toString()).addString("tree", e.toString()).addBool("same", e.equals(new Bin('+', new Num(1), new Name("x")))).addInt("hash", new Name("x").hashCode()));
    }
}
