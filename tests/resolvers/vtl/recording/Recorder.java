import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.context.InternalContextAdapter;
import org.apache.velocity.exception.ParseErrorException;
import org.apache.velocity.exception.TemplateInitException;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.directive.Directive;
import org.apache.velocity.runtime.parser.node.Node;

/**
 * Renders templates with Velocity 1.7, one JSON request a line, one JSON answer a line.
 *
 * {"t": template, "c": {name: value}} gives {"o": output}, {"r": value of #return}
 * or {"e": message, "k": "parse" | "run"}; {"j": text} gives what Jackson says of it.
 */
public final class Recorder {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** What AppSync adds to the language. */
    public static final class Return extends Directive {
        @Override
        public String getName() {
            return "return";
        }

        @Override
        public int getType() {
            return LINE;
        }

        @Override
        public boolean render(InternalContextAdapter context, Writer writer, Node node) {
            throw new Returned(
                    node.jjtGetNumChildren() == 0 ? null : node.jjtGetChild(0).value(context));
        }
    }

    private static final class Returned extends Error {
        final transient Object value;

        Returned(Object value) {
            this.value = value;
        }
    }

    private static RuntimeInstance engine() {
        RuntimeInstance engine = new RuntimeInstance();
        engine.setProperty(
                "runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        engine.setProperty(
                "runtime.introspector.uberspect",
                "org.apache.velocity.util.introspection.SecureUberspector");
        engine.setProperty("velocimacro.permissions.allow.inline", "false");
        engine.setProperty("directive.foreach.maxloops", "1000");
        engine.setProperty("parser.pool.size", "1");
        engine.init();
        engine.removeDirective("evaluate");
        engine.removeDirective("include");
        engine.removeDirective("parse");
        engine.addDirective(new Return());
        return engine;
    }

    private static Map<String, Object> render(String template, Map<String, Object> values) {
        Map<String, Object> answer = new LinkedHashMap<>();
        StringWriter out = new StringWriter();
        try {
            engine().evaluate(new VelocityContext(values), out, "velocity", template);
            answer.put("o", out.toString());
        } catch (Returned returned) {
            answer.put("r", returned.value);
        } catch (ParseErrorException | TemplateInitException error) {
            answer.put("e", error.getMessage());
            answer.put("k", "parse");
        } catch (RuntimeException | Error error) {
            answer.put("e", error.getMessage());
            answer.put("k", "run");
            answer.put("x", error.getClass().getName());
        }
        return answer;
    }

    private static Map<String, Object> parse(String text) {
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            MAPPER.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            answer.put("o", MAPPER.readValue(text, Object.class));
        } catch (IOException error) {
            answer.put("e", error.getMessage());
        }
        return answer;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<?, ?> request = MAPPER.readValue(line, Map.class);
            Object text = request.get("j");
            @SuppressWarnings("unchecked")
            Map<String, Object> values = (Map<String, Object>) request.get("c");
            Map<String, Object> answer =
                    text == null
                            ? render(
                                    (String) request.get("t"),
                                    values == null ? new LinkedHashMap<>() : values)
                            : parse((String) text);
            out.println(MAPPER.writeValueAsString(answer));
        }
    }
}
