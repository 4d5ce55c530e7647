// Has Kafka's own ClientQuotaManager and ControllerMutationQuotaManager measure clients on a clock of ours,
// drawn from a seed, and prints for how long they throttle. Run by generate.py; read by
// tests/unit/kafka_classes/throttle_cases_test.cc.
//
//   bytes LIMIT        a new broker with producer_byte_rate or controller_mutation_rate of one client
//   tokens LIMIT
//   = LIMIT            the client's limit from now on
//   PASSED VALUE MS    one case: so many milliseconds after the last one it uses VALUE and is throttled for MS
//   PASSED VALUE MS r  the same, and the request is refused (tokens, as for the newest requests)
//   PASSED VALUE MS t  the same, for an older request, which is taken and throttled (tokens)

import java.net.InetAddress;
import java.util.Random;
import kafka.server.ClientQuotaManager;
import kafka.server.ControllerMutationQuota;
import kafka.server.ControllerMutationQuotaManager;
import kafka.server.QuotaType;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Quota;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.network.Session;
import org.apache.kafka.server.config.ClientQuotaManagerConfig;
import scala.Option;
import scala.Some;

public class ThrottleCases {
  static final int WORLDS = 200, CASES = 50;
  static final Session SESSION =
      new Session(new KafkaPrincipal("User", "u"), InetAddress.getLoopbackAddress());
  static final String CLIENT = "c";

  static class Clock implements Time {
    volatile long ms = 1_000_000_000_000L;
    public long milliseconds() { return ms; }
    public long nanoseconds() { return ms * 1_000_000; }
    public void sleep(long milliseconds) { ms += milliseconds; }
    public void waitObject(Object object, java.util.function.Supplier<Boolean> condition, long deadline) {
      throw new UnsupportedOperationException();
    }
  }

  final Random random;
  final Clock clock = new Clock();
  boolean tokens;
  double limit;
  ClientQuotaManager manager;

  ThrottleCases(long seed) { random = new Random(seed); }

  long below(long bound) { return Math.floorMod(random.nextLong(), bound); }

  void drawLimit() {
    limit = tokens ? (1 + below(400)) / 4.0 : 1 + below(1L << (4 + random.nextInt(24)));
    if (!tokens && random.nextInt(20) == 0) limit = 0;
    Option<String> client = new Some<>(CLIENT);
    manager.updateQuota(Option.empty(), client, client, new Some<>(Quota.upperBound(limit)));
  }

  // Around the bounds of windows and of lives of samples as often as elsewhere.
  long drawPassed() {
    switch (random.nextInt(8)) {
      case 0: return 0;
      case 1: return below(20);
      case 2: return 990 + below(20);
      case 3: return 1000 * below(13);
      case 4: return 9_990 + below(20);
      case 5: return 10_990 + below(1_020);
      default: return below(2_500);
    }
  }

  long drawValue(long passed) {
    if (tokens) return below(random.nextInt(4) == 0 ? (long) (20 * limit) + 2 : (long) limit + 3);
    double even = Math.max(limit, 1) * Math.max(passed, 300) / 1000;
    if (random.nextInt(200) == 0) even *= 1e7;  // more than a number of 32 bits can tell
    return (long) (even * random.nextDouble() * (random.nextInt(6) == 0 ? 30 : 2.2));
  }

  void world() {
    Metrics metrics = new Metrics(new MetricConfig(), new java.util.ArrayList<>(), clock);
    ClientQuotaManagerConfig config = new ClientQuotaManagerConfig();
    tokens = random.nextInt(3) == 0;
    manager = tokens
        ? new ControllerMutationQuotaManager(config, metrics, clock, "", Option.empty())
        : new ClientQuotaManager(config, metrics, QuotaType.Produce$.MODULE$, clock, "", Option.empty());
    drawLimit();
    System.out.println((tokens ? "tokens " : "bytes ") + limit);
    for (int i = 0; i < CASES; ++i) {
      if (random.nextInt(25) == 0) {
        drawLimit();
        System.out.println("= " + limit);
      }
      long passed = drawPassed(), value = drawValue(passed);
      clock.sleep(passed);
      System.out.println(passed + " " + value + " " + (tokens ? take(value) : record(value)));
    }
    manager.shutdown();
    metrics.close();
  }

  String record(long value) {
    return Integer.toString(
        manager.recordAndGetThrottleTimeMs(SESSION, CLIENT, value, clock.milliseconds()));
  }

  String take(long value) {
    ControllerMutationQuotaManager mutations = (ControllerMutationQuotaManager) manager;
    if (random.nextInt(3) == 0) {
      ControllerMutationQuota quota = mutations.newPermissiveQuotaFor(SESSION, CLIENT);
      quota.record(value);
      return quota.throttleTime() + " t";
    }
    ControllerMutationQuota quota = mutations.newStrictQuotaFor(SESSION, CLIENT);
    try {
      quota.record(value);
      return "0";
    } catch (ThrottlingQuotaExceededException refused) {
      return refused.throttleTimeMs() + " r";
    }
  }

  public static void main(String[] words) {
    ThrottleCases cases = new ThrottleCases(Long.parseLong(words[0]));
    for (int i = 0; i < WORLDS; ++i) cases.world();
  }
}
