// Prints coordinator/kafka/config_tables.cc: the configurations that Kafka's own classes know for topics,
// clients, users, ips and brokers, with their types and what their values may be. Run by generate.py.

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import kafka.server.DynamicBrokerConfig;
import kafka.server.DynamicBrokerConfig$;
import kafka.server.DynamicConfig;
import kafka.server.KafkaConfig$;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.config.QuotaConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;
import scala.jdk.javaapi.CollectionConverters;

public class ConfigTables {
  static Object field(Class<?> of, Object in, String name) throws Exception {
    Field field = of.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(in);
  }

  @SuppressWarnings("unchecked")
  static Collection<String> names(String field) throws Exception {
    Object set = field(DynamicBrokerConfig$.class, null, field);
    return CollectionConverters.asJavaCollection((scala.collection.Iterable<String>) set);
  }

  static String quoted(Object text) { return '"' + String.valueOf(text) + '"'; }

  // {kind of check, least, most, values}; a check that this does not know is an error, not a gap.
  static String check(ConfigDef.Validator validator) throws Exception {
    if (validator == null) return "C::kNone, \"\", \"\", \"\"";
    if (validator instanceof ConfigDef.Range) {
      Object min = field(ConfigDef.Range.class, validator, "min");
      Object max = field(ConfigDef.Range.class, validator, "max");
      return "C::kRange, " + quoted(min == null ? "" : min) + ", " + quoted(max == null ? "" : max) + ", \"\"";
    }
    String text = validator.toString();
    String values = quoted(text.replaceAll("[\\[\\] ]", ""));
    if (validator instanceof ConfigDef.ValidString) return "C::kOneOf, \"\", \"\", " + values;
    if (validator instanceof ConfigDef.ValidList) return "C::kEachOneOf, \"\", \"\", " + values;
    if (text.equals("[1,...,9] or -1")) return "C::kRangeOrMinusOne, \"1\", \"9\", \"\"";
    if (text.startsWith("[partitionId]")) return "C::kThrottledReplicas, \"\", \"\", \"\"";
    if (validator.getClass().getSimpleName().equals("MetadataVersionValidator")) {
      return "C::kMetadataVersion, \"\", \"\", \"\"";
    }
    throw new AssertionError("a validator that is not known here: " + validator.getClass() + " " + text);
  }

  static void table(String name, Map<String, ConfigDef.ConfigKey> keys) throws Exception {
    System.out.println("constexpr ConfigKey k" + name + "Keys[] = {");
    for (ConfigDef.ConfigKey key : new TreeMap<>(keys).values()) {
      String type = key.type.name().charAt(0) + key.type.name().substring(1).toLowerCase();
      List<String> traits = new ArrayList<>();
      if (name.equals("Broker")) {
        for (String trait : new String[] {"DynamicSecurityConfigs", "PerBrokerConfigs",
                                          "ClusterLevelListenerConfigs"}) {
          if (names(trait).contains(key.name)) traits.add("k" + trait.replaceAll("Configs$", ""));
        }
        if (key.type == ConfigDef.Type.PASSWORD) traits.add("kPassword");
      }
      System.out.println("    {" + quoted(key.name) + ", T::k" + type + ", " + check(key.validator) + ", "
          + (traits.isEmpty() ? "0" : String.join(" | ", traits)) + "},");
    }
    System.out.println("};\n");
  }

  static void list(String name, Collection<String> words) {
    System.out.println("constexpr absl::string_view k" + name + "[] = {");
    StringBuilder line = new StringBuilder("   ");
    for (String word : new TreeSet<>(words)) {
      if (line.length() + word.length() + 4 > 100) {
        System.out.println(line);
        line = new StringBuilder("   ");
      }
      line.append(" ").append(quoted(word)).append(",");
    }
    System.out.println(line + "\n};\n");
  }

  public static void main(String[] words) throws Exception {
    System.out.println("// Written by tests/interop/kafka_classes/generate.py out of Kafka "
        + AppInfoParser.getVersion() + ": LogConfig, QuotaConfigs,\n"
        + "// DynamicBrokerConfig, DynamicConfig and MetadataVersion. Not to be edited.\n"
        + "// clang-format off\n"
        + "#include \"coordinator/kafka/config_keys.h\"\n\n"
        + "namespace rookery::kafka {\nnamespace {\n\n"
        + "using T = ConfigType;\nusing C = ConfigCheck;\n");
    Map<String, ConfigDef.ConfigKey> broker = new TreeMap<>(QuotaConfigs.brokerQuotaConfigs().configKeys());
    Map<String, ConfigDef.ConfigKey> all = CollectionConverters.asJava(KafkaConfig$.MODULE$.configKeys());
    for (String name : CollectionConverters.asJava(DynamicBrokerConfig.AllDynamicConfigs())) {
      if (all.containsKey(name)) broker.put(name, all.get(name));
    }
    if (!broker.keySet().equals(DynamicConfig.Broker$.MODULE$.names())) throw new AssertionError("names");
    table("Topic", LogConfig.configKeys());
    table("Client", QuotaConfigs.userAndClientQuotaConfigs().configKeys());
    table("User", QuotaConfigs.scramMechanismsPlusUserAndClientQuotaConfigs().configKeys());
    table("Ip", QuotaConfigs.ipConfigs().configKeys());
    table("Broker", broker);
    list("StaticBrokerNames", CollectionConverters.asJava(DynamicConfig.Broker$.MODULE$.nonDynamicProps()));
    list("MetadataVersions", ((Map<String, ?>) field(MetadataVersion.class, null, "IBP_VERSIONS")).keySet());
    System.out.println("}  // namespace\n");
    for (String name : new String[] {"Topic", "Client", "User", "Ip", "Broker"}) {
      System.out.println("std::span<const ConfigKey> " + name + "ConfigKeys() { return k" + name + "Keys; }");
    }
    System.out.println("std::span<const absl::string_view> StaticBrokerNames() { return kStaticBrokerNames; }\n"
        + "std::span<const absl::string_view> MetadataVersions() { return kMetadataVersions; }\n\n"
        + "}  // namespace rookery::kafka");
  }
}
