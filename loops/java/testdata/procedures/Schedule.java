package flashcall;

import com.identityblitz.core.loop.*;
import com.identityblitz.core.loop.http.*;
import java.time.Instant;
import java.util.*;

/** Dates reckoned by hand from the seconds since 1970: working hours, weekdays, ISO text, quiet times. */
public class Schedule implements HttpLoop {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final int[] LENGTHS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    static final class Day {
        final int year, month, day;

        Day(long epoch) {
            long z = epoch + 719468;
            long era = Math.floorDiv(z, 146097L);
            int doe = (int) (z - era * 146097);
            int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
            int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
            int mp = (5 * doy + 2) / 153;
            day = doy - (153 * mp + 2) / 5 + 1;
            month = mp < 10 ? mp + 3 : mp - 9;
            year = (int) (yoe + era * 400) + (month <= 2 ? 1 : 0);
        }

        static boolean leap(int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); }

        static long epoch(int y, int m, int d) {
            long days = 0;
            for (int i = 1970; i < y; i++) days += leap(i) ? 366 : 365;
            for (int i = 1969; i >= y; --i) days -= leap(i) ? 366 : 365;
            for (int i = 1; i < m; i++) days += LENGTHS[i - 1] + (i == 2 && leap(y) ? 1 : 0);
            return days + d - 1;
        }

        @Override public String toString() { return String.format("%04d-%02d-%02d", year, month, day); }
    }

    private static String weekday(long epochDay) { return DAYS[(int) Math.floorMod(epochDay + 3, 7L)]; }

    private static String iso(long millis, int zone) {
        long local = Math.floorDiv(millis, 1000L) + zone * 60L;
        long day = Math.floorDiv(local, 86400L);
        int second = (int) Math.floorMod(local, 86400L);
        return new Day(day) + "T" + String.format("%02d:%02d:%02d.%03d%+03d:%02d", second / 3600, second / 60 % 60, second % 60, Math.floorMod(millis, 1000L), zone / 60, Math.abs(zone % 60)) + weekday(day);
    }

    private static long next(long millis, int from, int to, int zone) {
        for (int tries = 0; tries < 14 * 24; tries++, millis += 3_600_000L) {
            long local = Math.floorDiv(millis, 1000L) + zone * 60L;
            int hour = (int) (Math.floorMod(local, 86400L) / 3600);
            String day = weekday(Math.floorDiv(local, 86400L));
            if (!day.startsWith("S") && hour >= from && hour < to) return millis - millis % 3_600_000L;
        }
        return -1;
    }

    public HttpLoopRequest run(final JsObj obj, final HttpLoopResult result) {
        List<String> out = new ArrayList<>();
        for (long ms : new long[]{0, -1, 951782400000L, 951868799999L, 1772366400123L, 4102444800000L, -62135596800000L, 253402300799999L}) {
            for (int zone : new int[]{0, 180, -210, 345}) out.add(iso(ms, zone));
            out.add(Instant.ofEpochMilli(ms).toString());
        }
        for (int[] d : new int[][]{{1970, 1, 1}, {2000, 2, 29}, {2026, 3, 1}, {1900, 3, 1}, {1969, 12, 31}}) out.add(Day.epoch(d[0], d[1], d[2]) + "=" + new Day(Day.epoch(d[0], d[1], d[2])));
        out.add(iso(next(1772366400123L, 9, 18, 180), 180) + iso(next(1772441999000L, 9, 18, 180), 180) + next(0, 5, 5, 0));
        Date date = new Date(System.currentTimeMillis());
        out.add(date.getTime() + " " + date.toInstant() + date.before(new Date(0)) + Instant.now().getEpochSecond() + Instant.parse("2026-03-01T12:00:00.5Z").toEpochMilli() + Instant.EPOCH);
        return HttpLoop.Ok(JsObj.empty.addString("v", String.join(" ", out)));
    }
}
