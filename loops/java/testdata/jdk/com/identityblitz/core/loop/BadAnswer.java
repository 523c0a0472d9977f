package com.identityblitz.core.loop;

/** An answer that isn't what the procedure expected. */
public class BadAnswer extends RuntimeException {
    public BadAnswer(String what) { super(what); }
}
