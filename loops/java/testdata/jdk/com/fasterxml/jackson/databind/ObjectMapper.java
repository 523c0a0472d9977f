package com.fasterxml.jackson.databind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.identityblitz.core.loop.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes texts, numbers, booleans, maps, collections and arrays of objects. */
public class ObjectMapper {
    public String writeValueAsString(Object v) throws JsonProcessingException { return Json.write(plain(v)); }

    public byte[] writeValueAsBytes(Object v) throws JsonProcessingException { return writeValueAsString(v).getBytes(StandardCharsets.UTF_8); }

    private static Object plain(Object v) throws JsonProcessingException {
        if (v == null || v instanceof String || v instanceof Number || v instanceof Boolean) return v;
        if (v instanceof Character || v instanceof Enum || v instanceof java.util.UUID) return v.toString();
        if (v instanceof Object[] a) return plain(Arrays.asList(a));
        if (v instanceof Map<?, ?> m) {
            Map<String, Object> out = new LinkedHashMap<>();
            for (Map.Entry<?, ?> e : m.entrySet()) out.put(e.getKey().toString(), plain(e.getValue()));
            return out;
        }
        if (v instanceof Collection<?> c) {
            List<Object> out = new ArrayList<>();
            for (Object o : c) out.add(plain(o));
            return out;
        }
        throw new JsonProcessingException("no serializer for " + v.getClass().getName());
    }
}
