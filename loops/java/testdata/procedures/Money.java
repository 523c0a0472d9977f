package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.util.*;

/** Amounts in the smallest unit, IBANs, card numbers, rates: long and double with care. */
public class Money implements HttpLoop {
    enum Currency {
        RUB("643", 2), JPY("392", 0), KWD("414", 3), EUR("978", 2);

        final String code;
        final int digits;

        Currency(String code, int digits) {
            this.code = code;
            this.digits = digits;
        }

        long unit() {
            long u = 1;
            for (int i = 0; i < digits; i++) u *= 10;
            return u;
        }
    }

    static final class Amount implements Comparable<Amount> {
        private final long units;
        private final Currency currency;

        private Amount(long units, Currency currency) {
            this.units = units;
            this.currency = Objects.requireNonNull(currency, "currency");
        }

        static Amount parse(String text, Currency c) {
            String[] parts = text.replace(',', '.').split("\\.");
            if (parts.length > 2 || parts[0].isEmpty()) throw new NumberFormatException("amount: " + text);
            String fraction = parts.length == 1 ? "" : parts[1];
            if (fraction.length() > c.digits) throw new ArithmeticException("too fine: " + text);
            while (fraction.length() < c.digits) fraction += '0';
            long whole = Math.multiplyExact(Long.parseLong(parts[0]), c.unit());
            long rest = fraction.isEmpty() ? 0 : Long.parseLong(fraction);
            return new Amount(text.startsWith("-") ? whole - rest : whole + rest, c);
        }

        Amount plus(Amount o) {
            if (o.currency != currency) throw new IllegalArgumentException(currency + " and " + o.currency);
            return new Amount(Math.addExact(units, o.units), currency);
        }

        Amount percent(double p) { return new Amount(Math.round(units * p / 100), currency); }

        Amount[] split(int n) {
            Amount[] out = new Amount[n];
            long each = units / n, rest = units % n;
            for (int i = 0; i < n; i++) out[i] = new Amount(each + (i < Math.abs(rest) ? Long.signum(rest) : 0), currency);
            return out;
        }

        @Override public int compareTo(Amount o) { return Long.compare(units, o.units); }
        @Override public boolean equals(Object o) { return o instanceof Amount && ((Amount) o).units == units && ((Amount) o).currency == currency; }
        @Override public int hashCode() { return Objects.hash(units, currency.code); }

        @Override public String toString() {
            long u = currency.unit();
            String s = (units < 0 ? "-" : "") + Math.abs(units / u);
            if (currency.digits > 0) s += "." + String.format("%0" + currency.digits + "d", Math.abs(units % u));
            return s + " " + currency;
        }
    }

    static int mod97(String digits) {
        int r = 0;
        for (char c : digits.toCharArray()) r = Character.isDigit(c) ? (r * 10 + (c - '0')) % 97 : (r * 100 + (Character.toUpperCase(c) - 'A' + 10)) % 97;
        return r;
    }

    static boolean iban(String s) {
        String t = s.replaceAll("\\s", "");
        return t.length() > 4 && mod97(t.substring(4) + t.substring(0, 4)) == 1;
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<String> out = new ArrayList<>();
        for (String text : "10;-3.5;0,07;1.005;x;;92233720368547758.07;92233720368547758.08;1.2.3".split(";")) {
            for (Currency c : Currency.values()) {
                try {
                    Amount a = Amount.parse(text, c);
                    out.add(a + " " + a.percent(7.5) + " " + Arrays.toString(a.split(3)) + a.hashCode());
                } catch (NumberFormatException e) {
                    out.add("nfe " + e.getMessage());
                } catch (ArithmeticException | IllegalArgumentException e) {
                    out.add(e.getClass().getSimpleName() + e.getMessage());
                }
            }
        }
        Amount a = Amount.parse("0.10", Currency.EUR), b = Amount.parse("0.20", Currency.EUR);
        out.add(a.plus(b) + " " + a.plus(b).equals(Amount.parse("0.30", Currency.EUR)) + (0.1 + 0.2 == 0.3) + a.compareTo(b) + new TreeSet<>(List.of(b, a)));
        try {
            a.plus(Amount.parse("1", Currency.JPY));
        } catch (IllegalArgumentException e) {
            out.add(e.getMessage());
        }
        try {
            new Amount(1, null);
        } catch (NullPointerException e) {
            out.add(e.getMessage());
        }
        out.add(iban("DE89 3704 0044 0532 0130 00") + " " + iban("GB82WEST12345698765432") + iban("DE89370400440532013001"));
        double balance = 1000;
        for (int year = 1; year <= 10; year++) balance += balance * 0.045;
        out.add(balance + " " + (long) balance + " " + (float) balance + " " + Math.round(balance * 100) / 100.0 + String.format(" %.2f %,.3f", balance, balance * 1000));
        JsArr all = JsArr.empty;
        for (String s : out) all = all.addString(s);
        return HttpLoop.Ok(JsObj.empty.addArr("v", all).addDecimal("balance", balance));
    }
}
