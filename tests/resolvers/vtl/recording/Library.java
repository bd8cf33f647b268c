import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks Java's own library, one JSON request a line, one JSON answer a line.
 *
 * {"write": [milliseconds, pattern, zone]} and {"read": [text, pattern, zone]} ask the date
 * patterns, {"find": [pattern, text]} asks the regular expressions. The answer is {"o": value}
 * or {"e": exception}.
 */
public final class Library {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static Object write(List<?> values) {
        Instant moment = Instant.ofEpochMilli(((Number) values.get(0)).longValue());
        ZoneId zone = ZoneId.of((String) values.get(2));
        return DateTimeFormatter.ofPattern((String) values.get(1), Locale.US)
                .format(moment.atZone(zone));
    }

    /** A text without a time of day is midnight. */
    private static Object read(List<?> values) {
        ZoneId zone = ZoneId.of((String) values.get(2));
        TemporalAccessor parsed =
                DateTimeFormatter.ofPattern((String) values.get(1), Locale.US)
                        .withZone(zone)
                        .parse((String) values.get(0));
        if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
            return Instant.from(parsed).toEpochMilli();
        }
        return LocalDate.from(parsed)
                .atStartOfDay(parsed.query(TemporalQueries.zone()))
                .toInstant()
                .toEpochMilli();
    }

    private static Object find(List<?> values) {
        Pattern pattern = Pattern.compile((String) values.get(0));
        String text = (String) values.get(1);
        List<Object> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            List<Object> groups = new ArrayList<>();
            groups.add(matcher.start());
            for (int group = 0; group <= matcher.groupCount(); group++) {
                groups.add(matcher.group(group));
            }
            found.add(groups);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("matches", pattern.matcher(text).matches());
        answer.put("found", found);
        answer.put("split", pattern.split(text));
        return answer;
    }

    private static Map<String, Object> answer(Map<?, ?> request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            Map.Entry<?, ?> entry = request.entrySet().iterator().next();
            List<?> values = (List<?>) entry.getValue();
            switch ((String) entry.getKey()) {
                case "write" -> answer.put("o", write(values));
                case "read" -> answer.put("o", read(values));
                default -> answer.put("o", find(values));
            }
        } catch (RuntimeException | StackOverflowError error) {
            answer.put("e", error.toString());
        }
        return answer;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(MAPPER.writeValueAsString(answer(MAPPER.readValue(line, Map.class))));
        }
    }
}
