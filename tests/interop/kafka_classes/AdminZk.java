// Kafka's own AdminZkClient on a tree: what kafka-configs and kafka-topics did with --zookeeper, and what
// brokers do for them today. Run by admin_zk_test.py.
//
//   AdminZk.java SERVERS[/CHROOT], then a command in each line of the standard input, its words apart by
//   tabs; for each a line with ok, or the message:
//
//   config TYPE ENTITY KEY=VALUE...    the whole configuration of an entity, as in: config users u/clients/c a=1
//   create TOPIC REPLICAS KEY=VALUE... replicas of each partition in turn, as 1:2,2:1
//   partitions TOPIC COUNT [REPLICAS]  replicas of the new partitions, or where Kafka places them

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Scanner;
import java.util.TreeMap;
import kafka.admin.RackAwareMode;
import kafka.controller.ReplicaAssignment;
import kafka.zk.AdminZkClient;
import kafka.zk.KafkaZkClient;
import org.apache.kafka.common.utils.Time;
import org.apache.zookeeper.client.ZKClientConfig;
import scala.Option;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

public class AdminZk {
  static Map<Object, Seq<Object>> replicas(String text, int first) {
    Map<Object, Seq<Object>> partitions = new TreeMap<>();
    for (String partition : text.split(",")) {
      List<Object> brokers = new ArrayList<>();
      for (String broker : partition.split(":")) brokers.add(Integer.valueOf(broker));
      partitions.put(first++, CollectionConverters.asScala(brokers).toSeq());
    }
    return partitions;
  }

  static Properties properties(String[] words, int from) {
    Properties properties = new Properties();
    for (int i = from; i < words.length; ++i) {
      int equals = words[i].indexOf('=');
      properties.setProperty(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    return properties;
  }

  static void run(KafkaZkClient zookeeper, AdminZkClient admin, String[] words) {
    switch (words[0]) {
      case "config" -> admin.changeConfigs(words[1], words[2], properties(words, 3),
          words[2].contains("/clients/"));
      case "create" -> admin.createTopicWithAssignment(words[1], properties(words, 3),
          CollectionConverters.asScala(replicas(words[2], 0)), true, true);
      case "partitions" -> {
        Map<Object, ReplicaAssignment> standing = new TreeMap<>();
        CollectionConverters.asJava(zookeeper.getFullReplicaAssignmentForTopics(
                CollectionConverters.asScala(List.of(words[1])).toSet()))
            .forEach((partition, assignment) -> standing.put(partition.partition(), assignment));
        var brokers = admin.getBrokerMetadatas(RackAwareMode.Enforced$.MODULE$, Option.empty());
        admin.addPartitions(words[1], CollectionConverters.asScala(standing), brokers,
            Integer.parseInt(words[2]),
            words.length < 4 ? Option.empty()
                : Option.apply(CollectionConverters.asScala(replicas(words[3], standing.size()))), false);
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  public static void main(String[] arguments) {
    KafkaZkClient zookeeper = KafkaZkClient.apply(arguments[0], false, 30000, 30000, 10, Time.SYSTEM, "admin",
        new ZKClientConfig(), "kafka.server", "SessionExpireListener", false, true);
    AdminZkClient admin = new AdminZkClient(zookeeper, Option.empty());
    Scanner lines = new Scanner(System.in);
    while (lines.hasNextLine()) {
      try {
        run(zookeeper, admin, lines.nextLine().split("\t"));
        System.out.println("ok");
      } catch (RuntimeException error) {
        System.out.println(error.getMessage());
      }
    }
    zookeeper.close();
  }
}
