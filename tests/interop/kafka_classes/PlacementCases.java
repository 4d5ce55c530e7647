// Has Kafka's own AdminZkClient place new partitions of topics, drawn from a seed. Nothing is written. Run by
// generate.py; read by tests/unit/kafka_classes/placement_cases_test.cc. One case a line, its fields apart by
// tabs:
//
//   BROKERS STANDING COUNT GIVEN ANSWER    BROKERS: 1,2 or 1@rack,2@rack; STANDING: replicas of the partitions
//                                          that stand, as 1:2,2:1; COUNT: how many there shall be; GIVEN:
//                                          replicas of the new ones, or -; ANSWER: theirs, or Kafka's message

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import kafka.controller.ReplicaAssignment;
import kafka.zk.AdminZkClient;
import org.apache.kafka.admin.BrokerMetadata;
import scala.Option;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

public class PlacementCases {
  static final int CASES = 600;
  final Random random;
  final AdminZkClient client = new AdminZkClient(null, Option.empty());

  PlacementCases(long seed) { random = new Random(seed); }

  static Seq<Object> seq(List<Integer> numbers) {
    return CollectionConverters.asScala(new ArrayList<Object>(numbers)).toSeq();
  }
  static String text(List<Integer> replicas) {
    return replicas.stream().map(String::valueOf).collect(Collectors.joining(":"));
  }

  List<Integer> replicas(List<Integer> of, int factor) {
    List<Integer> drawn = new ArrayList<>(of);
    while (drawn.size() < factor) drawn.add(50 + drawn.size());  // brokers that are gone
    java.util.Collections.shuffle(drawn, random);
    return new ArrayList<>(drawn.subList(0, factor));
  }

  void one() {
    TreeSet<Integer> drawn = new TreeSet<>();
    int brokers = 1 + random.nextInt(9);
    while (drawn.size() < brokers) drawn.add(random.nextInt(30));
    List<Integer> ids = new ArrayList<>(drawn);
    int racks = random.nextInt(2) * (1 + random.nextInt(4));
    List<BrokerMetadata> all = new ArrayList<>();
    for (int id : ids) {
      boolean named = racks > 0 && random.nextInt(60) > 0;
      all.add(new BrokerMetadata(id, named ? Optional.of("r" + random.nextInt(racks)) : Optional.empty()));
    }
    int factor = 1 + random.nextInt(random.nextInt(20) == 0 ? brokers + 2 : brokers);
    List<Integer> everywhere = new ArrayList<>(ids);
    if (random.nextInt(4) == 0) everywhere.add(40);
    Map<Object, ReplicaAssignment> standing = new LinkedHashMap<>();
    List<String> standingText = new ArrayList<>();
    int present = 1 + random.nextInt(6);
    for (int i = 0; i < present; ++i) {
      List<Integer> replicas = replicas(everywhere, factor);
      standing.put(i, ReplicaAssignment.apply(seq(replicas)));
      standingText.add(text(replicas));
    }
    int count = present + random.nextInt(14) - 1;
    Map<Object, Seq<Object>> given = new LinkedHashMap<>();
    List<String> givenText = new ArrayList<>();
    if (random.nextInt(5) == 0 && count > present) {
      for (int i = present; i < count; ++i) {
        int wrong = random.nextInt(12);
        List<Integer> replicas = replicas(wrong == 0 ? everywhere : ids, Math.min(factor, ids.size()));
        if (wrong == 1) replicas.set(0, replicas.get(replicas.size() - 1));
        if (wrong == 2) replicas.remove(0);
        if (replicas.isEmpty()) replicas.add(ids.get(0));
        given.put(i, seq(replicas));
        givenText.add(text(replicas));
      }
    }
    String told;
    try {
      var placed = CollectionConverters.asJava(client.createNewPartitionsAssignment("t",
          CollectionConverters.asScala(standing), CollectionConverters.asScala(all).toSeq(), count,
          given.isEmpty() ? Option.empty() : Option.apply(CollectionConverters.asScala(given))));
      Map<Integer, String> sorted = new TreeMap<>();
      placed.forEach((partition, assignment) -> sorted.put((Integer) partition,
          CollectionConverters.asJava(assignment.replicas()).stream().map(String::valueOf)
              .collect(Collectors.joining(":"))));
      told = String.join(",", sorted.values());
    } catch (RuntimeException error) {
      // The available ones come in the order of a hash table.
      told = error.getMessage().replaceAll(", available brokers: .*",
          ", available brokers: " + ids.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".");
    }
    System.out.println(String.join("\t",
        all.stream().map(b -> b.id + (b.rack.isPresent() ? "@" + b.rack.get() : ""))
            .collect(Collectors.joining(",")),
        String.join(",", standingText), Integer.toString(count),
        givenText.isEmpty() ? "-" : String.join(",", givenText), told));
  }

  public static void main(String[] words) {
    PlacementCases cases = new PlacementCases(Long.parseLong(words[0]));
    for (int i = 0; i < CASES; ++i) cases.one();
  }
}
