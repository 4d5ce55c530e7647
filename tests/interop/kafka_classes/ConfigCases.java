// Asks Kafka's own classes whether a configuration is good, and prints the answer. Run by generate.py; read
// by tests/unit/kafka_classes/config_cases_test.cc. Fields are apart by tabs.
//
//   @ KIND KEY               of KIND topic, client, user, ip, broker or brokers (the default of all)
//   VALUE ANSWER             one case: the key with this value. ANSWER: ok, or Kafka's message; ~ stands for
//                            "Invalid value VALUE for configuration KEY: ", ^ for the answer above
//   + KIND KEY=VALUE... ANSWER    one case: several keys

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import kafka.server.DynamicBrokerConfig;
import kafka.server.DynamicConfig;
import kafka.server.KafkaConfig$;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.storage.internals.log.LogConfig;
import scala.jdk.javaapi.CollectionConverters;

public class ConfigCases {
  static final String[] VALUES = {
      "", " ", "0", "1", "-1", "-2", "-3", "2", "3", "4", "9", "10", "13", "14", "17", "18", "22", "23", "100",
      "-131072", "-131073", "+5", " 7 ", "1.0", "0.5", "1.5", "-0.5", "1e3", "1e400", "NaN", "-Infinity",
      "2147483647", "2147483648", "-2147483649", "32767", "32768", "9223372036854775807",
      "9223372036854775808", "true", "FALSE", "yes", "x", "a b", "delete", "compact", "compact,delete",
      "delete, compact", "compact,", "delete,x", "gzip", "GZIP", "producer", "CreateTime", "createtime",
      "*", "1:2", "1:2,3:4", "1:2,", "1", "1:x", "1:2;3:4", "3.0", "3.0-IV1", "3.9", "0.10.0.1", "2.8-IV9",
      "required", "PLAINTEXT://:9092", "0x10", "1_000", "1d"};

  static String answer(String kind, String... pairs) {
    Properties props = new Properties();
    for (int i = 0; i < pairs.length; i += 2) props.setProperty(pairs[i], pairs[i + 1]);
    try {
      switch (kind) {
        case "topic" -> LogConfig.validate(Map.of(), props, Map.of("preallocate", "false"), true, true);
        case "client" -> DynamicConfig.Client$.MODULE$.validate(props);
        case "user" -> DynamicConfig.User$.MODULE$.validate(props);
        case "ip" -> DynamicConfig.Ip$.MODULE$.validate(props);
        case "broker" -> DynamicBrokerConfig.validateConfigs(props, true);
        case "brokers" -> DynamicBrokerConfig.validateConfigs(props, false);
        default -> throw new AssertionError(kind);
      }
      return "ok";
    } catch (RuntimeException error) {
      return error.getMessage().replace("\n", " ").replace("HashSet(", "Set(");  // by their size
    }
  }

  static void ask(String kind, String... pairs) {
    List<String> words = new ArrayList<>(List.of("+", kind));
    for (int i = 0; i < pairs.length; i += 2) words.add(pairs[i] + "=" + pairs[i + 1]);
    System.out.println(String.join("\t", words) + "\t" + answer(kind, pairs));
  }

  static void askEach(String kind, String key, String... values) {
    System.out.println(String.join("\t", "@", kind, key));
    String last = "";
    for (String value : values) {
      String prefix = "Invalid value " + value + " for configuration " + key + ": ";
      String answer = answer(kind, key, value);
      if (answer.startsWith(prefix)) answer = "~" + answer.substring(prefix.length());
      System.out.println(value + "\t" + (answer.equals(last) ? "^" : answer));
      last = answer;
    }
  }

  static void together() {
    ask("topic", "min.compaction.lag.ms", "10", "max.compaction.lag.ms", "9");
    ask("topic", "min.compaction.lag.ms", "10", "max.compaction.lag.ms", "10");
    for (String compact : new String[] {"delete", "compact", "compact,delete"}) {
      ask("topic", "remote.storage.enable", "true", "cleanup.policy", compact);
      ask("topic", "remote.storage.enable", "false", "cleanup.policy", compact);
    }
    String[] sizes = {"-2", "-1", "0", "5", "6"};
    for (String kept : sizes) {
      for (String local : sizes) {
        for (String what : new String[] {"ms", "bytes"}) {
          ask("topic", "remote.storage.enable", "true", "retention." + what, kept, "local.retention." + what,
              local);
        }
      }
    }
    ask("topic", "remote.log.copy.disable", "true", "remote.storage.enable", "true");
    ask("topic", "remote.log.delete.on.disable", "true", "remote.storage.enable", "true");
    ask("topic", "remote.log.copy.disable", "true");
  }

  public static void main(String[] words) {
    for (String key : new TreeSet<>(LogConfig.configNames())) askEach("topic", key, VALUES);
    for (String key : new String[] {"retention", "Retention.ms", "log.retention.ms", "producer_byte_rate"}) {
      ask("topic", key, "1");
    }
    together();
    for (String kind : new String[] {"client", "user", "ip"}) {
      for (String key : new String[] {"producer_byte_rate", "consumer_byte_rate", "request_percentage",
          "controller_mutation_rate", "connection_creation_rate"}) {
        askEach(kind, key, answer(kind, key, "1").equals("ok") ? VALUES : new String[] {"1"});
      }
      ask(kind, "SCRAM-SHA-256", "x");
      ask(kind, "retention.ms", "1");
    }
    Map<String, ConfigDef.ConfigKey> keys = CollectionConverters.asJava(KafkaConfig$.MODULE$.configKeys());
    TreeSet<String> broker = new TreeSet<>(DynamicConfig.Broker$.MODULE$.names());
    // Whether a class can be loaded is the broker's affair.
    broker.removeIf(name -> keys.containsKey(name) && keys.get(name).type == ConfigDef.Type.CLASS);
    for (String name : broker) {
      String[] values = {"", "0", "-1", "5", "x", "true", "1.5", "32768", "2147483648"};
      askEach("broker", name, values);
      askEach("broker", "listener.name.external." + name, "1", "-1", "x");
      askEach("brokers", name, "1", "x");
      ask("brokers", "listener.name.external." + name, "1");
    }
    for (String name : List.of("broker.id", "log.dirs", "zookeeper.connect", "no.such.thing",
        "listener.name.external.no.such.thing", "listener.name.external.zookeeper.connect",
        "listener.name.external.scram-sha-256.sasl.jaas.config")) {
      ask("broker", name, "1");
      ask("brokers", name, "1");
    }
  }
}
