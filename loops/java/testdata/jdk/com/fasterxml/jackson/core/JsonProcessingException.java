package com.fasterxml.jackson.core;

/** Thrown where a value can't be written. */
public class JsonProcessingException extends java.io.IOException {
    public JsonProcessingException(String message) { super(message); }
}
