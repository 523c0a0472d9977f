package org.slf4j;

/** A logger whose words go nowhere. */
public class Logger {
    public void trace(String s, Object... args) { }
    public void debug(String s, Object... args) { }
    public void info(String s, Object... args) { }
    public void warn(String s, Object... args) { }
    public void error(String s, Object... args) { }
    public boolean isDebugEnabled() { return false; }
}
