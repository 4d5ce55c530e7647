// Asks Kafka's own ReassignPartitionsCommand what a throttled reassignment throttles, for plans drawn from a
// seed. Run by generate.py; read by tests/unit/kafka_classes/reassign_cases_test.cc. One case a line, its
// fields apart by tabs:
//
//   PARTITION... LEADERS FOLLOWERS BROKERS
//
//   PARTITION  TOPIC NUMBER REPLICAS ADDING REMOVING PROPOSED, brokers as 1,2, none as -; PROPOSED is - for a
//              partition that moves already and is not in the plan
//   LEADERS    leader.replication.throttled.replicas of each topic, as t=0:1,0:2;u=
//   FOLLOWERS  follower.replication.throttled.replicas
//   BROKERS    those whose rates are limited

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.tools.reassign.ReassignPartitionsCommand;

public class ReassignCases {
  static final int CASES = 300;
  final Random random;

  ReassignCases(long seed) { random = new Random(seed); }

  static Object call(String name, Object... with) throws Exception {
    for (Method method : ReassignPartitionsCommand.class.getDeclaredMethods()) {
      if (!method.getName().equals(name)) continue;
      method.setAccessible(true);
      return method.invoke(null, with);
    }
    throw new AssertionError(name);
  }

  static String text(List<Integer> brokers) {
    return brokers.isEmpty() ? "-"
        : brokers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  static String text(Object byTopic) {
    return new TreeMap<>((Map<?, ?>) byTopic).entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue()).collect(Collectors.joining(";"));
  }

  List<Integer> some(int least) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 12; ++i) all.add(i);
    java.util.Collections.shuffle(all, random);
    return new ArrayList<>(all.subList(0, least + random.nextInt(4)));
  }

  void one() throws Exception {
    Map<TopicPartition, PartitionReassignment> moving = new HashMap<>();
    Map<TopicPartition, List<Integer>> proposed = new HashMap<>(), standing = new HashMap<>();
    List<String> words = new ArrayList<>();
    int partitions = 1 + random.nextInt(5);
    for (int i = 0; i < partitions; ++i) {
      TopicPartition partition =
          new TopicPartition(random.nextInt(3) == 0 ? "u" : "t", i + 9 * random.nextInt(2));
      List<Integer> replicas = some(1), adding = new ArrayList<>(), removing = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        int added = random.nextInt(replicas.size());
        adding.addAll(replicas.subList(0, added));
        if (added + 1 < replicas.size()) removing.add(replicas.get(replicas.size() - 1));
      }
      boolean isMoving = !adding.isEmpty() || !removing.isEmpty();
      if (isMoving) moving.put(partition, new PartitionReassignment(replicas, adding, removing));
      List<Integer> wanted = isMoving && random.nextInt(3) == 0 ? List.of() : some(1);
      if (!wanted.isEmpty()) {
        proposed.put(partition, wanted);
        standing.put(partition, replicas);
      }
      words.add(String.join(" ", partition.topic(), Integer.toString(partition.partition()), text(replicas),
          text(adding), text(removing), text(wanted)));
    }
    Object moves = call("calculateProposedMoveMap", moving, proposed, standing);
    words.add(text(call("calculateLeaderThrottles", moves)));
    words.add(text(call("calculateFollowerThrottles", moves)));
    words.add(new TreeSet<>((java.util.Set<?>) call("calculateReassigningBrokers", moves)).stream()
        .map(String::valueOf).collect(Collectors.joining(",")));
    System.out.println(String.join("\t", words));
  }

  public static void main(String[] words) throws Exception {
    ReassignCases cases = new ReassignCases(Long.parseLong(words[0]));
    for (int i = 0; i < CASES; ++i) cases.one();
  }
}
