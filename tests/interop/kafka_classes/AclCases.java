// Asks Kafka's own AclAuthorizer, without any ZooKeeper: prints entries drawn from a seed and what it
// decides upon them. Run by generate.py; read by tests/unit/kafka_classes/acl_cases_test.cc.
//
//   world TYPE EVERYONE SUPER...               what is asked for; allow.everyone.if.no.acl.found; super.users
//   + TYPE L|P NAME PRINCIPAL HOST OPERATION A|D    an entry of the world
//   ? PRINCIPAL HOST NAME BITS                 one case: BITS, in hexadecimal, has a bit for each of
//                                              the operations of the first line, the first the lowest

import java.lang.reflect.Field;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import kafka.security.authorizer.AclAuthorizer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.SecurityUtils;
import org.apache.kafka.security.authorizer.AclEntry;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import scala.jdk.javaapi.CollectionConverters;

public class AclCases {
  static final int WORLDS = 250, CASES = 40;
  static final String[] PRINCIPALS = {"User:a", "User:b", "User:root", "Group:a"};
  static final String[] HOSTS = {"10.0.0.1", "10.0.0.2"};
  static final String[] NAMES = {"a", "ab", "abc", "b", "*", "kafka-cluster"};
  static final String[] PREFIXES = {"a", "ab", "abc", "*", "kafka"};

  record Caller(String name, String host) implements AuthorizableRequestContext {
    public String listenerName() { return "PLAINTEXT"; }
    public SecurityProtocol securityProtocol() { return SecurityProtocol.PLAINTEXT; }
    public KafkaPrincipal principal() { return SecurityUtils.parseKafkaPrincipal(name); }
    public InetAddress clientAddress() {
      try {
        return InetAddress.getByName(host);
      } catch (java.net.UnknownHostException impossible) {
        throw new AssertionError(impossible);
      }
    }
    public int requestType() { return 0; }
    public int requestVersion() { return 0; }
    public String clientId() { return ""; }
    public int correlationId() { return 0; }
  }

  final Random random;
  final List<AclOperation> operations = new ArrayList<>();
  final List<ResourceType> types = new ArrayList<>();

  AclCases(long seed) {
    random = new Random(seed);
    for (AclOperation operation : AclOperation.values()) {
      if (!List.of("UNKNOWN", "ANY", "ALL").contains(operation.name())) operations.add(operation);
    }
    for (ResourceType type : ResourceType.values()) {
      if (!List.of("UNKNOWN", "ANY").contains(type.name())) types.add(type);
    }
  }

  @SafeVarargs
  final <T> T one(T... of) { return of[random.nextInt(of.length)]; }
  boolean chance(double of) { return random.nextDouble() < of; }

  static void set(AclAuthorizer authorizer, String name, Object value) throws Exception {
    Field field = AclAuthorizer.class.getDeclaredField(name);
    field.setAccessible(true);
    field.set(authorizer, value);
  }

  // Entries of one kind of resource mostly, so that they meet each other.
  void world() throws Exception {
    AclAuthorizer authorizer = new AclAuthorizer();
    boolean everyone = chance(0.3);
    Set<KafkaPrincipal> superUsers = new HashSet<>();
    if (chance(0.3)) superUsers.add(SecurityUtils.parseKafkaPrincipal("User:root"));
    set(authorizer, "shouldAllowEveryoneIfNoAclIsFound", everyone);
    set(authorizer, "superUsers", CollectionConverters.asScala(superUsers).toSet());
    ResourceType type = types.get(random.nextInt(types.size()));
    System.out.println("world " + type.name() + (everyone ? " 1" : " 0")
        + (superUsers.isEmpty() ? "" : " User:root"));

    Map<ResourcePattern, Set<AclEntry>> resources = new TreeMap<>(
        (x, y) -> x.toString().compareTo(y.toString()));
    int entries = 2 + random.nextInt(14);
    for (int i = 0; i < entries; ++i) {
      boolean prefixed = chance(0.4);
      ResourceType of = chance(0.9) ? type : types.get(random.nextInt(types.size()));
      ResourcePattern pattern = new ResourcePattern(of, prefixed ? one(PREFIXES) : one(NAMES),
          prefixed ? PatternType.PREFIXED : PatternType.LITERAL);
      AclOperation operation =
          chance(0.15) ? AclOperation.ALL : operations.get(random.nextInt(operations.size()));
      AclPermissionType permission = chance(0.7) ? AclPermissionType.ALLOW : AclPermissionType.DENY;
      String principal = chance(0.3) ? "User:*" : one(PRINCIPALS);
      String host = chance(0.6) ? "*" : one(HOSTS);
      boolean isNew = resources.computeIfAbsent(pattern, p -> new HashSet<>())
          .add(new AclEntry(new AccessControlEntry(principal, host, operation, permission)));
      if (!isNew) continue;
      System.out.println(String.join(" ", "+", of.name(), prefixed ? "P" : "L", pattern.name(), principal,
          host, operation.name(), permission == AclPermissionType.ALLOW ? "A" : "D"));
    }
    for (Map.Entry<ResourcePattern, Set<AclEntry>> resource : resources.entrySet()) {
      authorizer.updateCache(resource.getKey(), new AclAuthorizer.VersionedAcls(
          CollectionConverters.asScala(resource.getValue()).toSet(), 1));
    }
    for (int i = 0; i < CASES; ++i) ask(authorizer, type);
  }

  void ask(AclAuthorizer authorizer, ResourceType type) {
    Caller caller = new Caller(one(PRINCIPALS), one(HOSTS));
    String name = one(NAMES);
    List<Action> actions = new ArrayList<>();
    for (AclOperation operation : operations) {
      actions.add(new Action(operation, new ResourcePattern(type, name, PatternType.LITERAL), 1, false,
          false));
    }
    int bits = 0;
    List<AuthorizationResult> results = authorizer.authorize(caller, actions);
    for (int i = 0; i < results.size(); ++i) {
      if (results.get(i) == AuthorizationResult.ALLOWED) bits |= 1 << i;
    }
    System.out.println(String.join(" ", "?", caller.name(), caller.host(), name,
        Integer.toHexString(bits)));
  }

  public static void main(String[] words) throws Exception {
    AclCases cases = new AclCases(Long.parseLong(words[0]));
    System.out.println("operations " + String.join(" ", cases.operations.stream().map(Enum::name).toList()));
    for (int i = 0; i < WORLDS; ++i) cases.world();
  }
}
