// Has Kafka's own configuration handlers put quotas into its own ClientQuotaManager, drawn from a seed, and
// prints which limit holds for whom and who is measured together. Run by generate.py; read by
// tests/unit/kafka_classes/quota_cases_test.cc. Words are form-encoded as Kafka does in names of nodes; ~ is
// the empty word.
//
//   world                              a broker that knows no quotas
//   = ENTITY LIMIT                     producer_byte_rate of an entity below /config; -: it has none any more
//   ? USER CLIENT LIMIT USER CLIENT    one case: whose limit is what (-: none), and the tags of its sensor,
//                                      both - while the broker has never known a quota

import java.net.InetAddress;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import kafka.server.ClientIdConfigHandler;
import kafka.server.ClientQuotaManager;
import kafka.server.KafkaConfig;
import kafka.server.QuotaFactory;
import kafka.server.UserConfigHandler;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Quota;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Sanitizer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.network.Session;
import org.apache.kafka.security.CredentialProvider;
import scala.collection.immutable.Map;

public class QuotaCases {
  static final int WORLDS = 250, CHANGES = 8, CASES = 5;
  static final String KEY = "producer_byte_rate";
  static final String[] USERS = {"a", "a", "b", "b c", "<default>", "\u00fc+*"};
  static final String[] CLIENTS = {"c", "c", "d", "e/f", "<default>", "", ""};
  static final Properties BROKER = new Properties();

  final Random random;

  QuotaCases(long seed) { random = new Random(seed); }

  String one(String... of) { return of[random.nextInt(of.length)]; }
  static String word(String text) { return text.isEmpty() ? "~" : Sanitizer.sanitize(text); }

  // A world keeps to some of the kinds of levels, since a broker that knows one kind alone takes a shorter way.
  String entity(boolean users, boolean both, boolean clients) {
    while (true) {
      String user = random.nextInt(3) == 0 ? "<default>" : Sanitizer.sanitize(one(USERS));
      String client = random.nextInt(3) == 0 ? "<default>" : Sanitizer.sanitize(one(CLIENTS));
      int kind = random.nextInt(3);
      if (kind == 0 && users) return "users/" + user;
      if (client.isEmpty()) continue;  // no node can have that name
      if (kind == 1 && both) return "users/" + user + "/clients/" + client;
      if (kind == 2 && clients) return "clients/" + client;
    }
  }

  void world() throws Exception {
    System.out.println("world");
    int kinds = 1 + random.nextInt(7);
    Metrics metrics = new Metrics();
    QuotaFactory.QuotaManagers quotas =
        QuotaFactory.instantiate(KafkaConfig.fromProps(BROKER), metrics, Time.SYSTEM, "");
    UserConfigHandler users = new UserConfigHandler(quotas,
        new CredentialProvider(List.of(), null));
    ClientIdConfigHandler clients = new ClientIdConfigHandler(quotas);
    for (int i = 0; i < CHANGES; ++i) {
      if (i > 0 || random.nextInt(4) > 0) {
        String entity = entity((kinds & 1) != 0, (kinds & 2) != 0, (kinds & 4) != 0);
        Properties config = new Properties();
        String limit = random.nextInt(5) == 0 ? "-" : Integer.toString(1 + random.nextInt(1000));
        if (!limit.equals("-")) config.setProperty(KEY, limit);
        String name = entity.substring(entity.indexOf('/') + 1);
        if (entity.startsWith("users/")) {
          users.processConfigChanges(name, config);
        } else {
          clients.processConfigChanges(name, config);
        }
        System.out.println("= " + entity + " " + limit);
      }
      for (int j = 0; j < CASES; ++j) ask(quotas.produce());
    }
    quotas.shutdown();
    metrics.close();
  }

  void ask(ClientQuotaManager manager) {
    String user = one(USERS), client = one(CLIENTS);
    Session session =
        new Session(new KafkaPrincipal("User", user), InetAddress.getLoopbackAddress());
    String limit = "-", userTag = "-", clientTag = "-";
    if (manager.quotasEnabled()) {
      Quota quota = manager.quota(session.principal, client);
      if (quota != null && quota.bound() < Long.MAX_VALUE) limit = Long.toString((long) quota.bound());
      Map<String, String> tags = manager.getOrCreateQuotaSensors(session, client).metricTags();
      userTag = tags.apply("user").isEmpty() ? "~" : tags.apply("user");
      clientTag = word(tags.apply("client-id"));
    }
    System.out.println(String.join(" ", "?", word(user), word(client), limit, userTag, clientTag));
  }

  public static void main(String[] words) throws Exception {
    BROKER.setProperty("zookeeper.connect", "127.0.0.1:1");  // never called
    QuotaCases cases = new QuotaCases(Long.parseLong(words[0]));
    for (int i = 0; i < WORLDS; ++i) cases.world();
  }
}
